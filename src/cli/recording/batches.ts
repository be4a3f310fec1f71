import { canonicalJson } from "../../core/canonical-json.ts";
import { isJson, rawFields, rawItems } from "../../core/json.ts";
import { type Normalized, normalizeBody, normalizePath } from "./normalize.ts";

/** A request that is compared with recorded ones. */
export interface ComparedRequest {
  method: string;
  /** With the query. */
  path: string;
  body?: string | undefined;
}

/** The ends of paths to which clients send items in portions: traces, spans, scores, log lines, items of datasets. */
const PORTIONS = /\/(?:batch|logs|feedback-scores|items)$/;

/** The key and the ids of a whole request: requests with the same key differ in ids and times alone. */
export function normalizeRequest({ method, path, body = "" }: ComparedRequest): Normalized {
  const normalPath = normalizePath(path);
  const normalBody = normalizeBody(body);
  return {
    text: `${method} ${normalPath.text}\n${normalBody.text}`,
    ids: [...normalPath.ids, ...normalBody.ids],
  };
}

/**
 * Returns the items of a request, each as if it had been sent alone: SDKs collect what they send for a while, so that the
 * same items come in other portions on another run.
 * @returns `undefined` for a request that has none
 */
export function itemsOf({ method, path, body }: ComparedRequest): Normalized[] | undefined {
  const [pathname = ""] = path.split("?");
  if (body === undefined || !PORTIONS.test(pathname) || !isJson(body)) return undefined;
  const text = canonicalJson(body);
  const send = (item: string): Normalized => normalizeRequest({ method, path, body: item });
  if (text.startsWith("[")) return itemTexts(text).map((item) => send(`[${item}]`));
  if (!text.startsWith("{")) return undefined;
  const fields = rawFields(text);
  const lists = [...fields].filter(([, value]) => value.text.startsWith("["));
  const [list, ...others] = lists;
  if (list === undefined || others.length > 0) return undefined;
  const alone = (item: string): string => {
    const parts = [...fields].map(([name, value]) => [name, name === list[0] ? `[${item}]` : value.text] as const);
    return `{${parts.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(",")}}`;
  };
  return itemTexts(list[1].text).map((item) => send(alone(item)));
}

function itemTexts(list: string): string[] {
  return rawItems(list).map(({ text }) => text);
}
