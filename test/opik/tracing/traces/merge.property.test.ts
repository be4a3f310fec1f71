import fc from "fast-check";
import { expect, test } from "vitest";
import { createIdSource, VirtualClock } from "../../../../src/index.ts";
import { createOpikLocal, type OpikLocalParts } from "../../../../src/server.ts";

/** What a client sends for one trace: rows with the time at which they were made, and updates, which are made when they arrive. */
interface Part {
  kind: "row" | "update";
  body: Record<string, unknown>;
}

const values = fc.record(
  {
    name: fc.constantFrom("a", "b", "c"),
    input: fc.constantFrom({ q: 1 }, [1], "text"),
    output: fc.constantFrom({ r: 1 }, "x"),
    metadata: fc.constantFrom({ m: 1 }, { m: 2 }),
    tags: fc.constantFrom(["x"], ["y", "z"], []),
    thread_id: fc.constantFrom("t1", "t2"),
    end_time: fc.constantFrom("2026-01-01T00:00:05Z", "2026-01-01T00:00:06.5Z"),
  },
  { requiredKeys: [] },
);

/** A trace as Python sends it: rows of different times before now, in any order among updates. */
const scenario = fc
  .record({
    rows: fc.array(values, { minLength: 1, maxLength: 4 }),
    updates: fc.array(values, { maxLength: 2 }),
    orders: fc.tuple(fc.array(fc.nat(), { maxLength: 6 }), fc.array(fc.nat(), { maxLength: 6 })),
  })
  .map(({ rows, updates, orders }) => {
    const parts: Part[] = rows.map((row, index) => ({
      kind: "row",
      body: {
        ...row,
        start_time: "2026-01-01T00:00:00.000001Z",
        last_updated_at: `2026-01-01T00:00:0${index}.000001Z`,
      },
    }));
    return { parts, updates, orders };
  });

/** Puts the updates, in their own order, at chosen places among the shuffled rows. */
function arrange(parts: readonly Part[], updates: ReadonlyArray<object>, choices: readonly number[]): Part[] {
  const arranged: Part[] = [];
  for (const [index, part] of parts.entries()) arranged.splice((choices[index] ?? 0) % (index + 1), 0, part);
  let from = 0;
  for (const [index, body] of updates.entries()) {
    const place = from + ((choices[index + 3] ?? 0) % (arranged.length - from + 1));
    arranged.splice(place, 0, { kind: "update", body: { ...body } });
    from = place + 1;
  }
  return arranged;
}

/** A server in which traces can be made of parts. */
function createWorld(): { server: OpikLocalParts; traceOf(parts: readonly Part[]): Promise<unknown> } {
  const clock = new VirtualClock(Date.UTC(2026, 0, 1, 1));
  const server = createOpikLocal({
    config: { database: ":memory:" },
    clock,
    ids: createIdSource(clock, "property"),
  });
  const send = async (method: string, path: string, body: unknown): Promise<void> => {
    const request = { method, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
    const response = await server.app.request(path, request);
    if (response.status !== 204) throw new Error(await response.text());
    await clock.advance(1);
  };
  const traceOf = async (parts: readonly Part[]): Promise<unknown> => {
    const id = server.ids.uuid();
    for (const { kind, body } of parts) {
      if (kind === "row") await send("POST", "/v1/private/traces/batch", { traces: [{ id, ...body }] });
      else await send("PATCH", `/v1/private/traces/${id}`, body);
    }
    const response = await server.app.request(`/v1/private/traces/${id}`);
    const {
      id: _id,
      created_at: _created,
      last_updated_at: _updated,
      ...trace
    } = (await response.json()) as Record<string, unknown>;
    return trace;
  };
  return { server, traceOf };
}

test("whatever the order in which the parts of a trace come, it is the same trace", async () => {
  const { server, traceOf } = createWorld();
  await using _stopped = server;
  await fc.assert(
    fc.asyncProperty(scenario, async ({ parts, updates, orders: [one, other] }) => {
      const left = await traceOf(arrange(parts, updates, one));
      expect(await traceOf(arrange(parts, updates, other))).toEqual(left);
    }),
    { numRuns: 100 },
  );
});
