import { editDistance } from "../../core/did-you-mean.ts";
import type { RecordedExchange } from "./exchange.ts";
import { normalizeBody, normalizePath, normalizeText } from "./normalize.ts";

/** A request whose recorded exchange is searched. */
export interface LiveRequest {
  method: string;
  /** With the query. */
  path: string;
  body: string | undefined;
}

/** A recorded exchange that is replayed. */
export type Replayed = RecordedExchange & {
  /** The method, path and body without ids and times. */
  key: string;
  /** The ids of the request. */
  ids: readonly string[];
  /** Whether a request has been answered with it. */
  isUsed: boolean;
};

/** A request that was not recorded, with the recorded one that is closest to it. */
export interface Unmatched {
  request: LiveRequest;
  closest: { method: string; path: string; difference: string } | undefined;
}

/** Longer texts are compared by their beginnings, in characters. */
const MAX_COMPARED = 500;
/** Requests of another route are not suggested. */
const MAX_PATH_DISTANCE = 0.5;

/**
 * Finds the recorded exchange of each request. Requests are equal when they are so without ids and times. Of several
 * equal ones, the first in the order of the recording whose ids fit the earlier ones is used; when all are used up, the
 * last one is repeated.
 */
export class RequestMatcher {
  readonly exchanges: readonly Replayed[];
  /** The ids of this run, by those of the recording, and the other way round. */
  readonly #live = new Map<string, string>();
  readonly #recorded = new Map<string, string>();
  readonly #byKey: ReadonlyMap<string, readonly Replayed[]>;

  constructor(exchanges: readonly RecordedExchange[]) {
    this.exchanges = exchanges
      .map((exchange) => ({ ...exchange, ...normalize(exchange), isUsed: false }))
      .toSorted((left, right) => left.received - right.received);
    this.#byKey = Map.groupBy(this.exchanges, ({ key }) => key);
  }

  /** The ids of this run, by those of the recording. */
  get liveIds(): ReadonlyMap<string, string> {
    return this.#live;
  }

  /**
   * @returns the exchange, and whether it was used before; or what is closest to it
   */
  match(request: LiveRequest): { exchange: Replayed; isRepeated: boolean } | Unmatched {
    const { key, ids } = normalize(request);
    const equal = this.#byKey.get(key) ?? [];
    const fitting = equal.filter((exchange) => this.#fits(exchange.ids, ids));
    const unused = fitting.filter(({ isUsed }) => !isUsed);
    const isSame = (exchange: Replayed): boolean => exchange.ids.every((id, index) => id === ids[index]);
    const next = unused.find(isSame) ?? unused[0];
    const exchange = next ?? fitting.findLast(isSame) ?? fitting.at(-1);
    if (exchange === undefined) return { request, closest: this.#closest(request) };
    exchange.isUsed = true;
    for (const [index, id] of exchange.ids.entries()) this.#bind(id, ids[index] ?? id);
    // Ids that the server creates are sent as they were recorded, and stay the same from then on.
    for (const id of idsOfAnswer(exchange)) if (!this.#live.has(id)) this.#bind(id, id);
    return { exchange, isRepeated: next === undefined };
  }

  /** The last exchange whose request came after that of another one, up to a moment of the recording. */
  lastBetween(exchange: Replayed, moment: number): Replayed | undefined {
    let last: Replayed | undefined;
    for (let index = this.exchanges.indexOf(exchange) + 1; index < this.exchanges.length; index += 1) {
      const later = this.exchanges[index];
      if (later === undefined || later.received > moment) break;
      last = later;
    }
    return last;
  }

  /** Whether ids can be those of the recording: each stands for the same one as before. */
  #fits(recorded: readonly string[], live: readonly string[]): boolean {
    return recorded.every((id, index) => {
      const given = live[index];
      if (given === undefined) return false;
      const isKnown = this.#live.has(id) || this.#recorded.has(given);
      return isKnown ? this.#live.get(id) === given : true;
    });
  }

  #bind(recorded: string, live: string): void {
    this.#live.set(recorded, live);
    this.#recorded.set(live, recorded);
  }

  #closest(request: LiveRequest): Unmatched["closest"] {
    const { path, body } = partsOf(request);
    const candidates = this.exchanges.map((exchange) => {
      const recorded = partsOf(exchange);
      const pathDistance = distance(path, recorded.path) + (exchange.method === request.method ? 0 : 0.25);
      return { exchange, recorded, pathDistance, total: pathDistance * 10 + distance(body, recorded.body) };
    });
    const [best] = candidates
      .filter(({ pathDistance }) => pathDistance <= MAX_PATH_DISTANCE)
      .toSorted((left, right) => left.total - right.total);
    if (best === undefined) return undefined;
    const { exchange, recorded } = best;
    return {
      method: exchange.method,
      path: exchange.path,
      difference: differenceOf(request, path, body, best) ?? recorded.body,
    };
  }
}

function differenceOf(
  request: LiveRequest,
  path: string,
  body: string,
  { exchange, recorded }: { exchange: Replayed; recorded: { path: string; body: string } },
): string | undefined {
  if (exchange.method !== request.method) return `the method is ${exchange.method}`;
  if (path !== recorded.path) return `the path is ${recorded.path}`;
  if (body === recorded.body) return "its ids stand for others than in the requests before";
  let at = 0;
  while (body[at] === recorded.body[at]) at += 1;
  const from = Math.max(0, at - 20);
  const show = (text: string): string => text.slice(from, at + 40) || "nothing";
  return `the body has ${show(recorded.body)} instead of ${show(body)}`;
}

function normalize(request: { method: string; path: string; body?: string | undefined }): {
  key: string;
  ids: string[];
} {
  const path = normalizePath(request.path);
  const body = normalizeBody(request.body ?? "");
  return { key: `${request.method} ${path.text}\n${body.text}`, ids: [...path.ids, ...body.ids] };
}

function idsOfAnswer({ headers, answer = "", parts = [] }: Replayed): readonly string[] {
  return normalizeText([...Object.values(headers), answer, ...parts.map(({ text }) => text)].join("\n")).ids;
}

function partsOf({ path, body = "" }: { path: string; body?: string | undefined }): { path: string; body: string } {
  return { path: normalizePath(path).text, body: normalizeBody(body).text };
}

/** From 0 for equal texts to 1. */
function distance(left: string, right: string): number {
  if (left === right) return 0;
  const [one, other] = [left.slice(0, MAX_COMPARED), right.slice(0, MAX_COMPARED)];
  return Math.max(0.01, editDistance(one, other) / Math.max(one.length, other.length, 1));
}
