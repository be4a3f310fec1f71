import { stringifyJson } from "../../core/json.ts";
import type { Answer } from "../../http/route.ts";

/** A slice ends behind the record with which it has this many characters. */
const SLICE_LENGTH = 256 * 1024;

/**
 * Answers with records as JSON, one a line, read and written in slices as the client reads; no records are no bytes.
 */
export function recordStream(records: Iterable<unknown>): Answer {
  return { status: 200, slices: slicesOf(records), headers: { "content-type": "application/octet-stream" } };
}

function* slicesOf(records: Iterable<unknown>): Generator<string, void> {
  let slice = "";
  for (const record of records) {
    slice += `${stringifyJson(record)}\r\n`;
    if (slice.length < SLICE_LENGTH) continue;
    yield slice;
    slice = "";
  }
  if (slice !== "") yield slice;
}
