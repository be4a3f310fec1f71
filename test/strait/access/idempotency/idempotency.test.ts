import { describe, expect, test, vi } from "vitest";
import { createStraitWorld } from "../../world.ts";

const HOUR = 3_600_000;

describe("an idempotency key", () => {
  test("gives the first answer again, to the letter, and makes nothing", async () => {
    await using world = createStraitWorld();
    const job = await world.job();
    const send = (payload: unknown) =>
      world.call("POST", `/v1/jobs/${job}/trigger`, { payload }, { "idempotency-key": "k" });
    const first = await send(1);
    const again = await send(2);
    expect([again.status, again.text]).toEqual([201, first.text]);
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    expect(first.headers.get("idempotency-replayed")).toBeNull();
    expect(world.server.runs.runs.countCreatedSince(job, 0)).toBe(1);
  });

  test("of another caller meets the run: 200 and its present status", async () => {
    await using world = createStraitWorld();
    const job = await world.job();
    const send = (actor: string) =>
      world.call("POST", `/v1/jobs/${job}/trigger`, {}, { "x-idempotency-key": "k", "x-actor-id": actor });
    const first = await send("ann");
    const { runs } = world.server.runs;
    const executing = runs.transition(runs.find(first.json.id)!, "executing");
    const hit = await send("bob");
    expect(hit.status).toBe(200);
    expect(hit.json).toMatchObject({ id: first.json.id, status: "executing", idempotency_hit: true });
    runs.transition(executing, "completed");
    await world.clock.advance(24 * HOUR - 1);
    expect((await send("eve")).json).toMatchObject({ id: first.json.id, status: "completed" });
    await world.clock.advance(1);
    expect((await send("dan")).status).toBe(201);
  });

  test("keeps no refusal", async () => {
    await using world = createStraitWorld();
    const send = (slug: string) =>
      world.call(
        "POST",
        "/v1/jobs",
        { name: "a", slug, endpoint_url: "http://localhost/" },
        { "idempotency-key": "k" },
      );
    expect((await send("")).status).toBe(422);
    expect((await send("a")).status).toBe(201);
  });

  test("is refused while the first request with it is being answered", async () => {
    await using world = createStraitWorld();
    const job = await world.job();
    const send = () => world.call("POST", `/v1/jobs/${job}/trigger`, {}, { "idempotency-key": "k" });
    const answers = await Promise.all([send(), send()]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409]);
    expect(world.server.runs.runs.countCreatedSince(job, 0)).toBe(1);
  });

  test("whose answer cannot be kept has done nothing, and can be sent again", async () => {
    await using world = createStraitWorld();
    const { runs, triggers } = world.server.runs;
    const job = await world.job();
    const emitted: string[] = [];
    world.server.events.onAny(({ name }) => emitted.push(name));
    const send = () => world.call("POST", `/v1/jobs/${job}/trigger`, {}, { "idempotency-key": "k" });
    const { database } = world.server;
    database
      .prepare("CREATE TRIGGER crash BEFORE INSERT ON executor_idempotency BEGIN SELECT RAISE(ABORT, 'crash'); END")
      .run();
    const trigger = vi.spyOn(triggers, "trigger");
    expect((await send()).status).toBe(500);
    expect(trigger.mock.results, "the run was made, and the crash came after it").toMatchObject([{ type: "return" }]);
    expect(runs.countCreatedSince(job, 0)).toBe(0);
    expect(emitted).not.toContain("run:created");
    database.prepare("DROP TRIGGER crash").run();
    const { status, json } = await send();
    expect([status, json.idempotency_hit]).toEqual([201, false]);
    expect((await send()).headers.get("idempotency-replayed")).toBe("true");
    expect(runs.countCreatedSince(job, 0)).toBe(1);
  });

  test("in both headers means the one for the answer and the other for the run", async () => {
    await using world = createStraitWorld();
    const job = await world.job();
    const send = (standard: string, extended: string) =>
      world.call("POST", `/v1/jobs/${job}/trigger`, {}, { "idempotency-key": standard, "x-idempotency-key": extended });
    const first = await send("a", "b");
    const otherRun = await send("a", "c");
    expect([otherRun.text, otherRun.headers.get("idempotency-replayed")]).toEqual([first.text, "true"]);
    const otherAnswer = await send("c", "b");
    expect([otherAnswer.status, otherAnswer.json.id]).toEqual([200, first.json.id]);
  });

  test("longer than 256 bytes is refused", async () => {
    await using world = createStraitWorld();
    const job = await world.job();
    const headers = { "x-idempotency-key": "k".repeat(257) };
    const answer = await world.call("POST", `/v1/jobs/${job}/trigger`, {}, headers);
    expect([answer.status, answer.json.error.message]).toEqual([
      400,
      "idempotency key must be 256 characters or fewer",
    ]);
  });
});
