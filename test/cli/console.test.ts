import { describe, expect, test } from "vitest";
import { createLog, createPaint, type LogOptions } from "../../src/cli/console/log.ts";
import { showEvents } from "../../src/cli/console/show.ts";
import { EventBus } from "../../src/core/events.ts";
import { RawJson } from "../../src/core/json.ts";
import type { LocalEvents } from "../../src/opik-local.ts";
import type { RunnerNotice } from "../../src/opik/events.ts";
import type { Job, JobStatus } from "../../src/opik/jobs/schema.ts";
import { type TestTerminal, testTerminal } from "./terminal.ts";

const RUNNER: RunnerNotice = {
  id: "0197aaaa-0000-7000-8000-0000000000b2",
  name: "laptop",
  type: "endpoint",
  project_id: "0197aaaa-0000-7000-8000-0000000000a1",
  workspace: "default",
};

const JOB: Job = {
  id: "0197aaaa-0000-7000-8000-00000000c3f1",
  runner_id: RUNNER.id,
  agent_name: "echo",
  status: "pending",
  inputs: new RawJson('{"x":1.0}'),
  project_id: RUNNER.project_id,
  timeout: 60,
  created_at: "2026-01-01T00:00:00.000Z",
} as Job;

/** A console on a bus of its own. */
function watch(options: Partial<LogOptions> = {}): {
  events: EventBus<LocalEvents>;
  terminal: TestTerminal;
  stop: () => void;
} {
  const events = new EventBus<LocalEvents>((error) => expect.fail(String(error)));
  const terminal = testTerminal();
  const all = { json: false, quiet: false, verbose: false, ...options };
  const stop = showEvents(events, {
    log: createLog(all, terminal),
    paint: createPaint(terminal.stdout),
    verbose: all.verbose,
  });
  return { events, terminal, stop };
}

function change(status: JobStatus, from?: JobStatus, rest: Partial<Job> = {}): LocalEvents["job:status:changed"] {
  return { job: { ...JOB, ...rest, status }, ...(from === undefined ? {} : { from }) };
}

describe("the console", () => {
  test("tells how a job goes, with all the states it has had and how long it took", () => {
    const { events, terminal } = watch();
    events.emit("job:status:changed", change("pending"));
    events.emit("job:status:changed", change("running", "pending"));
    events.emit("job:status:changed", change("completed", "running", { completed_at: "2026-01-01T00:00:01.200Z" }));
    expect(terminal.stdout.lines).toEqual([
      "job 0197…c3f1 echo: pending",
      "job 0197…c3f1 echo: pending → running",
      "job 0197…c3f1 echo: pending → running → completed 1.2 s",
    ]);
  });

  test("begins the story of a job from before the start where it finds it, and tells why a job failed", () => {
    const { events, terminal } = watch();
    const end = { completed_at: "2026-01-01T00:03:00.000Z", error: "Boom\nat line 1" };
    events.emit("job:status:changed", change("failed", "running", end));
    expect(terminal.stdout.lines).toEqual(["job 0197…c3f1 echo: running → failed 3 min (Boom)"]);
  });

  test("tells how a bridge command goes", () => {
    const { events, terminal } = watch();
    const command = { command_id: JOB.id, type: "ReadFile", submitted_at: "2026-01-01T00:00:00.000Z" };
    const end = { completed_at: "2026-01-01T00:00:00.012Z" };
    events.emit("bridge:command:changed", { command: { ...command, status: "pending" } } as never);
    events.emit("bridge:command:changed", {
      command: { ...command, ...end, status: "timed_out" },
      from: "pending",
    } as never);
    expect(terminal.stdout.lines.at(-1)).toBe("bridge 0197…c3f1 ReadFile: pending → timed_out 12 ms");
  });

  test("tells how an executor run goes", () => {
    const { events, terminal } = watch();
    const run = { id: JOB.id, job_id: RUNNER.id, created_at: "2026-01-01T00:00:00.000Z" };
    const end = { finished_at: "2026-01-01T00:00:02.000Z", error: "no such file" };
    events.emit("run:created", { run: { ...run, status: "queued" } } as never);
    events.emit("run:status:changed", { run: { ...run, status: "executing" }, from: "queued" } as never);
    events.emit("run:status:changed", { run: { ...run, ...end, status: "failed" }, from: "executing" } as never);
    expect(terminal.stdout.lines.at(-1)).toBe(
      "run 0197…c3f1 of job 0197…00b2: queued → executing → failed 2.0 s (no such file)",
    );
  });

  test("tells when nothing follows a run that something should follow", () => {
    const { events, terminal } = watch();
    events.emit("run:chain:broken", { run_id: JOB.id, next: "report", reason: "there is no such job" });
    expect(terminal.stdout.lines).toEqual(["run 0197…c3f1: is not followed by report (there is no such job)"]);
  });

  test("tells how a webhook goes, but not where to", () => {
    const { events, terminal } = watch();
    const tell = (delivery: object): void =>
      events.emit("run:webhook:changed", {
        delivery: { id: JOB.id, webhook_url: "http://hooks.test/secret", attempts: 1, ...delivery } as never,
      });
    tell({ status: "pending", attempts: 0 });
    tell({
      status: "pending",
      last_error: "server error: status 503",
      updated_at: "2026-01-01T00:00:00Z",
      next_retry_at: "2026-01-01T00:00:05Z",
    });
    tell({ status: "dead", last_error: "client error: status 410" });
    tell({ status: "delivered" });
    expect(terminal.stdout.lines).toEqual([
      "webhook 0197…c3f1 hooks.test: again in 5.0 s (server error: status 503)",
      "webhook 0197…c3f1 hooks.test: given up (client error: status 410)",
      "webhook 0197…c3f1 hooks.test: delivered",
    ]);
  });

  test("tells of runners and their agents", () => {
    const { events, terminal } = watch();
    events.emit("runner:connected", RUNNER);
    events.emit("runner:agents:registered", { ...RUNNER, agents: [{ name: "echo" }, { name: "sum" }] as never });
    events.emit("runner:agents:registered", { ...RUNNER, agents: [] });
    events.emit("runner:disconnected", RUNNER);
    events.emit("runner:removed", { ...RUNNER, reason: "evicted" });
    expect(terminal.stdout.lines.map((line) => line.replace("runner 0197…00b2 laptop (endpoint): ", ""))).toEqual([
      "connected",
      "agents echo, sum",
      "has no agents",
      "disconnected, its heartbeats have stopped",
      "evicted by a newer one",
    ]);
  });

  test("tells what an answer has cost a client", () => {
    const { events, terminal } = watch();
    events.emit("client:notice", { message: `Job ${JOB.id} is gone` });
    expect(terminal.stdout.lines).toEqual(["note   Job 0197…c3f1 is gone"]);
  });

  test("tells of errors on the error stream, also when it is quiet, and where they happened when it is verbose", () => {
    const error = new Error("out of order");
    for (const [options, pattern] of [
      [{}, /^GET \/x failed: out of order\nthe reaper's pass failed: out of order\n$/],
      [{ quiet: true }, /^GET \/x failed: out of order\nthe reaper's pass failed: out of order\n$/],
      [{ verbose: true }, /^GET \/x failed: Error: out of order\n +at /],
    ] as const) {
      const { events, terminal } = watch(options);
      events.emit("http:request:failed", { method: "GET", path: "/x", error });
      events.emit("server:error", { error, during: "the reaper's pass" });
      expect(terminal.stderr.text).toMatch(pattern);
      expect(terminal.stdout.text).toBe("");
    }
  });

  test("gives machines the events as they are, with payloads as they were sent", () => {
    const { events, terminal } = watch({ json: true });
    events.emit("job:status:changed", change("running", "pending"));
    events.emit("server:error", { error: new Error("broken"), during: "x" });
    const [job, failure] = terminal.stdout.lines;
    expect(job).toContain('"inputs":{"x":1.0}');
    expect(JSON.parse(job ?? "")).toMatchObject({
      event: "job:status:changed",
      level: "info",
      from: "pending",
      job: { id: JOB.id },
    });
    expect(JSON.parse(failure ?? "")).toMatchObject({
      event: "server:error",
      level: "error",
      error: "broken",
      during: "x",
    });
  });

  test("shows each of many equal lines", () => {
    const { events, terminal } = watch();
    for (let count = 0; count < 20; count += 1) events.emit("client:notice", { message: "again" });
    expect(terminal.stdout.lines).toHaveLength(20);
  });

  test("is silent once it is stopped", () => {
    const { events, terminal, stop } = watch();
    stop();
    events.emit("runner:connected", RUNNER);
    expect(terminal.stdout.text).toBe("");
    expect(events.listenerCount).toBe(0);
  });
});
