import { H3, type H3Event } from "h3";
import { type Clock, SystemClock } from "../../core/clock.ts";
import { decodeBody } from "./encoding.ts";
import { ORIGIN, type RecordedExchange } from "./exchange.ts";
import { type LiveRequest, type Replayed, RequestMatcher, type Unmatched } from "./matcher.ts";
import { normalizeText, replaceIds } from "./normalize.ts";
import { idsOfAnswer } from "./origins.ts";

/** Polls, which assign work: repeated, they wait, and get nothing. */
const POLL = /\/next$/;
/** How long a repeated poll waits, in milliseconds. */
const POLL_MS = 30_000;
/** How long an answer waits for the request that brings an id of the client, in milliseconds. */
const MAX_WAIT_FOR_IDS_MS = 10_000;
const EMPTY_ANSWERS: ReadonlySet<string | undefined> = new Set([undefined, "null", '{"commands":[]}']);

export interface ReplayerOptions {
  /** Called with each request that is answered. */
  onMatched?: (request: LiveRequest, status: number) => void;
  /** Called with each request that was not recorded. */
  onUnmatched?: (unmatched: Unmatched) => void;
  /** Times out what waits; default the computer's. */
  clock?: Clock;
}

/**
 * Answers requests from a recording. A delayed answer waits for the request that came last before it in the recording, at
 * most as long as it took then: so a poll receives its job when the job was submitted again, and also when it was not.
 */
export class Replayer {
  readonly app: H3 = new H3();
  readonly #options: ReplayerOptions;
  readonly #clock: Clock;
  readonly #matcher: RequestMatcher;
  readonly #stopped = new AbortController();
  readonly #liveId = (recorded: string): string | undefined => this.#matcher.liveId(recorded);
  /** Answers that wait for a request, by the recorded exchange of that request. */
  readonly #waiting = new Map<Replayed, Set<() => void>>();
  #matched = 0;
  #unmatched = 0;

  constructor(exchanges: readonly RecordedExchange[], options: ReplayerOptions = {}) {
    this.#options = options;
    this.#clock = options.clock ?? new SystemClock();
    this.#matcher = new RequestMatcher(exchanges);
    this.app.all("/**", (event) => this.#answer(event));
  }

  /** How many requests were answered as recorded, and how many were not recorded. */
  get counts(): { matched: number; unmatched: number; unused: number } {
    const unused = this.#matcher.exchanges.filter(({ isUsed }) => !isUsed).length;
    return { matched: this.#matched, unmatched: this.#unmatched, unused };
  }

  /** Ends all waits. */
  stop(): void {
    this.#stopped.abort();
  }

  async #answer(event: H3Event): Promise<Response> {
    const request = await readRequest(event);
    const found = this.#matcher.match(request);
    if (!("exchange" in found)) return this.#refuse(found);
    const { exchange, exchanges, isRepeated } = found;
    this.#matched += 1;
    for (const one of exchanges) {
      for (const wake of this.#waiting.get(one) ?? []) wake();
      this.#waiting.delete(one);
    }
    if (isRepeated && POLL.test(event.url.pathname)) return this.#holdPoll(event, exchange);
    this.#options.onMatched?.(request, exchange.status);
    const { origin } = event.url;
    if (exchange.parts !== undefined) {
      return new Response(this.#stream(exchange, event.req.signal), this.#init(exchange, origin));
    }
    await this.#waitUntil(exchange.answered, exchange, event.req.signal);
    await this.#waitForIds(idsOfAnswer(exchange), event.req.signal);
    return new Response(this.#bodyOf(exchange), this.#init(exchange, origin));
  }

  #refuse(unmatched: Unmatched): Response {
    this.#unmatched += 1;
    this.#options.onUnmatched?.(unmatched);
    const { request, closest } = unmatched;
    const message = `This request was not recorded: ${request.method} ${request.path}`;
    return Response.json({ code: 404, message, ...(closest && { closest }) }, { status: 404 });
  }

  async #holdPoll({ req, url }: H3Event, exchange: Replayed): Promise<Response> {
    await this.#delay(POLL_MS, req.signal);
    const empty = this.#matcher.exchanges.find(
      ({ request, answer }) =>
        request.text === exchange.request.text && EMPTY_ANSWERS.has(answer?.replaceAll(/\s/g, "")),
    );
    if (empty === undefined) return new Response(null, { status: 204 });
    return new Response(this.#bodyOf(empty), this.#init(empty, url.origin));
  }

  #init({ status, headers }: Replayed, origin: string): ResponseInit {
    const live = Object.entries(headers).map(([name, value]): [string, string] => [
      name,
      replaceIds(value.replaceAll(ORIGIN, origin), this.#liveId),
    ]);
    return { status, headers: live };
  }

  #bodyOf({ answer, answer_base64 }: Replayed): string | Buffer<ArrayBuffer> | null {
    if (answer_base64 !== undefined) return Buffer.from(answer_base64, "base64");
    return answer === undefined ? null : replaceIds(answer, this.#liveId);
  }

  #stream(exchange: Replayed, signal: AbortSignal): ReadableStream<Uint8Array> {
    const encoder = new TextEncoder();
    const parts = [...(exchange.parts ?? [])];
    return new ReadableStream({
      pull: async (controller) => {
        const part = parts.shift();
        await this.#waitUntil(part?.at ?? exchange.answered, exchange, signal);
        await this.#waitForIds(normalizeText(part?.text ?? "").ids, signal);
        if (part === undefined || signal.aborted) controller.close();
        else controller.enqueue(encoder.encode(replaceIds(part.text, this.#liveId)));
      },
    });
  }

  /** Waits for the request that came last before this moment of the recording, while the exchange was open. */
  async #waitUntil(moment: number, exchange: Replayed, signal: AbortSignal): Promise<void> {
    const cause = this.#matcher.lastBetween(exchange, moment);
    if (cause === undefined || cause.isUsed) return;
    await this.#waitFor(cause, moment - exchange.received, signal);
  }

  /** Waits until the clients have sent the ids that they make themselves, and that an answer names. */
  async #waitForIds(ids: readonly string[], signal: AbortSignal): Promise<void> {
    for (let awaited = this.#matcher.awaitedFor(ids); awaited !== undefined; awaited = this.#matcher.awaitedFor(ids)) {
      if (!(await this.#waitFor(awaited, MAX_WAIT_FOR_IDS_MS, signal))) return;
    }
  }

  /** Waits for the request of an exchange. @returns whether it came in time */
  async #waitFor(exchange: Replayed, ms: number, signal: AbortSignal): Promise<boolean> {
    const waiting = this.#waiting.get(exchange) ?? new Set();
    this.#waiting.set(exchange, waiting);
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const wake = (): void => resolve(true);
    waiting.add(wake);
    const hasCome = await Promise.race([promise, this.#delay(ms, signal).then(() => false)]);
    waiting.delete(wake);
    return hasCome;
  }

  /** Ends early when the client has gone, or the replay stops. */
  async #delay(ms: number, signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const end = (): void => resolve();
    const timer = this.#clock.schedule(ms, end);
    const signals = [signal, this.#stopped.signal];
    for (const one of signals) one.addEventListener("abort", end);
    if (signals.some(({ aborted }) => aborted)) end();
    await promise;
    timer.cancel();
    for (const one of signals) one.removeEventListener("abort", end);
  }
}

async function readRequest({ req, url }: H3Event): Promise<LiveRequest> {
  const bytes = req.body === null ? Buffer.alloc(0) : Buffer.from(await req.arrayBuffer());
  const decoded = decodeBody(bytes, req.headers.get("content-encoding")) ?? bytes;
  const body = bytes.length === 0 ? undefined : decoded.toString("utf8");
  return { method: req.method, path: url.pathname + url.search, body };
}
