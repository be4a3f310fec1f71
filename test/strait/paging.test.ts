/* oxlint-disable typescript/no-explicit-any -- wire answers are looked at as they come */
import { describe, expect, test } from "vitest";
import { RawJson } from "../../src/core/json.ts";
import type { RunRow } from "../../src/strait/run/run.ts";
import { createStraitWorld, type StraitWorld } from "./world.ts";

const COUNT = 25;

/** Reads a list page by page until it says that there is no more. */
async function readAll<Item>(
  world: StraitWorld,
  path: string,
  limit: number,
): Promise<{ items: Item[]; pages: number }> {
  const items: Item[] = [];
  let pages = 0;
  let cursor = "";
  do {
    const separator = path.includes("?") ? "&" : "?";
    const page = await world.call("GET", `${path}${separator}limit=${limit}&cursor=${encodeURIComponent(cursor)}`);
    expect(page.status).toBe(200);
    items.push(...page.json.data);
    expect(page.json.has_more).toBe(page.json.next_cursor !== undefined);
    cursor = page.json.next_cursor ?? "";
    pages += 1;
  } while (cursor !== "");
  return { items, pages };
}

/** Fills every list of a run: half of the entries at one time, the rest a second apart. */
async function fill(world: StraitWorld): Promise<RunRow> {
  const { runs, runEvents, checkpoints, outputs, usage } = world.server.runs;
  const run = runs.create({ job_id: "job", project_id: "default", triggered_by: "manual" });
  for (let index = 0; index < COUNT; index += 1) {
    if (index > COUNT / 2) await world.clock.advance(1_000);
    const level = index % 2 === 0 ? "info" : "warn";
    runEvents.append(run, { type: "log", level, message: `${index}`, data: undefined });
    checkpoints.append(run.id, "sdk", RawJson.of(index));
    const output_key = `key-${String((index * 7) % COUNT).padStart(2, "0")}`;
    outputs.set(run.id, { output_key, value: RawJson.of(index), schema: undefined });
    const tokens = { prompt_tokens: index, completion_tokens: 1, total_tokens: index + 1, cost_microusd: 0 };
    usage.appendUsage(run.id, { provider: "p", model: "m", ...tokens });
    const call = { input_json: null, output_json: "null", duration_ms: null, status: "completed" };
    usage.appendToolCall(run.id, { tool_name: `${index}`, ...call });
    usage.appendIteration(run.id, { iteration: index + 1, description: null });
    runs.create({
      job_id: "job",
      project_id: "default",
      triggered_by: "spawn",
      parent_run_id: run.id,
      priority: index,
    });
  }
  return run;
}

describe("lists", () => {
  const upwards = Array.from({ length: COUNT }, (_, index) => index);
  const downwards = upwards.toReversed();

  test.for([
    ["events", (item: any) => Number(item.message), upwards],
    ["checkpoints", (item: any) => item.state, downwards],
    ["outputs", (item: any) => Number(item.output_key.slice(4)), upwards],
    ["usage", (item: any) => item.prompt_tokens, downwards],
    ["tool-calls", (item: any) => Number(item.tool_name), downwards],
    ["iterations", (item: any) => item.iteration - 1, downwards],
  ] as const)(
    "%s: every entry comes once and in order, although many have one time",
    async ([list, keyOf, expected]) => {
      await using world = createStraitWorld();
      const run = await fill(world);
      const { items, pages } = await readAll(world, `/v1/runs/${run.id}/${list}`, 4);
      expect(items.map(keyOf)).toEqual(expected);
      expect(pages).toBe(Math.ceil(COUNT / 4));
    },
  );

  test("filters of events hold on every page", async () => {
    await using world = createStraitWorld();
    const run = await fill(world);
    const { items } = await readAll<{ level: string }>(world, `/v1/runs/${run.id}/events?level=warn`, 5);
    expect(items).toHaveLength(12);
    expect(new Set(items.map(({ level }) => level))).toEqual(new Set(["warn"]));
  });

  test("a time alone is a cursor too", async () => {
    await using world = createStraitWorld();
    const run = await fill(world);
    const page = await world.call("GET", `/v1/runs/${run.id}/events?cursor=2026-01-01T00:00:10Z`);
    expect(page.json.data.map((event: { message: string }) => event.message)).toEqual(["23", "24"]);
  });

  test.for([
    ["events?limit=0", "limit must be a positive integer"],
    ["events?limit=x", "limit must be a positive integer"],
    ["events?cursor=x", "invalid cursor format"],
    ["checkpoints?cursor=2026-01-01", "cursor must be a valid RFC3339 timestamp"],
    ["outputs?cursor=x", "cursor must be a valid RFC3339 timestamp"],
    ["resources?from=x", "invalid from param: must be RFC3339"],
  ])("%s: %s", async ([path, message]) => {
    await using world = createStraitWorld();
    const run = await fill(world);
    const answer = await world.call("GET", `/v1/runs/${run.id}/${path}`);
    expect([answer.status, answer.json.error.message]).toEqual([400, message]);
  });

  test("of an unknown run, or of another project's, there are none", async () => {
    await using world = createStraitWorld();
    const run = await fill(world);
    for (const list of [
      "events",
      "checkpoints",
      "outputs",
      "state",
      "resources",
      "usage",
      "tool-calls",
      "iterations",
    ]) {
      expect((await world.call("GET", `/v1/runs/none/${list}`)).status).toBe(404);
      const foreign = await world.call("GET", `/v1/runs/${run.id}/${list}`, undefined, { "x-project-id": "other" });
      expect([foreign.status, foreign.json.error.message]).toEqual([404, "run not found"]);
    }
  });
});
