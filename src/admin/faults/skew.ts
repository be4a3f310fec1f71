import { gunzipSync, gzipSync } from "node:zlib";
import { type AnyResponse, fieldsOf, type HeaderFields, WrittenResponse } from "../../http/written-response.ts";

/** Times in JSON, as both APIs write them. */
const TIME = /(?<=")\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z(?=")/g;

/**
 * Shifts the times in a JSON answer and its header Date, as a server does whose clock is wrong. Streams of events are left
 * alone.
 * @param now the right time, in milliseconds since the epoch
 */
export async function skewTimes(response: AnyResponse, byMs: number, now: number): Promise<AnyResponse> {
  const { status, body } = response;
  const fields: HeaderFields = { ...fieldsOf(response), date: new Date(now + byMs).toUTCString() };
  const isJson = fields["content-type"]?.includes("json") === true;
  const given = body as WrittenResponse["body"];
  if (!isJson || given === null) return new WrittenResponse(status, fields, given);
  const bytes = Buffer.from(await new Response(given as ConstructorParameters<typeof Response>[0]).arrayBuffer());
  const isCompressed = fields["content-encoding"] === "gzip";
  const text = (isCompressed ? gunzipSync(bytes) : bytes).toString("utf8");
  const shifted = text.replaceAll(TIME, (time) => shift(time, byMs));
  delete fields["content-length"];
  return new WrittenResponse(status, fields, isCompressed ? gzipSync(shifted) : shifted);
}

/** Keeps the number of digits: `.123456Z` becomes `.623456Z`. */
function shift(time: string, byMs: number): string {
  const [, fraction = ""] = /\.(\d+)Z$/.exec(time) ?? [];
  const shifted = new Date(Date.parse(time) + byMs).toISOString();
  const [seconds = ""] = shifted.split(".");
  if (fraction === "") return `${seconds}Z`;
  const milliseconds = shifted.slice(20, 23);
  return `${seconds}.${(milliseconds + fraction.slice(3)).slice(0, fraction.length)}Z`;
}
