import { gunzipSync, gzipSync } from "node:zlib";
import type { HTTPResponse } from "h3";
import { web } from "../../http/lazy-web.ts";

/** Times in JSON, as both APIs write them. */
const TIME = /(?<=")\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z(?=")/g;

/**
 * Shifts the times in a JSON answer and its header Date, as a server does whose clock is wrong. Streams of events are left
 * alone.
 * @param now the right time, in milliseconds since the epoch
 */
export async function skewTimes(
  response: Response | HTTPResponse,
  byMs: number,
  now: number,
): Promise<Response | HTTPResponse> {
  const { HTTPResponse: Skewed } = web();
  const headers = new Headers(response.headers);
  headers.set("date", new Date(now + byMs).toUTCString());
  const { status, statusText } = response;
  const head = {
    headers,
    ...(status === undefined ? {} : { status }),
    ...(statusText === undefined ? {} : { statusText }),
  };
  const isJson = headers.get("content-type")?.includes("json") === true;
  if (!isJson || response.body === null) return new Skewed(response.body, head);
  const bytes = Buffer.from(
    await new Response(response.body as ConstructorParameters<typeof Response>[0]).arrayBuffer(),
  );
  const isCompressed = headers.get("content-encoding") === "gzip";
  const text = (isCompressed ? gunzipSync(bytes) : bytes).toString("utf8");
  const shifted = text.replaceAll(TIME, (time) => shift(time, byMs));
  headers.delete("content-length");
  return new Skewed(isCompressed ? gzipSync(shifted) : shifted, head);
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
