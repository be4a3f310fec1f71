import { openStream } from "../../http/event-stream.ts";
import type { Route } from "../../http/route.ts";
import type { DefineLocalRoute } from "../route.ts";
import { localError } from "../schema.ts";
import type { EventFeed } from "./feed.ts";
import { readFilter, SUBJECTS } from "./filter.ts";
import { MAX_RECENT } from "./recent.ts";

/** The stream of events. */
export function eventRoutes(route: DefineLocalRoute, feed: EventFeed): Route[] {
  return [
    route({
      method: "GET",
      path: "/events",
      id: "streamEvents",
      summary:
        "Follow every change of state as server-sent events, each with the event's name and a JSON object: sequence, time, " +
        "name, workspace, payload. `name` takes names with commas in between, and * at the end of one (job:*); the other " +
        "parameters take ids, or the name of a workspace. A client that sends Last-Event-ID gets what it has missed, of the " +
        `last ${MAX_RECENT} events; where that is not enough, the event "gap" comes first. Others get "ready" first.`,
      query: ["name", ...SUBJECTS],
      responses: { 200: undefined, 503: localError },
      handle: ({ query, event }) => openStream(() => feed.open(event, readFilter(query["name"], query))),
    }),
  ];
}
