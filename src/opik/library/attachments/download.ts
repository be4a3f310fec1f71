import { DEFAULT_TYPE } from "./mime-types.ts";
import type { FoundFile } from "./service.ts";

/** What a header can have of the types that clients give. */
const PRINTABLE = /^[ -~]+$/;

const RANGE = /^bytes=(\d*)-(\d*)$/;

/**
 * The answer with a file, or with the part of it that a `Range` header names.
 * @param range the header; one with several parts or of another form is ignored, as HTTP says
 */
export function download({ row, read }: FoundFile, range: string | null): Response {
  const { size } = row;
  const headers: Record<string, string> = {
    "content-type": PRINTABLE.test(row.mime_type) ? row.mime_type : DEFAULT_TYPE,
    // An HTML file of a trace must not run in this server's origin.
    "content-disposition": `attachment; filename*=UTF-8''${encodeURIComponent(row.file_name)}`,
    "x-content-type-options": "nosniff",
    "accept-ranges": "bytes",
  };
  const wanted = range === null ? undefined : rangeOf(range, size);
  if (wanted === null) return new Response(null, { status: 416, headers: { "content-range": `bytes */${size}` } });
  const { start, end } = wanted ?? { start: 0, end: size - 1 };
  headers["content-length"] = String(end - start + 1);
  if (wanted !== undefined) headers["content-range"] = `bytes ${start}-${end}/${size}`;
  return new Response(read(start, end), { status: wanted === undefined ? 200 : 206, headers });
}

/** @returns `undefined` for the whole file, `null` for a part that it does not have */
function rangeOf(text: string, size: number): { start: number; end: number } | null | undefined {
  const [, first = "", last = ""] = RANGE.exec(text) ?? [];
  if (first === "" && last === "") return undefined;
  const start = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === "" || last === "" ? size - 1 : Math.min(Number(last), size - 1);
  return start > end ? null : { start, end };
}
