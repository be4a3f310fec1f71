import fc from "fast-check";
import { expect, test } from "vitest";
import type { RecordedExchange } from "../../../src/cli/recording/exchange.ts";
import { type LiveRequest, RequestMatcher } from "../../../src/cli/recording/matcher.ts";
import { normalizeBody, normalizePath, replaceIds } from "../../../src/cli/recording/normalize.ts";

/** A value of a request: an id (by its number), a time, or what stays the same on every run. */
type Value = { id: number } | { at: number } | string | number | boolean | null;

/** An item of a batch. */
type Item = ReadonlyArray<readonly [name: string, value: Value]>;

const name = fc.string({ minLength: 1, maxLength: 6 }).filter((text) => !/duration|_ms$|ttft|pid|latency/.test(text));
const plain = fc.oneof(fc.string({ maxLength: 8 }), fc.integer(), fc.boolean(), fc.constant(null));
const value: fc.Arbitrary<Value> = fc.oneof(
  plain,
  fc.record({ id: fc.nat({ max: 9 }) }),
  fc.record({ at: fc.nat({ max: 2_000_000_000 }) }),
);
const item: fc.Arbitrary<Item> = fc.uniqueArray(fc.tuple(name, value), { selector: ([key]) => key, maxLength: 4 });

/** One run of a client: which id a number is, and how much later it is than the other runs. */
interface Run {
  salt: string;
  later: number;
}

const RECORDED: Run = { salt: "0198c0de", later: 0 };
const LIVE: Run = { salt: "0199ffff", later: 86_400 };

function idOf({ salt }: Run, number: number): string {
  return `${salt}-0000-7000-8000-${number.toString(16).padStart(12, "0")}`;
}

function jsonOf(item: Item, run: Run): Record<string, unknown> {
  const valueOf = (one: Value): unknown => {
    if (typeof one !== "object" || one === null) return one;
    return "id" in one ? idOf(run, one.id) : new Date((one.at + run.later) * 1_000).toISOString();
  };
  return Object.fromEntries(item.map(([key, one]) => [`_${key}`, valueOf(one)]));
}

/** The requests in which a run sends items in portions of these sizes. */
function batches(items: readonly Item[], sizes: readonly number[], run: Run): LiveRequest[] {
  const rest = items.map((one) => jsonOf(one, run));
  const portions: unknown[][] = [];
  for (let turn = 0; rest.length > 0; turn += 1) portions.push(rest.splice(0, sizes[turn % sizes.length]));
  return portions.map((traces) => ({
    method: "POST",
    path: "/v1/private/traces/batch",
    body: JSON.stringify({ traces }),
  }));
}

function recorded(requests: readonly LiveRequest[]): RecordedExchange[] {
  return requests.map(({ method, path, body }, index) => ({
    ...{ method, path, received: index, status: 204, headers: {}, answered: index },
    ...(body === undefined ? {} : { body }),
  }));
}

test("ids, times and the order of fields and parameters are no difference; the ids are kept in their order", () => {
  fc.assert(
    fc.property(item, (fields) => {
      const [one, other] = [RECORDED, LIVE].map((run) => normalizeBody(JSON.stringify(jsonOf(fields, run))));
      const turned = normalizeBody(JSON.stringify(jsonOf(fields.toReversed(), LIVE)));
      expect(other?.text).toBe(one?.text);
      expect(turned).toEqual(other);
      expect(replaceIds(one?.ids.join(" ") ?? "", (id) => id.replace(RECORDED.salt, LIVE.salt))).toBe(
        other?.ids.join(" "),
      );
    }),
  );
  const link = (port: number): string =>
    `2026-01-01 12:00:0${port % 10}.123 see http://127.0.0.1:${port}/api/?path=${btoa(`http://127.0.0.1:${port}/api`)}`;
  expect(normalizeBody(link(5173))).toEqual(normalizeBody(link(40_001)));
  expect(normalizePath(`/a/${idOf(RECORDED, 1)}?y=2&x=1`)).toEqual(normalizePath(`/a/${idOf(RECORDED, 1)}?x=1&y=2`));
});

test("a value that is no id and no time is a difference", () => {
  fc.assert(
    fc.property(item, name, plain, plain, (fields, key, before, after) => {
      fc.pre(!Object.is(before, after) && !fields.some(([known]) => known === key));
      const [one, other] = [before, after].map((last) =>
        normalizeBody(JSON.stringify(jsonOf([...fields, [key, last]], LIVE))),
      );
      expect(other?.text).not.toBe(one?.text);
    }),
  );
});

test("a run that sends the same again finds every request once, with its own ids", () => {
  fc.assert(
    fc.property(fc.array(item, { maxLength: 8 }), (items) => {
      const requests = (run: Run): LiveRequest[] =>
        items.map((one) => ({ method: "POST", path: "/v1/private/traces", body: JSON.stringify(jsonOf(one, run)) }));
      const matcher = new RequestMatcher(recorded(requests(RECORDED)));
      for (const request of requests(LIVE)) expect(matcher.match(request)).toMatchObject({ isRepeated: false });
      expect(matcher.exchanges.every(({ isUsed }) => isUsed)).toBe(true);
      for (const [, one] of items.flat()) {
        if (typeof one !== "object" || one === null || !("id" in one)) continue;
        expect(matcher.liveId(idOf(RECORDED, one.id))).toBe(idOf(LIVE, one.id));
      }
    }),
  );
});

test("items in other portions are found, each once, and complete every recorded request", () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(fc.array(item, { minLength: 1, maxLength: 10 }), sizes, sizes, (items, before, now) => {
      const matcher = new RequestMatcher(recorded(batches(items, before, RECORDED)));
      const requests = batches(items, now, LIVE);
      for (const request of requests) expect(matcher.match(request)).toMatchObject({ isRepeated: false });
      expect(matcher.exchanges.every(({ isUsed }) => isUsed)).toBe(true);
      for (const request of requests) expect(matcher.match(request)).toMatchObject({ isRepeated: true });
    }),
  );
});

test("an item that was not recorded is named, whatever is sent with it", () => {
  fc.assert(
    fc.property(fc.array(item, { minLength: 2, maxLength: 6 }), fc.nat(), (items, at) => {
      const matcher = new RequestMatcher(recorded(batches(items, [2], RECORDED)));
      const position = at % items.length;
      const changed = items.map((one, index): Item => (index === position ? [...one, ["unknown", 1]] : one));
      expect(matcher.match(batches(changed, [items.length], LIVE)[0]!)).toMatchObject({
        closest: { path: "/v1/private/traces/batch", difference: expect.stringMatching(`^item ${position + 1} has `) },
      });
    }),
  );
});
