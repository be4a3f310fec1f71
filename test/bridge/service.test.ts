import * as v from "valibot";
import { describe, expect, test, vi } from "vitest";
import type { Config } from "../../src/config.ts";
import { RawJson } from "../../src/core/json.ts";
import type { Job } from "../../src/opik/runners/jobs/schema.ts";
import { registerAgentsRequest } from "../../src/opik/runners/schema.ts";
import { OpikError } from "../../src/opik/wire/errors.ts";
import type { OpikLocalParts } from "../../src/server.ts";
import { createDispatchWorld, type DispatchWorld } from "../strait/dispatch/world.ts";

const OWNER = { workspace: "default", user: "admin" };
const RUNNER = "0198c0de-0000-7000-8000-000000000001";

const AGENTS = v.parse(registerAgentsRequest, new Map([["echo", {}]]));

/** A world with a runner that has the agent "echo", and a job that it executes. */
async function withRunner(
  definition: Record<string, unknown> = {},
  config: Partial<Config> = {},
): Promise<{ world: DispatchWorld; opik: OpikLocalParts["opik"]; jobId: string; next: () => Promise<Job> }> {
  const world = createDispatchWorld(config);
  const { opik } = world.server;
  const projectId = opik.projects.getOrCreate(OWNER, "My project");
  opik.runners.activate(OWNER, { id: RUNNER, projectId, type: "endpoint", name: "laptop", keepAlive: true });
  opik.runners.registerAgents(OWNER, RUNNER, AGENTS);
  const jobId = await world.job({ endpoint_url: "opik://My%20project/echo", ...definition });
  const next = async (): Promise<Job> => {
    const job = await opik.jobs.next(OWNER, RUNNER, AbortSignal.timeout(60_000));
    if (job === undefined) throw new Error("no job came");
    return job;
  };
  return { world, opik, jobId, next };
}

const report = (status: "completed" | "failed", more: { result?: RawJson; error?: string } = {}) => ({
  status,
  result: more.result,
  error: more.error,
  trace_id: undefined,
});

describe("a run of an opik:// job", () => {
  test("becomes a job of the runner: payload, logs and result go through", async () => {
    const { world, opik, jobId, next } = await withRunner();
    const id = await world.trigger(jobId, { payload: { question: "why?", ratio: 1.0 } });
    const job = await next();
    expect(job).toMatchObject({ agent_name: "echo", inputs: new RawJson('{"question":"why?","ratio":1}') });
    opik.jobs.appendLogs(OWNER, job.id, [
      { stream: "stdout", text: "thinking" },
      { stream: "stderr", text: "hm" },
    ]);
    opik.jobs.report(OWNER, job.id, report("completed", { result: new RawJson('{"result":1.0}') }));
    expect(world.run(id)).toMatchObject({ status: "completed", result_json: '{"result":1.0}' });
    const { json } = await world.call("GET", `/v1/runs/${id}/events`);
    expect(json.data).toMatchObject([
      { type: "log", level: "info", message: "thinking" },
      { type: "log", level: "error", message: "hm" },
    ]);
  });

  test("goes on when its agent says more than its history takes", async () => {
    const { world, opik, jobId, next } = await withRunner({}, { maxEventsPerRun: 1 });
    const id = await world.trigger(jobId);
    const job = await next();
    opik.jobs.appendLogs(OWNER, job.id, [
      { stream: "stdout", text: "first" },
      { stream: "stdout", text: "second" },
    ]);
    opik.jobs.report(OWNER, job.id, report("completed"));
    expect(world.run(id).status).toBe("completed");
    const { json } = await world.call("GET", `/v1/runs/${id}/events`);
    expect(json.data).toMatchObject([{ message: "first" }]);
    expect([...opik.jobs.logs(OWNER, job.id, 0)]).toHaveLength(2);
  });

  test("carries its token only when the job asks for it", async () => {
    const { world, opik, jobId, next } = await withRunner();
    await world.trigger(jobId);
    const without = await next();
    expect(without.inputs?.text).toBe("{}");
    opik.jobs.report(OWNER, without.id, report("completed"));

    await world.call("PATCH", `/v1/jobs/${jobId}`, { default_run_metadata: { opik_local_run_token: "input" } });
    const id = await world.trigger(jobId);
    const inputs = (await next()).inputs?.parse() as { OPIK_LOCAL_RUN_TOKEN: string };
    const said = await world.speak(id, inputs.OPIK_LOCAL_RUN_TOKEN, "log", { message: "I speak for myself" });
    expect(said.status).toBe(201);
  });

  test("is tried again when its agent fails, and is a dead letter in the end", async () => {
    const { world, opik, jobId, next } = await withRunner({ max_attempts: 2, retry_strategy: "fixed" });
    const id = await world.trigger(jobId);
    opik.jobs.report(OWNER, (await next()).id, report("failed", { error: "Error: no tea" }));
    expect(world.run(id)).toMatchObject({
      status: "queued",
      attempt: 2,
      error: "Error: no tea",
      error_class: "server",
    });
    await world.clock.advance(1_000);
    opik.jobs.report(OWNER, (await next()).id, report("failed", { error: "Error: still no tea" }));
    expect(world.run(id)).toMatchObject({ status: "dead_letter", error: "Error: still no tea" });
  });

  test("fails by why its job has failed, not by the text of the error", async () => {
    const { world, opik, jobId, next } = await withRunner({ max_attempts: 1 }, { jobTimeoutMs: 10_000 });
    const byAgent = await world.trigger(jobId);
    opik.jobs.report(OWNER, (await next()).id, report("failed", { error: "Runner disconnected" }));
    expect(world.run(byAgent)).toMatchObject({ error: "Runner disconnected", error_class: "server" });

    const byTime = await world.trigger(jobId);
    const late = await next();
    await world.clock.advance(11_000);
    opik.jobs.failOverdue();
    expect(opik.jobs.findRow(late.id)).toMatchObject({ status: "failed", failure: "timed-out" });
    expect(world.run(byTime)).toMatchObject({ error: "Job timed out after 10s", error_class: "timeout" });

    const byRunner = await world.trigger(jobId);
    const running = await next();
    opik.runners.disconnect(OWNER, RUNNER);
    expect(opik.jobs.findRow(running.id)).toMatchObject({ status: "failed", failure: "runner-gone" });
    expect(world.run(byRunner)).toMatchObject({ error: "Runner disconnected", error_class: "connection" });
  });

  test("takes its job along when its time is over", async () => {
    const { world, opik, jobId, next } = await withRunner({ timeout_secs: 10, max_attempts: 1 });
    const id = await world.trigger(jobId);
    const job = await next();
    await world.clock.advance(10_000);
    expect(world.run(id).status).toBe("timed_out");
    expect(opik.jobs.find(job.id)?.status).toBe("cancelled");
  });

  test("is not lost while its agent works longer than runs may be silent", async () => {
    const { world, opik, jobId, next } = await withRunner({ timeout_secs: 3_600 });
    const id = await world.trigger(jobId);
    const job = await next();
    await world.clock.advance(1_700_000);
    expect(world.server.runs.runHeartbeats.countLeft(), "without a watch").toBe(0);
    opik.jobs.report(OWNER, job.id, report("completed"));
    expect(world.run(id)).toMatchObject({ status: "completed", attempt: 1 });
  });

  test("is cancelled with its job, and its job with it", async () => {
    const { world, opik, jobId, next } = await withRunner();
    const first = await world.trigger(jobId);
    opik.jobs.cancel(OWNER, (await next()).id);
    expect(world.run(first).status).toBe("canceled");

    const second = await world.trigger(jobId);
    const job = await next();
    await world.call("DELETE", `/v1/runs/${second}`);
    expect(opik.jobs.find(job.id)?.status).toBe("cancelled");
  });

  test("that waits for an event becomes another job when it comes; the first one's result means nothing", async () => {
    const { world, opik, jobId, next } = await withRunner({ default_run_metadata: { opik_local_run_token: "input" } });
    const id = await world.trigger(jobId);
    const first = await next();
    const { OPIK_LOCAL_RUN_TOKEN: token } = (first.inputs ?? new RawJson("{}")).parse() as {
      OPIK_LOCAL_RUN_TOKEN: string;
    };
    expect((await world.speak(id, token, "wait-for-event", { event_key: "go" })).status).toBe(200);
    await world.call("POST", "/v1/events/go/send", {});
    const second = await next();
    opik.jobs.report(OWNER, first.id, report("completed", { result: new RawJson('"first"') }));
    expect(world.run(id).status).toBe("executing");
    opik.jobs.report(OWNER, second.id, report("completed", { result: new RawJson('"second"') }));
    expect(world.run(id)).toMatchObject({ status: "completed", result_json: '"second"' });
  });
});

describe("a run that no runner can have", () => {
  test.for([
    ["opik://nowhere/echo", "connection", 'there is no project "nowhere", and so no runner for it', "queued"],
    ["opik://My%20project/unknown", "client", "Agent 'unknown' is not registered on this runner", "dead_letter"],
  ] as const)("of %s is of class %s", async ([endpoint_url, error_class, error, status]) => {
    const { world, jobId } = await withRunner({ endpoint_url });
    const id = await world.trigger(jobId);
    expect(await world.untilAttemptFailed(id)).toMatchObject({ status, error_class, error });
  });

  test("because its job is from a time when addresses were not checked is not tried again", async () => {
    const { world, jobId } = await withRunner({ endpoint_url: "opik://My%20project/echo" });
    const { database } = world.server;
    database.prepare("UPDATE executor_jobs SET definition_json = replace(definition_json, '/echo', '')").run();
    expect(await world.untilAttemptFailed(await world.trigger(jobId))).toMatchObject({
      status: "dead_letter",
      error_class: "client",
      error: "opik://My%20project is no opik://<project>/<agent>",
    });
  });

  test("because it is not connected is tried again, and executed when it is back", async () => {
    const { world, opik, jobId, next } = await withRunner({ retry_strategy: "fixed" });
    opik.runners.disconnect(OWNER, RUNNER);
    const id = await world.trigger(jobId);
    expect(await world.untilAttemptFailed(id)).toMatchObject({ error_class: "connection", attempt: 2 });
    const projectId = opik.projects.getOrCreate(OWNER, "My project");
    opik.runners.activate(OWNER, { id: RUNNER, projectId, type: "endpoint", name: "laptop", keepAlive: true });
    opik.runners.registerAgents(OWNER, RUNNER, AGENTS);
    await world.clock.advance(1_000);
    opik.jobs.report(OWNER, (await next()).id, report("completed"));
    expect(world.run(id).status).toBe("completed");
  });

  test("because its job was refused half-way leaves no job behind", async () => {
    const { world, opik, jobId } = await withRunner();
    const create = opik.jobs.create.bind(opik.jobs);
    let made = "";
    vi.spyOn(opik.jobs, "create").mockImplementationOnce((owner, request) => {
      made = create(owner, request);
      throw OpikError.message(429, "too many jobs");
    });
    const id = await world.trigger(jobId);
    const run = await world.untilAttemptFailed(id);
    expect(run).toMatchObject({ status: "queued", error: "too many jobs", error_class: "rate_limited" });
    expect([made !== "", opik.jobs.find(made)]).toEqual([true, undefined]);
  });

  test("because its payload is no object is not tried again", async () => {
    const { world, jobId } = await withRunner();
    const id = await world.trigger(jobId, { payload: [1, 2] });
    expect(await world.untilRunIs(id, "dead_letter")).toMatchObject({ error_class: "client" });
  });
});
