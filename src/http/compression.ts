import { promisify } from "node:util";
import { gzip, gzipSync } from "node:zlib";

/** Which answers of an API are compressed for clients that accept gzip. */
export interface CompressionRules {
  /** Methods whose answers may be compressed; all of these answers have `Vary: Accept-Encoding`. */
  methods: ReadonlySet<string>;
  /** Size from which a body is compressed, in bytes. */
  minBytes: number;
}

/** Length from which text is compressed in another thread: until then it takes less than a millisecond here. */
const ASYNCHRONOUS_FROM = 64 * 1024;

const gzipInThread = promisify(gzip);

/** Compresses text, written as UTF-8. A long text is compressed in another thread, so that other requests go on. */
export function compress(text: string): Buffer | Promise<Buffer> {
  return text.length < ASYNCHRONOUS_FROM ? gzipSync(text) : gzipInThread(text);
}

/** Whether an `Accept-Encoding` header names gzip, and not to refuse it. */
export function acceptsGzip(acceptEncoding: string | null): boolean {
  return acceptEncoding !== null && /(?:^|,)\s*gzip\s*(?:$|,|;(?!\s*q=0(?:\.0*)?\s*(?:$|,)))/i.test(acceptEncoding);
}
