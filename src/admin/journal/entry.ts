import type { Answered, Exchange } from "../../http/interceptor.ts";
import type { Route } from "../../http/route.ts";

/** Longer bodies are cut off behind this, in bytes. */
const MAX_BODY_BYTES = 64 * 1024;

/** The workspace of a request that names none. */
const DEFAULT_WORKSPACE = "default";

/** Text or bytes of a body, cut off behind `MAX_BODY_BYTES`. */
export interface JournalBody {
  text: string;
  isCut: boolean;
}

/** A request as the journal keeps it. Nothing is redacted yet: that is done when it is shown. */
export interface JournalEntry {
  /** Counts from 1; a gap shows requests that the journal dropped. */
  sequence: number;
  /** Milliseconds since the epoch, by the server's clock. */
  receivedAt: number;
  /** Milliseconds of monotonic time. */
  durationMs: number;
  method: string;
  path: string;
  /** The query with its question mark, or `""`. */
  search: string;
  workspace: string;
  /** Names and values in turn, as they were sent. */
  rawHeaders: readonly string[];
  body: JournalBody | undefined;
  route: Route | undefined;
  /** The route that was probably meant, of a request without a route. */
  nearestRoute: string | undefined;
  status: number;
  reason: string | undefined;
  answerHeaders: Answered["headers"];
  answerBody: JournalBody | undefined;
  /** Whether the client has read the answer; known only of answers in which something is assigned. */
  isRead: boolean | undefined;
  /** The fault that was injected into the exchange. */
  fault: string | undefined;
  /** Whether that fault ended the connection before the whole answer was sent. */
  isLost: boolean;
}

/** Creates the entry of a request that was answered. */
export function toEntry(exchange: Exchange, answered: Answered, sequence: number): JournalEntry {
  const { event, body } = exchange;
  const { text } = answered;
  const { headers } = event.req;
  return {
    sequence,
    receivedAt: exchange.receivedAt,
    durationMs: answered.durationMs,
    method: exchange.method,
    path: exchange.path,
    search: event.url.search,
    workspace: headers.get("comet-workspace") || DEFAULT_WORKSPACE,
    rawHeaders: event.runtime?.node?.req.rawHeaders ?? [...headers].flat(),
    body: body === undefined || body.length === 0 ? undefined : cutBytes(body),
    route: exchange.route,
    nearestRoute: answered.nearestRoute,
    status: answered.status,
    reason: answered.reason,
    answerHeaders: answered.headers,
    answerBody: text === undefined || exchange.method === "HEAD" ? undefined : cutText(text),
    isRead: undefined,
    fault: exchange.fault,
    isLost: exchange.isLost,
  };
}

/** How much memory an entry takes, roughly, in bytes. */
export function sizeOf({ body, answerBody }: JournalEntry): number {
  return 1_000 + (body?.text.length ?? 0) + (answerBody?.text.length ?? 0);
}

/** Decoding copies the bytes: a part of a buffer would keep all of it in memory. */
function cutBytes(bytes: Buffer): JournalBody {
  const isCut = bytes.length > MAX_BODY_BYTES;
  return { text: bytes.toString("utf8", 0, MAX_BODY_BYTES), isCut };
}

/** Also copies: a part of a text would keep all of it in memory. */
function cutText(text: string): JournalBody {
  if (text.length <= MAX_BODY_BYTES) return { text, isCut: false };
  return { text: Buffer.from(text.slice(0, MAX_BODY_BYTES)).toString("utf8", 0, MAX_BODY_BYTES), isCut: true };
}
