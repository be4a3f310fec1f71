import { nearest } from "../core/did-you-mean.ts";
import type { Api } from "./route.ts";

/** The costs of the edit distance between two paths, by segment. Above `limit`, two paths are unrelated. */
const COSTS = { typo: 0.5, missing: 1, surplus: 1.5, missingBase: 0.5, surplusBase: 0.5, otherMethod: 0.75, limit: 2 };

/** Segments that many paths share: they are no evidence of which route was meant. */
const BASES: ReadonlySet<string> = new Set(["", "api", "v1", "private", "sdk"]);

/** Longer paths are not compared. */
const MAX_SEGMENTS = 16;

/** How many segments of requests are kept with what they match. */
const MAX_KEPT = 200;

/** The cost of a match, and whether it is evidence of which route was meant. */
interface Match {
  cost: number;
  isRelated: boolean;
}

const PARAMETER: Match = { cost: 0, isRelated: false };
const TOO_FAR: Match = { cost: Number.POSITIVE_INFINITY, isRelated: false };

/** What a segment of a request may stand for: segments of routes by their text. */
type Matches = ReadonlyMap<string, Match>;

/** A route under one prefix of its API. */
interface Candidate {
  method: string;
  path: string;
  segments: readonly string[];
  /** In the list of all. */
  place: number;
}

/**
 * Finds the routes that were probably meant by requests for unknown paths. The routes are split into segments once, and
 * each segment of a request is compared with each different one of them once: a client may repeat a request without a
 * route, and must not delay the others.
 */
export class NearestRoutes {
  readonly #apis: ReadonlyArray<Pick<Api, "prefixes" | "routes">>;
  /** By each segment of theirs that is no parameter; made with the first request. */
  #candidates: ReadonlyMap<string, readonly Candidate[]> | undefined;
  /** By segment of a request; the last ones. */
  readonly #matches = new Map<string, Matches>();

  constructor(apis: ReadonlyArray<Pick<Api, "prefixes" | "routes">>) {
    this.#apis = apis;
  }

  /**
   * Finds the route that is closest to a request without one.
   * @returns `POST /v1/private/projects`, with parameters as they are written down; `undefined` when no route is close
   */
  find(method: string, pathname: string): string | undefined {
    const wanted = segmentsOf(pathname);
    if (wanted.length > MAX_SEGMENTS) return undefined;
    const candidates = (this.#candidates ??= this.#readRoutes());
    const matches = wanted.map((given) => this.#matchesOf(given, candidates.keys()));
    // Most routes are unrelated to the request, and are not compared.
    const related = new Set<Candidate>();
    for (const all of matches) {
      for (const [name, { isRelated }] of all) {
        if (isRelated) for (const candidate of candidates.get(name) ?? []) related.add(candidate);
      }
    }
    let best: Candidate | undefined;
    let bestCost = COSTS.limit;
    for (const candidate of related) {
      const { cost, isRelated } = differenceOf(wanted, matches, candidate.segments);
      const total = cost + (candidate.method === method ? 0 : COSTS.otherMethod);
      if (!isRelated || total > bestCost) continue;
      // Of equals the one that is listed first.
      if (best !== undefined && total === bestCost && candidate.place > best.place) continue;
      best = candidate;
      bestCost = total;
    }
    return best && `${best.method} ${best.path}`;
  }

  #readRoutes(): Map<string, Candidate[]> {
    const byName = new Map<string, Candidate[]>();
    let place = 0;
    for (const { prefixes, routes } of this.#apis) {
      for (const { method, path, isDeclined } of routes) {
        for (const prefix of isDeclined ? [] : prefixes) {
          const candidate = { method, path: prefix + path, segments: segmentsOf(prefix + path), place: (place += 1) };
          for (const segment of candidate.segments) {
            if (isParameter(segment)) continue;
            const others = byName.get(segment);
            if (others === undefined) byName.set(segment, [candidate]);
            else others.push(candidate);
          }
        }
      }
    }
    return byName;
  }

  #matchesOf(given: string, names: Iterable<string>): Matches {
    const known = this.#matches.get(given);
    if (known !== undefined) return known;
    const matches = new Map<string, Match>();
    for (const name of names) {
      const cost = given === name ? 0 : COSTS.typo;
      if (cost === 0 || nearest(given, [name]) !== undefined) matches.set(name, { cost, isRelated: !BASES.has(name) });
    }
    const [oldest] = this.#matches.size < MAX_KEPT ? [] : this.#matches.keys();
    if (oldest !== undefined) this.#matches.delete(oldest);
    this.#matches.set(given, matches);
    return matches;
  }
}

function segmentsOf(path: string): string[] {
  return path.split("/").filter((segment) => segment !== "");
}

function isParameter(segment: string): boolean {
  return segment.startsWith(":");
}

/**
 * The edit distance between the segments of a request's path and those of a route.
 * @param matches what each segment of the request may stand for
 */
function differenceOf(wanted: readonly string[], matches: readonly Matches[], known: readonly string[]): Match {
  let previous: Match[] = [{ cost: 0, isRelated: false }];
  for (const segment of known) previous.push(plus(previous.at(-1), costOfMissing(segment)));
  for (const [row, given] of wanted.entries()) {
    const current: Match[] = [plus(previous[0], costOfSurplus(given))];
    for (const [column, segment] of known.entries()) {
      const match = (isParameter(segment) ? PARAMETER : matches[row]?.get(segment)) ?? TOO_FAR;
      const missing = current[column] ?? TOO_FAR;
      const matched = previous[column] ?? TOO_FAR;
      const surplus = previous[column + 1] ?? TOO_FAR;
      let cost = surplus.cost + costOfSurplus(given);
      let { isRelated } = surplus;
      const costIfMissing = missing.cost + costOfMissing(segment);
      if (costIfMissing < cost) {
        cost = costIfMissing;
        isRelated = missing.isRelated;
      }
      const costIfMatched = matched.cost + match.cost;
      if (costIfMatched < cost) {
        cost = costIfMatched;
        isRelated = matched.isRelated || match.isRelated;
      }
      current.push({ cost, isRelated });
    }
    previous = current;
  }
  return previous.at(-1) ?? TOO_FAR;
}

function plus(before: Match = TOO_FAR, cost: number): Match {
  return { cost: before.cost + cost, isRelated: before.isRelated };
}

function costOfMissing(segment: string): number {
  return BASES.has(segment) ? COSTS.missingBase : COSTS.missing;
}

function costOfSurplus(given: string): number {
  return BASES.has(given) ? COSTS.surplusBase : COSTS.surplus;
}
