import type { RecordedExchange } from "./exchange.ts";
import { normalizeText } from "./normalize.ts";

/** An exchange with the ids of its request. */
interface WithIds extends RecordedExchange {
  request: { ids: readonly string[] };
}

/** When ids were seen: in a request, or in an answer. */
interface Sighting<Exchange> {
  at: number;
  /** Of several at once: what creates something, requests, what only reads. */
  rank: number;
  ids: readonly string[];
  /** The exchange whose request they are in; `undefined` for an answer. */
  broughtBy: Exchange | undefined;
}

/**
 * Finds out who made the ids of a recording.
 * @param exchanges in the order of their requests
 * @returns for each id that a client has made the first exchange whose request has it; the others are the server's
 */
export function originsOf<Exchange extends WithIds>(exchanges: readonly Exchange[]): ReadonlyMap<string, Exchange> {
  const sightings = exchanges.flatMap((exchange) => sightingsIn(exchange));
  const origins = new Map<string, Exchange | undefined>();
  for (const { ids, broughtBy } of sightings.toSorted((one, other) => one.at - other.at || one.rank - other.rank)) {
    for (const id of ids) if (!origins.has(id)) origins.set(id, broughtBy);
  }
  return new Map([...origins].filter((entry): entry is [string, Exchange] => entry[1] !== undefined));
}

function sightingsIn<Exchange extends WithIds>(exchange: Exchange): Array<Sighting<Exchange>> {
  const { received, answered, parts = [], request, method } = exchange;
  const rank = method === "GET" ? 2 : 0;
  return [
    { at: received, rank: 1, ids: request.ids, broughtBy: exchange },
    { at: answered, rank, ids: idsOfAnswer(exchange), broughtBy: undefined },
    ...parts.map(({ at, text }) => ({ at, rank, ids: normalizeText(text).ids, broughtBy: undefined })),
  ];
}

/** The ids in the header and the body of an answer that was not streamed. */
export function idsOfAnswer({ headers, answer = "" }: RecordedExchange): readonly string[] {
  return normalizeText([...Object.values(headers), answer].join("\n")).ids;
}
