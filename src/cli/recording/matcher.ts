import { itemsOf, normalizeRequest } from "./batches.ts";
import { type Closest, closestOf } from "./closest.ts";
import type { RecordedExchange } from "./exchange.ts";
import { IdPairs } from "./id-pairs.ts";
import { type Normalized, normalizeText } from "./normalize.ts";
import { idsOfAnswer, originsOf } from "./origins.ts";

/** A request whose recorded exchange is searched. */
export interface LiveRequest {
  method: string;
  /** With the query. */
  path: string;
  body: string | undefined;
}

/** A recorded exchange that is replayed. */
export type Replayed = RecordedExchange & {
  /** The method, path and body without ids and times, and the ids of the request. */
  request: Normalized;
  /** Of a request whose items may come in other portions. */
  items: readonly ReplayedItem[];
  /** Whether a request, or several with all its items, was answered with it. */
  isUsed: boolean;
};

/** An item of a recorded request. */
interface ReplayedItem extends Normalized {
  exchange: () => Replayed;
  isUsed: boolean;
}

/** A request that was recorded. */
export interface Matched {
  /** The exchange to answer with. */
  exchange: Replayed;
  /** That one, and those in which further items of the request were recorded. */
  exchanges: readonly Replayed[];
  /** Whether it was used before. */
  isRepeated: boolean;
}

/** A request that was not recorded, with the recorded one that is closest to it. */
export interface Unmatched {
  request: LiveRequest;
  closest: Closest | undefined;
}

/** Something recorded with the ids that it would pair. */
interface Candidate<Recorded> {
  recorded: Recorded;
  pairs: IdPairs;
}

/**
 * Finds the recorded exchange of each request. Requests are equal when they are so without ids and times. Of several
 * equal ones, the first in the order of the recording whose ids fit the earlier ones is used. Where clients send items in
 * portions, all the items of a request may have been recorded in other portions. When all are used up, the last one is
 * repeated.
 */
export class RequestMatcher {
  readonly exchanges: readonly Replayed[];
  readonly #pairs = new IdPairs();
  /** The exchanges that have brought the ids of clients. */
  readonly #origins: ReadonlyMap<string, Replayed>;
  readonly #byKey: ReadonlyMap<string, readonly Replayed[]>;
  readonly #itemsByKey: ReadonlyMap<string, readonly ReplayedItem[]>;

  constructor(exchanges: readonly RecordedExchange[]) {
    this.exchanges = exchanges.map(toReplayed).toSorted((left, right) => left.received - right.received);
    this.#origins = originsOf(this.exchanges);
    this.#byKey = Map.groupBy(this.exchanges, ({ request }) => request.text);
    this.#itemsByKey = Map.groupBy(
      this.exchanges.flatMap(({ items }) => items),
      ({ text }) => text,
    );
  }

  /** The id of this run that stands for one of the recording; `undefined` for an unknown one. */
  liveId(recorded: string): string | undefined {
    return this.#pairs.liveOf(recorded);
  }

  match(request: LiveRequest): Matched | Unmatched {
    const normal = normalizeRequest(request);
    const equal = this.#fitting(this.#byKey.get(normal.text) ?? [], ({ request: { ids } }) => ids, normal.ids);
    const unused = equal.filter(({ recorded }) => !recorded.isUsed && recorded.items.every(({ isUsed }) => !isUsed));
    const next = first(unused, ({ request: { ids } }) => ids, normal.ids);
    if (next !== undefined) return this.#use(next, false);
    const inPortions = this.#matchItems(request);
    if (inPortions !== undefined) return inPortions;
    const repeated = last(equal, ({ request: { ids } }) => ids, normal.ids);
    if (repeated !== undefined) return this.#use(repeated, true);
    return { request, closest: closestOf(request, this.exchanges) };
  }

  /**
   * Returns an exchange whose request has to bring one of these ids, because the client has made it: until then it is not
   * known which id stands for it now.
   */
  awaitedFor(recordedIds: readonly string[]): Replayed | undefined {
    const id = recordedIds.find((one) => this.#pairs.liveOf(one) === undefined && this.#origins.has(one));
    return id === undefined ? undefined : this.#origins.get(id);
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

  /** @returns the recorded things whose ids can stand for those that are given */
  #fitting<Recorded>(
    recorded: readonly Recorded[],
    idsOf: (one: Recorded) => readonly string[],
    live: readonly string[],
    pairs: IdPairs = this.#pairs,
  ): Array<Candidate<Recorded>> {
    return recorded.flatMap((one) => {
      const tried = pairs.paired(idsOf(one), live);
      return tried === undefined ? [] : [{ recorded: one, pairs: tried }];
    });
  }

  /** Finds the items of a request in the portions in which they were recorded. @returns `undefined` when one is missing */
  #matchItems(request: LiveRequest): Matched | undefined {
    const items = itemsOf(request);
    if (items === undefined || items.length === 0) return undefined;
    const taken = new Set<ReplayedItem>();
    let pairs = this.#pairs;
    let isRepeated = true;
    for (const { text, ids } of items) {
      const recorded = (this.#itemsByKey.get(text) ?? []).filter((item) => !taken.has(item));
      const fitting = this.#fitting(recorded, (item) => item.ids, ids, pairs);
      const unused = fitting.filter((candidate) => !candidate.recorded.isUsed);
      const found = first(unused, (item) => item.ids, ids) ?? last(fitting, (item) => item.ids, ids);
      if (found === undefined) return undefined;
      taken.add(found.recorded);
      ({ pairs } = found);
      isRepeated &&= found.recorded.isUsed;
    }
    this.#pairs.addAll(pairs);
    for (const item of taken) item.isUsed = true;
    const exchanges = [...new Set([...taken].map(({ exchange }) => exchange()))];
    for (const one of exchanges) one.isUsed ||= one.items.every(({ isUsed }) => isUsed);
    const [exchange] = exchanges;
    return exchange && { exchange, exchanges, isRepeated };
  }

  #use({ recorded: exchange, pairs }: Candidate<Replayed>, isRepeated: boolean): Matched {
    exchange.isUsed = true;
    for (const item of exchange.items) item.isUsed = true;
    this.#pairs.addAll(pairs);
    // Ids that the server makes are sent as they were recorded, and stay the same from then on.
    const made = [...idsOfAnswer(exchange), ...(exchange.parts ?? []).flatMap(({ text }) => normalizeText(text).ids)];
    for (const id of made) {
      if (!this.#origins.has(id) && this.#pairs.liveOf(id) === undefined) this.#pairs.add(id, id);
    }
    return { exchange, exchanges: [exchange], isRepeated };
  }
}

/** The first whose ids are the same as those that are given, else the first. */
function first<Recorded>(
  candidates: ReadonlyArray<Candidate<Recorded>>,
  idsOf: (one: Recorded) => readonly string[],
  live: readonly string[],
): Candidate<Recorded> | undefined {
  return candidates.find(({ recorded }) => isSame(idsOf(recorded), live)) ?? candidates[0];
}

/** The last one, likewise. */
function last<Recorded>(
  candidates: ReadonlyArray<Candidate<Recorded>>,
  idsOf: (one: Recorded) => readonly string[],
  live: readonly string[],
): Candidate<Recorded> | undefined {
  return candidates.findLast(({ recorded }) => isSame(idsOf(recorded), live)) ?? candidates.at(-1);
}

function isSame(recorded: readonly string[], live: readonly string[]): boolean {
  return recorded.every((id, index) => id === live[index]);
}

function toReplayed(exchange: RecordedExchange): Replayed {
  const replayed: Replayed = { ...exchange, request: normalizeRequest(exchange), items: [], isUsed: false };
  // What an answer says of its items is not known for other portions.
  const hasAnswer = [exchange.answer, exchange.answer_base64, exchange.parts].some((answer) => answer !== undefined);
  const items = hasAnswer ? [] : (itemsOf(exchange) ?? []);
  replayed.items = items.map((item) => ({ ...item, exchange: () => replayed, isUsed: false }));
  return replayed;
}
