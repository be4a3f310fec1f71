import { canonicalJson } from "../../core/canonical-json.ts";
import { isJson } from "../../core/json.ts";

/*
 * Two runs of the same client differ in ids, times and ports. All are replaced by placeholders, so that their requests can be
 * compared; the ids are kept, so that the answers of one run can be given the ids of the other.
 */

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;
const TIME = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?/g;
/** Where a server on this computer listens: at another port on each run. */
const LOCAL_ORIGIN = /https?:\/\/(?:127\.0\.0\.1|localhost|\[::1\]):\d+/g;
/** The same in base64, as in the links to traces that the SDKs print. */
const ENCODED_URL = /\baHR0c[A-Za-z0-9+/]+=*/g;
/** Fields of JSON whose numbers are durations or belong to a process. */
const MEASURED = /("(?:\w*duration\w*|\w+_ms|ttft|pid|latency)":)-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** The part of a request or answer that is the same in each run, and its ids in their order. */
export interface Normalized {
  text: string;
  ids: readonly string[];
}

/** Replaces ids, times, durations and local addresses by placeholders. */
export function normalizeText(text: string): Normalized {
  const ids: string[] = [];
  const placeholders = text
    .replace(UUID, (id) => {
      ids.push(id.toLowerCase());
      return "{id}";
    })
    .replace(TIME, "{time}")
    .replace(ENCODED_URL, (url) => Buffer.from(url, "base64").toString("utf8"))
    .replace(LOCAL_ORIGIN, "{origin}")
    .replace(MEASURED, "$1{number}");
  return { text: placeholders, ids };
}

/** The same with a body; the order of the fields of JSON does not matter. */
export function normalizeBody(body: string): Normalized {
  return normalizeText(isJson(body) ? canonicalJson(body) : body);
}

/** The same with a path; the order of the parameters of its query does not matter. */
export function normalizePath(path: string): Normalized {
  const [pathname = "", query] = path.split("?");
  if (query === undefined) return normalizeText(pathname);
  return normalizeText(`${pathname}?${query.split("&").toSorted().join("&")}`);
}

/** Replaces ids by others. @param otherOf the new id of one; `undefined` leaves it */
export function replaceIds(text: string, otherOf: (id: string) => string | undefined): string {
  return text.replace(UUID, (id) => otherOf(id.toLowerCase()) ?? id);
}
