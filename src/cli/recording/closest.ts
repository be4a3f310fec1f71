import { editDistance } from "../../core/did-you-mean.ts";
import { type ComparedRequest, itemsOf } from "./batches.ts";
import { normalizeBody, normalizePath } from "./normalize.ts";

/** A recorded request that is similar to one that was not recorded. */
export interface Closest {
  method: string;
  path: string;
  /** What differs. */
  difference: string;
}

/** A request as it is compared. */
interface Parts {
  method: string;
  path: string;
  body: string;
}

/** Longer texts are compared by their beginnings, in characters. */
const MAX_COMPARED = 500;
/** Requests of another route are not suggested. */
const MAX_PATH_DISTANCE = 0.5;
/** How much more the path matters than the body. */
const PATH_WEIGHT = 10;
/** To compare a body takes milliseconds, in which no request is answered: of many, the first ones are. */
const MAX_BODIES = 50;
/** How much of a body is shown, before and after the first difference, in characters. */
const SHOWN = { before: 20, after: 40 };

/** @returns the recorded request that is closest to another one; `undefined` when none has a similar path */
export function closestOf(request: ComparedRequest, recorded: readonly ComparedRequest[]): Closest | undefined {
  const missing = missingItem(request, recorded);
  const live = missing?.parts ?? partsOf(request);
  const all = missing === undefined ? recorded.map(partsOf) : missing.others;
  const distances = new Map<string, number>();
  const pathDistance = ({ method, path }: Parts): number => {
    const known = distances.get(path) ?? distance(live.path, path);
    distances.set(path, known);
    return known + (method === live.method ? 0 : 0.25);
  };
  const nearest = all.reduce((least, parts) => Math.min(least, pathDistance(parts)), MAX_PATH_DISTANCE);
  // A body, which is at most 1 away, does not make up for more than this of a path.
  const near = all.filter((parts) => pathDistance(parts) <= Math.min(MAX_PATH_DISTANCE, nearest + 1 / PATH_WEIGHT));
  const distinct = [...new Map(near.map((parts) => [`${parts.method} ${parts.path} ${parts.body}`, parts])).values()];
  const [best] = distinct
    .slice(0, MAX_BODIES)
    .map((parts) => ({ parts, total: pathDistance(parts) * PATH_WEIGHT + distance(live.body, parts.body) }))
    .toSorted((left, right) => left.total - right.total);
  if (best === undefined) return undefined;
  const { method, path } = best.parts;
  const where = missing === undefined ? "the body" : `item ${missing.position}`;
  return { method, path, difference: differenceOf(live, best.parts, where) };
}

/** The first item of a request that was in no portion, with all that were. */
function missingItem(
  request: ComparedRequest,
  recorded: readonly ComparedRequest[],
): { parts: Parts; position: number; others: Parts[] } | undefined {
  const items = itemsOf(request) ?? [];
  if (items.length < 2) return undefined;
  const { path } = partsOf(request);
  const portions = recorded.filter((one) => one.method === request.method && partsOf(one).path === path);
  const known = portions.flatMap((one) => itemsOf(one) ?? []);
  const index = items.findIndex(({ text }) => !known.some((other) => other.text === text));
  const missing = items[index];
  if (missing === undefined || known.length === 0) return undefined;
  const toParts = (text: string): Parts => ({ method: request.method, path, body: text.slice(text.indexOf("\n") + 1) });
  return { parts: toParts(missing.text), position: index + 1, others: known.map(({ text }) => toParts(text)) };
}

function differenceOf(live: Parts, recorded: Parts, where: string): string {
  if (live.method !== recorded.method) return `the method is ${recorded.method}`;
  if (live.path !== recorded.path) return `the path is ${recorded.path}`;
  if (live.body === recorded.body) return "its ids stand for others than in the requests before";
  let at = 0;
  while (live.body[at] === recorded.body[at]) at += 1;
  const show = (text: string): string => text.slice(Math.max(0, at - SHOWN.before), at + SHOWN.after) || "nothing";
  return `${where} has ${show(recorded.body)} instead of ${show(live.body)}`;
}

function partsOf({ method, path, body = "" }: ComparedRequest): Parts {
  return { method, path: normalizePath(path).text, body: normalizeBody(body).text };
}

/** From 0 for equal texts to 1. */
function distance(left: string, right: string): number {
  if (left === right) return 0;
  const [one, other] = [left.slice(0, MAX_COMPARED), right.slice(0, MAX_COMPARED)];
  return Math.max(0.01, editDistance(one, other) / Math.max(one.length, other.length, 1));
}
