import { describe, expect, test } from "vitest";
import { createStraitWorld } from "../../world.ts";

describe("a job", () => {
  test.for([
    [{ slug: "x".repeat(129) }, 400, "slug too long (max 128 characters)"],
    [{ slug: "x".repeat(256) }, 422, "slug: failed on 'max'"],
    [{ endpoint_url: "" }, 400, "endpoint_url is required"],
    [{ endpoint_url: "nowhere" }, 422, "endpoint_url: failed on 'url'"],
    [{ endpoint_url: "ftp://localhost/" }, 400, "invalid endpoint_url: url must use http or https scheme"],
    [{ timeout_secs: 86_401 }, 400, "timeout_secs must not exceed 86400 (24 hours)"],
    [{ max_attempts: 101 }, 422, "max_attempts: failed on 'max'"],
    [{ retry_strategy: "hope" }, 422, "retry_strategy: failed on 'oneof'"],
    [{ retry_delays_secs: [1, 0] }, 400, "retry_delays_secs values must be positive"],
    [{ queue_name: "no spaces" }, 400, "queue_name must match ^[A-Za-z0-9_-]{1,63}$"],
    [{ webhook_secret: "short" }, 422, "webhook_secret: failed on 'min'"],
    [
      { debounce_window_secs: 1, batch_window_secs: 1 },
      400,
      "debounce_window_secs and batch_window_secs are mutually exclusive",
    ],
    [
      { cron: "* * *" },
      400,
      "cron expression must have exactly 5 fields (minute hour day-of-month month day-of-week), got 3",
    ],
  ] as const)("cannot have %j", async ([given, status, message]) => {
    await using world = createStraitWorld();
    const body = { name: "a", slug: "a", endpoint_url: "http://localhost/", ...given };
    const answer = await world.call("POST", "/v1/jobs", body);
    expect([answer.status, answer.json.error.details?.[0] ?? answer.json.error.message]).toEqual([status, message]);
  });

  test("of a worker needs no endpoint, and one on loopback may have any port", async () => {
    await using world = createStraitWorld();
    await world.job({ endpoint_url: "", execution_mode: "worker" });
    await world.job({ endpoint_url: "http://127.0.0.1:54321/" });
    await world.job({ endpoint_url: "opik://project/agent" });
    await world.job({ endpoint_url: "OPIK://tea%20house/wait/a%2Fwhile" });
    expect((await world.call("GET", "/v1/jobs")).json.data).toHaveLength(4);
  });

  test.for(["opik://demo", "opik://demo/", "opik:demo/echo", "opik:///echo", "opik://demo/100%", "opik://demo/a?b"])(
    "has no endpoint %s, which names no agent",
    async (endpoint_url) => {
      await using world = createStraitWorld();
      const id = await world.job({ endpoint_url: "opik://demo/echo" });
      const answers = [
        await world.call("POST", "/v1/jobs", { name: "a", slug: "a", endpoint_url }),
        await world.call("PATCH", `/v1/jobs/${id}`, { endpoint_url }),
        await world.call("POST", `/v1/jobs/${id}/endpoint`, { endpoint_url }),
      ];
      const message = expect.stringMatching(/^invalid endpoint_url: must be opik:\/\/PROJECT\/AGENT/);
      for (const { status, json } of answers) expect([status, json.error.message]).toEqual([400, message]);
      expect((await world.call("GET", `/v1/jobs/${id}`)).json).toMatchObject({ endpoint_url: "opik://demo/echo" });
    },
  );

  test.for([" opik://demo/echo", "opik\n://demo/echo", " http://localhost/", "http://local\thost/"])(
    "has no endpoint %j, of which only a browser would make a URL",
    async (endpoint_url) => {
      await using world = createStraitWorld();
      const id = await world.job();
      const refusal = [422, ["endpoint_url: failed on 'url'"]];
      const created = await world.call("POST", "/v1/jobs", { name: "a", slug: "a", endpoint_url });
      expect([created.status, created.json.error.details]).toEqual(refusal);
      const moved = await world.call("POST", `/v1/jobs/${id}/endpoint`, { endpoint_url });
      expect([moved.status, moved.json.error.details]).toEqual(refusal);
    },
  );

  test("has a slug of its own in its project", async () => {
    await using world = createStraitWorld();
    await world.job({ slug: "taken" });
    const again = { name: "b", slug: "taken", endpoint_url: "http://localhost/" };
    const refused = await world.call("POST", "/v1/jobs", again);
    expect([refused.status, refused.json.error.message]).toEqual([
      409,
      'job with slug "taken" already exists: job slug conflict',
    ]);
    expect((await world.call("POST", "/v1/jobs", { ...again, project_id: "other" })).status).toBe(201);
  });

  test("that is changed keeps what is not said, and its versions remember", async () => {
    await using world = createStraitWorld();
    const id = await world.job({ description: "first", max_attempts: 5 });
    const before = await world.call("GET", `/v1/jobs/${id}`);
    const changed = await world.call("PATCH", `/v1/jobs/${id}`, { description: "second" });
    expect(changed.json).toMatchObject({ description: "second", max_attempts: 5, version: 2, updated_by: "local" });
    expect(changed.json.version_id).not.toBe(before.json.version_id);
    const { json } = await world.call("GET", `/v1/jobs/${id}/versions`);
    expect(json.data.map((version: { description: string }) => version.description)).toEqual(["first"]);
    const first = await world.call("GET", `/v1/jobs/${id}/versions/${before.json.version_id}`);
    expect(first.json).toMatchObject({ job_id: id, version: 1, description: "first" });
  });

  test("is paused and resumed, as often as one likes", async () => {
    await using world = createStraitWorld();
    const id = await world.job();
    const paused = { paused: true, paused_at: "2026-01-01T00:00:00Z", pause_reason: "why" };
    expect((await world.call("POST", `/v1/jobs/${id}/pause`, { reason: "why" })).json).toMatchObject(paused);
    await world.clock.advance(1_000);
    expect((await world.call("POST", `/v1/jobs/${id}/pause`)).json).toMatchObject(paused);
    const resumed = (await world.call("POST", `/v1/jobs/${id}/resume`)).json;
    expect([resumed.paused, resumed.paused_at, resumed.pause_reason]).toEqual([false, undefined, undefined]);
  });

  test("is cloned under another name", async () => {
    await using world = createStraitWorld();
    const id = await world.job({ max_attempts: 7, tags: { a: "b" } });
    const clone = await world.call("POST", `/v1/jobs/${id}/clone`, { name: "copy", slug: "copy" });
    expect(clone.json).toMatchObject({ name: "copy", slug: "copy", max_attempts: 7, tags: { a: "b" }, version: 1 });
  });

  test("shows a new signing secret once", async () => {
    await using world = createStraitWorld();
    const id = await world.job();
    const body = { endpoint_url: "http://localhost/new", rotate_signing_secret: true };
    const { json } = await world.call("POST", `/v1/jobs/${id}/endpoint`, body);
    expect(json.signing_secret).toMatch(/^esec_[0-9a-f]{64}$/);
    expect(json.job.endpoint_url).toBe("http://localhost/new");
    expect((await world.call("GET", `/v1/jobs/${id}`)).text).not.toContain(json.signing_secret);
  });

  test("is deleted when its runs have ended, and not before", async () => {
    await using world = createStraitWorld();
    const id = await world.job();
    const { json } = await world.call("POST", `/v1/jobs/${id}/trigger`);
    const refused = await world.call("DELETE", `/v1/jobs/${id}`);
    expect([refused.status, refused.json.error.message]).toEqual([
      409,
      "job has active runs — cancel them first or wait for completion",
    ]);
    await world.call("DELETE", `/v1/runs/${json.id}`);
    const deleted = await world.call("DELETE", `/v1/jobs/${id}`);
    expect([deleted.status, deleted.text]).toEqual([204, ""]);
    expect((await world.call("GET", `/v1/jobs/${id}`)).status).toBe(404);
    expect((await world.call("GET", `/v1/runs/${json.id}`)).status).toBe(404);
  });

  test("is deleted with all of its runs, however many", async () => {
    await using world = createStraitWorld();
    const { runs } = world.server.runs;
    const [id, other] = [await world.job(), await world.job()];
    const given = { project_id: "default", triggered_by: "manual", status: "completed" } as const;
    for (let count = 0; count < 1_001; count += 1) runs.create({ ...given, job_id: id });
    const kept = runs.create({ ...given, job_id: other });
    expect((await world.call("DELETE", `/v1/jobs/${id}`)).status).toBe(204);
    expect(runs.countCreatedSince(id, 0)).toBe(0);
    expect(runs.find(kept.id)).toBeDefined();
  });

  test("is found in the list by slug and by tag", async () => {
    await using world = createStraitWorld();
    const one = await world.job({ slug: "one", tags: { team: "x" } });
    await world.job({ slug: "two", tags: { team: "y" } });
    const list = async (query: string) =>
      (await world.call("GET", `/v1/jobs?${query}`)).json.data.map(({ id }: { id: string }) => id);
    expect(await list("slug=one")).toEqual([one]);
    expect(await list("tag_key=team&tag_value=x")).toEqual([one]);
    expect(await list("tag_key=team")).toHaveLength(2);
  });
});
