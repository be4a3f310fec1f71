import { brotliDecompressSync, gunzipSync, inflateSync } from "node:zlib";

const DECODERS: Readonly<Record<string, typeof gunzipSync>> = {
  gzip: gunzipSync,
  "x-gzip": gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
};

/** Larger bodies stay as they were sent: a small one may be made to need all memory. */
const MAX_DECODED_BYTES = 64 * 1024 * 1024;

/**
 * Decompresses a body.
 * @param encoding the value of its header `content-encoding`
 * @returns `undefined` when it is not compressed, or not as it says
 */
export function decodeBody(bytes: Buffer, encoding: string | null | undefined): Buffer | undefined {
  const name = encoding?.trim().toLowerCase() ?? "";
  const decode = Object.hasOwn(DECODERS, name) ? DECODERS[name] : undefined;
  try {
    return decode?.(bytes, { maxOutputLength: MAX_DECODED_BYTES });
  } catch {
    return undefined;
  }
}
