import { H3, HTTPResponse } from "h3";
import type { Dispatcher } from "./dispatcher.ts";
import { RequestRefused } from "./route.ts";
import { SENT } from "./web.ts";
import { type AnyResponse, WrittenResponse } from "./written-response.ts";

/** Makes an h3 app that answers by a dispatcher. */
export function createApp(dispatcher: Dispatcher): H3 {
  const app = new H3({
    silent: true,
    // An error of h3 itself, such as a path that is not valid UTF-8: it comes before any of our handlers.
    onError: async ({ status, message }, event) => {
      return toSent(await dispatcher.refuse(event, new RequestRefused(status, `HTTP ${status} ${message}`)));
    },
  });
  app.all("/**", async (event) => toSent(await dispatcher.answer(event)));
  return app;
}

/** What h3 sends. */
function toSent(response: AnyResponse | undefined): Response | HTTPResponse {
  if (response === undefined) return SENT;
  if (!(response instanceof WrittenResponse)) return response;
  const { status, statusText, fields, body } = response;
  return new HTTPResponse(body, { status, statusText, headers: fields });
}
