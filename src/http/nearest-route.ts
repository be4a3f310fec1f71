import { nearest } from "../core/did-you-mean.ts";
import type { Api } from "./route.ts";

/** What turns one path into another, one segment at a time. Above `limit`, two paths have nothing to do with each other. */
const COSTS = { typo: 0.5, missing: 1, surplus: 1.5, missingBase: 0.5, surplusBase: 0.5, otherMethod: 0.75, limit: 2 };

/** Segments that many paths begin with: they say nothing of what is meant. */
const BASES: ReadonlySet<string> = new Set(["", "api", "v1", "private", "sdk"]);

/** Nobody means a route with a longer path. */
const MAX_SEGMENTS = 16;

/** How far a request's path is from a route's, and whether they share a segment that says what is meant. */
interface Difference {
  cost: number;
  isRelated: boolean;
}

const TOO_FAR: Difference = { cost: Number.POSITIVE_INFINITY, isRelated: false };

/**
 * The route that a request for an unknown one was probably meant for. It goes through all routes: only for requests that
 * have none.
 * @returns `POST /v1/private/projects`, with parameters as they are written down; `undefined` when no route is close
 */
export function nearestRoute(
  method: string,
  pathname: string,
  apis: ReadonlyArray<Pick<Api, "prefixes" | "routes">>,
): string | undefined {
  const wanted = segmentsOf(pathname);
  if (wanted.length > MAX_SEGMENTS) return undefined;
  let best: string | undefined;
  let bestCost = COSTS.limit;
  const match = rememberMatches();
  for (const { prefixes, routes } of apis) {
    for (const route of routes) {
      // Most routes have nothing to do with the request: they are passed over before anything dear is done.
      if (!segmentsOf(route.path).some((segment) => wanted.some((given) => match(given, segment)?.isRelated))) continue;
      for (const prefix of prefixes) {
        const path = prefix + route.path;
        const { cost, isRelated } = differenceOf(wanted, segmentsOf(path), match);
        const total = cost + (route.method === method ? 0 : COSTS.otherMethod);
        if (!isRelated || total > bestCost || (best !== undefined && total === bestCost)) continue;
        best = `${route.method} ${path}`;
        bestCost = total;
      }
    }
  }
  return best;
}

function segmentsOf(path: string): string[] {
  return path.split("/").filter((segment) => segment !== "");
}

/** The cheapest way from the segments of a request to those of a route, as an edit distance of segments. */
function differenceOf(wanted: readonly string[], known: readonly string[], matchOf: Match): Difference {
  let previous: Difference[] = [{ cost: 0, isRelated: false }];
  for (const segment of known) previous.push(plus(previous.at(-1), costOfMissing(segment)));
  for (const given of wanted) {
    const current: Difference[] = [plus(previous[0], costOfSurplus(given))];
    for (const [column, segment] of known.entries()) {
      const match = matchOf(given, segment);
      const options = [
        plus(previous[column + 1], costOfSurplus(given)),
        plus(current[column], costOfMissing(segment)),
        match === undefined ? TOO_FAR : plus(previous[column], match.cost, match.isRelated),
      ];
      current.push(options.reduce((best, option) => (option.cost < best.cost ? option : best)));
    }
    previous = current;
  }
  return previous.at(-1) ?? TOO_FAR;
}

function plus(before: Difference = TOO_FAR, cost: number, isRelated = false): Difference {
  return { cost: before.cost + cost, isRelated: before.isRelated || isRelated };
}

/** @returns `undefined` when the one cannot stand for the other */
type Match = (given: string, segment: string) => Difference | undefined;

/** Compares each pair of segments once: most routes are made of the same few. */
function rememberMatches(): Match {
  const known = new Map<string, Difference | undefined>();
  return (given, segment) => {
    const pair = `${given}/${segment}`;
    if (!known.has(pair)) known.set(pair, matchOf(given, segment));
    return known.get(pair);
  };
}

function matchOf(given: string, segment: string): Difference | undefined {
  if (segment.startsWith(":")) return { cost: 0, isRelated: false };
  if (given === segment) return { cost: 0, isRelated: !BASES.has(segment) };
  return nearest(given, [segment]) === undefined ? undefined : { cost: COSTS.typo, isRelated: !BASES.has(segment) };
}

function costOfMissing(segment: string): number {
  return BASES.has(segment) ? COSTS.missingBase : COSTS.missing;
}

function costOfSurplus(given: string): number {
  return BASES.has(given) ? COSTS.surplusBase : COSTS.surplus;
}
