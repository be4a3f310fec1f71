import { nearest } from "../core/did-you-mean.ts";
import type { Api } from "./route.ts";

/** The costs of the edit distance between two paths, by segment. Above `limit`, two paths are unrelated. */
const COSTS = { typo: 0.5, missing: 1, surplus: 1.5, missingBase: 0.5, surplusBase: 0.5, otherMethod: 0.75, limit: 2 };

/** Segments that many paths share: they are no evidence of which route was meant. */
const BASES: ReadonlySet<string> = new Set(["", "api", "v1", "private", "sdk"]);

/** Longer paths are not compared. */
const MAX_SEGMENTS = 16;

/** The distance between a request's path and a route's, and whether they share a significant segment. */
interface Difference {
  cost: number;
  isRelated: boolean;
}

const TOO_FAR: Difference = { cost: Number.POSITIVE_INFINITY, isRelated: false };

/**
 * Finds the route that was probably meant by a request for an unknown path. It searches all routes, so it is only for
 * requests without a route.
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
      if (route.isDeclined) continue;
      // Most routes are unrelated to the request: skip them before the expensive comparison.
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

/** The edit distance between the segments of a request's path and those of a route. */
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

/** @returns `undefined` when the one cannot be a mistake for the other */
type Match = (given: string, segment: string) => Difference | undefined;

/** Compares each pair of segments once: most routes share the same few segments. */
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
