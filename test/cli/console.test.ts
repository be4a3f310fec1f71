import { describe, expect, test } from "vitest";
import { createLog, createPaint, type LogOptions } from "../../src/cli/console/log.ts";
import { type Shown, showEvents } from "../../src/cli/console/show.ts";
import { EventBus } from "../../src/core/events.ts";
import { RawJson } from "../../src/core/json.ts";
import { VirtualClock } from "../../src/core/virtual-clock.ts";
import type { LocalEvents } from "../../src/opik-local.ts";
import type { RunnerNotice } from "../../src/opik/events.ts";
import type { Job, JobStatus } from "../../src/opik/runners/jobs/schema.ts";
import type { Run, RunStatus } from "../../src/strait/run/schema.ts";
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

/** A job of executor runs; all else in these tests is unknown. */
const DEPLOY = { id: "0197aaaa-0000-7000-8000-00000000eb45", slug: "deploy", definition: { max_attempts: 2 } };

const RUN = {
  id: "0197aaaa-0000-7000-8000-0000000055e4",
  job_id: DEPLOY.id,
  status: "queued",
  attempt: 1,
  triggered_by: "manual",
  created_at: "2026-01-01T00:00:00Z",
} as Run;
const OTHER_RUN = "0197aaaa-0000-7000-8000-00000000d00d";

/** A console on a bus of its own. */
function watch(
  options: Partial<LogOptions> = {},
  clock = new VirtualClock(),
  columns?: number,
  publishers?: ConstructorParameters<typeof EventBus<LocalEvents>>[1],
): {
  events: EventBus<LocalEvents>;
  clock: VirtualClock;
  terminal: TestTerminal;
  stop: () => void;
} {
  const events = new EventBus<LocalEvents>(
    { now: () => clock.now(), onListenerError: (error) => expect.fail(String(error)) },
    publishers,
  );
  const terminal = testTerminal({ clock });
  if (columns !== undefined) Object.assign(terminal.stdout, { columns });
  const all = { json: false, quiet: false, verbose: false, ...options };
  const ofRun = ({ job_id }: { job_id: string }): unknown => {
    if (all.quiet) expect.fail("a quiet console looks something up");
    return job_id === DEPLOY.id ? DEPLOY : undefined;
  };
  const stop = showEvents({ events, clock, runs: { jobs: { ofRun } } } as Shown, {
    log: createLog(all, terminal),
    stream: terminal.stdout,
    paint: createPaint(terminal.stdout),
    json: all.json,
    verbose: all.verbose,
  });
  return { events, clock, terminal, stop };
}

function change(status: JobStatus, from?: JobStatus, rest: Partial<Job> = {}): LocalEvents["job:status:changed"] {
  return { job: { ...JOB, ...rest, status }, workspace: "default", ...(from === undefined ? {} : { from }) };
}

/** A run's change, at the console's time as far as nothing else is said. */
function moved(status: RunStatus, from: RunStatus, rest: Partial<Run> = {}): LocalEvents["run:status:changed"] {
  return { run: { ...RUN, ...rest, status }, from };
}

describe("the console", () => {
  test("prints how a job goes in one line, with all the states it has had and how long it took", () => {
    const { events, terminal } = watch();
    const start = { started_at: JOB.created_at };
    events.emit("job:status:changed", change("pending"));
    events.emit("job:status:changed", change("running", "pending", start));
    const end = { ...start, completed_at: "2026-01-01T00:00:01.200Z" };
    events.emit("job:status:changed", change("completed", "running", end));
    expect(terminal.stdout.lines).toEqual(["job 0197…c3f1 echo: pending → running → completed 1.2 s"]);
  });

  test("prints the states of a job as they come when it is verbose", () => {
    const { events, terminal } = watch({ verbose: true });
    const start = { started_at: JOB.created_at };
    events.emit("job:status:changed", change("pending"));
    events.emit("job:status:changed", change("running", "pending", start));
    expect(terminal.stdout.lines).toEqual(["job 0197…c3f1 echo: pending", "job 0197…c3f1 echo: pending → running"]);
  });

  test("prints a job that stays in a state for a second", async () => {
    const { events, clock, terminal } = watch();
    const other = { id: OTHER_RUN };
    events.emit("job:status:changed", change("pending"));
    await clock.advance(600);
    events.emit("job:status:changed", change("pending", undefined, other));
    events.emit("job:status:changed", change("running", "pending"));
    await clock.advance(399);
    expect(terminal.stdout.lines).toEqual([]);
    await clock.advance(1);
    expect(terminal.stdout.lines).toEqual(["job 0197…c3f1 echo: pending → running"]);
    await clock.advance(600);
    expect(terminal.stdout.lines.slice(1)).toEqual(["job 0197…d00d echo: pending"]);
    await clock.advance(60_000);
    expect(terminal.stdout.lines).toHaveLength(2);
  });

  test("prints the last state of all jobs when it is stopped", () => {
    const { events, terminal, stop } = watch();
    events.emit("job:status:changed", change("pending"));
    stop();
    expect(terminal.stdout.lines).toEqual(["job 0197…c3f1 echo: pending"]);
  });

  test("tracks a job from before the start from its present state, and prints why a job failed", () => {
    const { events, terminal } = watch();
    const times = { started_at: JOB.created_at, completed_at: "2026-01-01T00:03:00.000Z" };
    events.emit("job:status:changed", change("failed", "running", { ...times, error: "Boom\nat line 1" }));
    expect(terminal.stdout.lines).toEqual(["job 0197…c3f1 echo: running → failed 3 min (Boom)"]);
  });

  test("prints how long the work took, and how long it waited for it when that was long", () => {
    const { events, terminal } = watch();
    const end = { started_at: "2026-01-01T00:05:00.000Z", completed_at: "2026-01-01T00:05:00.050Z" };
    events.emit("job:status:changed", change("running", "pending", { started_at: end.started_at }));
    events.emit("job:status:changed", change("completed", "running", end));
    expect(terminal.stdout.lines.at(-1)).toBe(
      "job 0197…c3f1 echo: pending → running → completed 50 ms after 5 min in the queue",
    );
    events.emit("job:status:changed", change("cancelled", "pending", { completed_at: end.completed_at }));
    expect(terminal.stdout.lines.at(-1)).toBe("job 0197…c3f1 echo: pending → cancelled after 5 min in the queue");
  });

  test("begins the trackedJob of a job anew that goes back to the queue, and the time that it waits", async () => {
    const { events, clock, terminal } = watch();
    events.emit("job:status:changed", change("pending"));
    events.emit("job:status:changed", change("running", "pending", { started_at: "2026-01-01T00:00:00.000Z" }));
    await clock.advance(60_000);
    events.emit("job:status:changed", change("pending", "running"));
    const end = { started_at: "2026-01-01T00:01:03.000Z", completed_at: "2026-01-01T00:01:04.000Z" };
    events.emit("job:status:changed", change("running", "pending", { started_at: end.started_at }));
    events.emit("job:status:changed", change("completed", "running", end));
    expect(terminal.stdout.lines).toEqual([
      "job 0197…c3f1 echo: pending → running",
      "job 0197…c3f1 echo: running → pending",
      "job 0197…c3f1 echo: pending → running → completed 1.0 s after 3.0 s in the queue",
    ]);
  });

  test("begins all stories anew after a reset, when ids may come again that were there before", async () => {
    const { events, clock, terminal } = watch();
    const start = { started_at: JOB.created_at };
    events.emit("job:status:changed", change("pending"));
    events.emit("job:status:changed", change("running", "pending", start));
    events.emit("run:created", { run: RUN });
    events.emit("run:status:changed", moved("executing", "queued"));
    events.emit("server:reset", {});
    events.emit("job:status:changed", change("pending"));
    events.emit("run:created", { run: RUN });
    await clock.advance(1_000);
    expect(terminal.stdout.lines).toEqual([
      "job 0197…c3f1 echo: pending → running",
      "run 0197…55e4 deploy: queued → executing",
      "everything was deleted",
      "job 0197…c3f1 echo: pending",
      "run 0197…55e4 deploy: queued",
    ]);
  });

  test("shows control characters of names and errors instead of obeying them", () => {
    const { events, terminal } = watch();
    const end = { started_at: JOB.created_at, completed_at: JOB.created_at };
    const hostile = { ...end, agent_name: "e\u001B[2Jch\u0007o", error: "\u009B31m\u202Ered" };
    events.emit("job:status:changed", change("failed", "running", hostile));
    expect(terminal.stdout.lines).toEqual([String.raw`job 0197…c3f1 ech\u0007o: running → failed 0 ms (\u202ered)`]);
  });

  test("prints how a bridge command goes", () => {
    const { events, terminal } = watch();
    const command = { command_id: JOB.id, type: "ReadFile", submitted_at: "2026-01-01T00:00:00.000Z" };
    const start = { picked_up_at: "2026-01-01T00:00:00.001Z" };
    const end = { ...start, completed_at: "2026-01-01T00:00:00.013Z" };
    const emit = (change: object, from?: string): void =>
      events.emit("bridge:command:changed", { command: { ...command, ...change }, from } as never);
    emit({ status: "pending" });
    emit({ ...start, status: "picked_up" }, "pending");
    emit({ ...end, status: "completed" }, "picked_up");
    emit({ status: "timed_out", completed_at: "2026-01-01T00:00:30.000Z" }, "pending");
    const error = (text: string): object => ({ ...end, status: "failed", error: new RawJson(text) });
    emit(error('{"code":"FILE_NOT_FOUND","message":"no such file"}'), "picked_up");
    emit(error('{"code":"TIMEOUT"}'), "picked_up");
    emit(error('"broken"'), "picked_up");
    emit(error("null"), "picked_up");
    expect(terminal.stdout.lines).toEqual([
      "bridge 0197…c3f1 ReadFile: pending → picked_up → completed 12 ms",
      "bridge 0197…c3f1 ReadFile: pending → timed_out after 30.0 s in the queue",
      "bridge 0197…c3f1 ReadFile: picked_up → failed 12 ms (FILE_NOT_FOUND: no such file)",
      "bridge 0197…c3f1 ReadFile: picked_up → failed 12 ms (TIMEOUT)",
      'bridge 0197…c3f1 ReadFile: picked_up → failed 12 ms ("broken")',
      "bridge 0197…c3f1 ReadFile: picked_up → failed 12 ms",
    ]);
  });

  test("prints how an executor run goes, by its job's slug", () => {
    const { events, terminal, stop } = watch();
    const start = { started_at: "2026-01-01T00:00:00.100Z" };
    events.emit("run:created", { run: RUN });
    events.emit("run:status:changed", moved("executing", "queued", start));
    const end = { ...start, finished_at: "2026-01-01T00:00:02.100Z", error: "no such file" };
    events.emit("run:status:changed", moved("failed", "executing", end));
    events.emit("run:created", { run: { ...RUN, job_id: OTHER_RUN } });
    stop();
    expect(terminal.stdout.lines).toEqual([
      "run 0197…55e4 deploy: queued → executing → failed 2.0 s (no such file)",
      "run 0197…55e4 of job 0197…d00d: queued",
    ]);
  });

  test("prints why an attempt failed and when the next one comes, and tracks the run anew", async () => {
    const { events, clock, terminal } = watch();
    const retry = { attempt: 2, error: "endpoint returned 500\nsorry", next_retry_at: "2026-01-01T00:00:10Z" };
    const start = { started_at: "2026-01-01T00:00:00Z" };
    events.emit("run:created", { run: RUN });
    events.emit("run:status:changed", moved("executing", "queued", start));
    await clock.advance(5_001);
    events.emit("run:status:changed", moved("queued", "executing", { ...start, ...retry }));
    const again = { attempt: 2, started_at: "2026-01-01T00:00:10Z" };
    events.emit("run:status:changed", moved("executing", "queued", again));
    const end = { ...again, finished_at: "2026-01-01T00:00:10.050Z", error: "endpoint returned 501" };
    events.emit("run:status:changed", moved("dead_letter", "executing", end));
    expect(terminal.stdout.lines).toEqual([
      "run 0197…55e4 deploy: queued → executing",
      "run 0197…55e4 deploy: executing → queued, attempt 1 of 2 failed: endpoint returned 500, again in 5.0 s",
      "run 0197…55e4 deploy: queued → executing → dead_letter 50 ms (endpoint returned 501)",
    ]);
  });

  test("prints what an endpoint answered to a push that failed, at the status that follows from it", () => {
    const { events, terminal } = watch();
    const retry = { attempt: 2, error: "endpoint returned 500", next_retry_at: "2026-01-01T00:00:01Z" };
    const start = { attempt: 2, started_at: "2026-01-01T00:00:01Z" };
    const end = { ...start, finished_at: "2026-01-01T00:00:01Z", error: "endpoint returned 500" };
    events.emit("run:created", { run: RUN });
    events.emit("run:status:changed", moved("executing", "queued"));
    events.emit("run:push:failed", { run_id: RUN.id, status: 500, body: `{"error":\n"${"x".repeat(500)}"}` });
    events.emit("run:status:changed", moved("queued", "executing", retry));
    events.emit("run:status:changed", moved("executing", "queued", start));
    events.emit("run:push:failed", { run_id: RUN.id, status: 500, body: "no \u0007 disk" });
    events.emit("run:status:changed", moved("dead_letter", "executing", end));
    events.emit("run:status:changed", moved("dead_letter", "executing", end));
    expect(terminal.stdout.lines).toEqual([
      String.raw`run 0197…55e4 deploy: executing → queued, attempt 1 of 2 failed: endpoint returned 500: {"error":\n"${"x".repeat(87)}…, again in 1.0 s`,
      String.raw`run 0197…55e4 deploy: queued → executing → dead_letter 0 ms (endpoint returned 500: no \u0007 disk)`,
      "run 0197…55e4 deploy: executing → dead_letter 0 ms (endpoint returned 500)",
    ]);
  });

  test("counts the attempts as the run says, where it differs from its job", () => {
    const { events, terminal } = watch();
    const retry = { attempt: 4, max_attempts_override: 9, next_retry_at: "2026-01-01T00:00:04Z" };
    events.emit(
      "run:status:changed",
      moved("queued", "executing", { ...retry, error: "heartbeat lost; retry scheduled" }),
    );
    events.emit(
      "run:status:changed",
      moved("queued", "executing", { ...retry, error: "e", id: OTHER_RUN, job_id: OTHER_RUN }),
    );
    expect(terminal.stdout.lines).toEqual([
      "run 0197…55e4 deploy: executing → queued, attempt 3 of 9 failed: heartbeat lost, again in 4.0 s",
      "run 0197…d00d of job 0197…d00d: executing → queued, attempt 3 failed: e, again in 4.0 s",
    ]);
  });

  test("does not take the attempts before for time in the queue, nor one of them for the last", () => {
    const { events, terminal } = watch();
    const start = { attempt: 2, started_at: "2026-01-01T00:10:00Z" };
    const end = { ...start, finished_at: "2026-01-01T00:10:01Z" };
    events.emit("run:status:changed", moved("completed", "executing", end));
    events.emit("run:status:changed", moved("canceled", "queued", { ...end, error: "canceled by user" }));
    expect(terminal.stdout.lines).toEqual([
      "run 0197…55e4 deploy: executing → completed 1.0 s",
      "run 0197…55e4 deploy: queued → canceled (canceled by user)",
    ]);
  });

  test.for<[Partial<Run>, string]>([
    [{ triggered_by: "manual", parent_run_id: OTHER_RUN }, "queued"],
    [{ triggered_by: "job_chain", parent_run_id: OTHER_RUN }, "queued, follows run 0197…d00d"],
    [{ triggered_by: "job_failure", parent_run_id: OTHER_RUN }, "queued, follows the failure of run 0197…d00d"],
    [{ triggered_by: "spawn", parent_run_id: OTHER_RUN }, "queued, spawned by run 0197…d00d"],
    [{ triggered_by: "retry", parent_run_id: OTHER_RUN }, "queued, by retry of run 0197…d00d"],
    [{ triggered_by: "cron" }, "queued, by cron"],
    [{ triggered_by: "debounce" }, "queued, by debounce"],
    [{ replayed_run_id: OTHER_RUN }, "queued, replays run 0197…d00d"],
    [{ continuation_of: OTHER_RUN }, "queued, continues run 0197…d00d"],
    [{ status: "delayed", scheduled_at: "2026-01-01T15:00:00" }, "delayed until 15:00"],
    [{ status: "delayed", scheduled_at: "2026-01-02T03:00:00" }, "delayed until 2026-01-02 03:00"],
    [
      { status: "delayed", scheduled_at: "2026-01-01T12:00:05", triggered_by: "cron" },
      "delayed until 12:00:05, by cron",
    ],
  ])("says where a run comes from, and until when it is delayed: %j", ([run, printed]) => {
    // Like the times above in the computer's own zone, whichever it is.
    const { events, terminal, stop } = watch({}, new VirtualClock(Date.parse("2026-01-01T12:00:00")));
    events.emit("run:created", { run: { ...RUN, ...run } });
    stop();
    expect(terminal.stdout.lines).toEqual([`run 0197…55e4 deploy: ${printed}`]);
  });

  test("says where a run comes from also when it has gone on", () => {
    const { events, terminal } = watch();
    events.emit("run:created", { run: { ...RUN, triggered_by: "cron" } });
    const end = {
      started_at: "2026-01-01T00:00:00Z",
      finished_at: "2026-01-01T00:00:01Z",
      triggered_by: "cron",
    } as const;
    events.emit("run:status:changed", moved("completed", "executing", end));
    expect(terminal.stdout.lines).toEqual(["run 0197…55e4 deploy: queued → completed 1.0 s, by cron"]);
  });

  test("prints when nothing follows a run that something should follow", () => {
    const { events, terminal } = watch();
    events.emit("run:chain:broken", { run_id: JOB.id, next: "report", reason: "there is no such job" });
    expect(terminal.stdout.lines).toEqual(["run 0197…c3f1: is not followed by report (there is no such job)"]);
  });

  test("reports a schedule that never fires", () => {
    const { events, terminal } = watch();
    events.emit("run:schedule:skipped", { job_id: JOB.id, slug: "nightly", timezone: "Mars/X" });
    expect(terminal.stdout.lines).toEqual(["executor job nightly: its cron never fires (unknown time zone Mars/X)"]);
  });

  test("prints how a webhook goes, but not where to", () => {
    const { events, terminal } = watch();
    const emit = (delivery: object): void =>
      events.emit("run:webhook:changed", {
        delivery: { id: JOB.id, webhook_url: "http://hooks.test/secret", attempts: 1, ...delivery } as never,
      });
    emit({ status: "pending", attempts: 0 });
    emit({
      status: "pending",
      last_error: "server error: status 503",
      updated_at: "2026-01-01T00:00:00Z",
      next_retry_at: "2026-01-01T00:00:05Z",
    });
    emit({ status: "dead", last_error: "client error:\n status 410" });
    emit({ status: "delivered" });
    expect(terminal.stdout.lines).toEqual([
      "webhook 0197…c3f1 hooks.test: again in 5.0 s (server error: status 503)",
      String.raw`webhook 0197…c3f1 hooks.test: given up (client error:\n status 410)`,
      "webhook 0197…c3f1 hooks.test: delivered",
    ]);
  });

  test("prints runners and their agents", () => {
    const { events, terminal } = watch();
    events.emit("runner:connected", RUNNER);
    events.emit("runner:agents:registered", { ...RUNNER, agents: [{ name: "echo" }, { name: "s\u0007um" }] as never });
    events.emit("runner:agents:registered", { ...RUNNER, agents: [] });
    events.emit("runner:disconnected", RUNNER);
    events.emit("runner:removed", { ...RUNNER, reason: "evicted" });
    expect(terminal.stdout.lines.map((line) => line.replace("runner 0197…00b2 laptop (endpoint): ", ""))).toEqual([
      "connected",
      String.raw`agents echo, s\u0007um`,
      "has no agents",
      "disconnected, its heartbeats have stopped",
      "evicted by a newer one",
    ]);
  });

  test("reports the field of a request that has no effect", () => {
    const { events, terminal } = watch();
    const ignored = { method: "POST", path: "/v1/jobs" };
    events.emit("http:field:ignored", { ...ignored, field: "queue", hint: "Did you mean queue_name?" });
    events.emit("http:field:ignored", { ...ignored, field: "col\u0007our", hint: "" });
    expect(terminal.stdout.lines).toEqual([
      'note   POST /v1/jobs ignores the field "queue". Did you mean queue_name?',
      String.raw`note   POST /v1/jobs ignores the field "col\u0007our".`,
    ]);
  });

  test("prints once that a runner waits to be paired, and polls for it only when it is verbose", () => {
    const asks = { method: "GET", path: `/api/v1/private/local-runners/${RUNNER.id}`, status: 404, durationMs: 1 };
    const linesWith = (options: Partial<LogOptions>): string[] => {
      const { events, terminal } = watch(options);
      const ask = (change: object = {}): void =>
        events.emit("http:request:answered", { ...asks, routine: false, ...change });
      const { id: runner_id, project_id, workspace } = RUNNER;
      const session = { runner_id, project_id, workspace, expires_at: "2026-01-01T00:05:00Z" };
      events.emit("pairing:session:created", { ...session, type: "connect" });
      for (let count = 0; count < 3; count += 1) ask();
      ask({ path: asks.path.replace("b2", "b3") });
      ask({ method: "PATCH" });
      events.emit("runner:connected", RUNNER);
      ask();
      return terminal.stdout.lines;
    };
    const waits = "runner 0197…00b2 (connect): waits to be paired, open the link that opik connect prints";
    const asked = "GET    /api/v1/private/local-runners/0197…00b2 404 1 ms";
    const others = [asked.replace("b2", "b3"), asked.replace("GET  ", "PATCH")];
    const connected = "runner 0197…00b2 laptop (endpoint): connected";
    expect(linesWith({})).toEqual([waits, ...others, connected, asked]);
    const announced = "runner 0197…00b2 (connect): may be paired";
    expect(linesWith({ verbose: true })).toEqual([announced, waits, asked, asked, ...others, connected, asked]);
    const [first] = linesWith({ json: true });
    expect(JSON.parse(first ?? "")).toMatchObject({
      event: "http:request:answered",
      awaits_pairing: true,
      status: 404,
    });
  });

  test("forgets runners that were not paired in time", async () => {
    const { events, clock, terminal } = watch();
    const announce = (runner_id: string): void => {
      const expires_at = new Date(clock.now() + 300_000).toISOString();
      const session = { runner_id, type: "connect", project_id: "p", workspace: "default", expires_at } as const;
      events.emit("pairing:session:created", session);
    };
    announce(RUNNER.id);
    await clock.advance(300_000);
    announce(OTHER_RUN);
    const path = `/v1/private/local-runners/${RUNNER.id}`;
    events.emit("http:request:answered", { method: "GET", path, status: 404, durationMs: 1, routine: false });
    expect(terminal.stdout.lines).toEqual(["GET    /v1/private/local-runners/0197…00b2 404 1 ms"]);
  });

  test("shows what agents and executors log, line by line, cut where a line is too long", () => {
    const linesWith = (options: Partial<LogOptions>): string[] => {
      const { events, terminal } = watch(options);
      const entries = [
        { stream: "stdout", text: "echo: It works\n" },
        {
          stream: "stderr",
          text: "two\n\nlines\tand \u001B[31mred\u001B[0m \u001B]8;;http://a.test\u0007link\u001B]8;;\u0007 \u0008\r\n",
        },
        { stream: "stdout", text: `${"x".repeat(199)}👍👍` },
        { stream: "stdout", text: `short${" ".repeat(3_000)}and long` },
      ];
      events.emit("job:logs:appended", { job: JOB, workspace: "default", entries, offset: 0 });
      const event = { sequence: 1, id: OTHER_RUN, run_id: RUN.id, type: "log", created_at: 0 };
      const append = (change: object): void =>
        events.emit("run:event:appended", { project_id: "p", event: { ...event, ...change } as never });
      append({ level: "warn", message: "slow" });
      append({ level: "constructor", message: "a level of its own" });
      append({ type: "progress", message: "", data: '{"percent":5}' });
      events.emit("run:status:changed", moved("executing", "queued"));
      append({ level: "info", message: "of a run that is known" });
      return terminal.stdout.lines;
    };
    expect(linesWith({})).toEqual([
      "job 0197…c3f1 echo │ echo: It works",
      "job 0197…c3f1 echo stderr │ two",
      "job 0197…c3f1 echo stderr │",
      String.raw`job 0197…c3f1 echo stderr │ lines and red link \u0008`,
      `job 0197…c3f1 echo │ ${"x".repeat(199)}👍…`,
      "job 0197…c3f1 echo │ short…",
      "run 0197…55e4 warn │ slow",
      "run 0197…55e4 constructor │ a level of its own",
      'run 0197…55e4 progress │ {"percent":5}',
      "run 0197…55e4 deploy │ of a run that is known",
    ]);
    expect(linesWith({ quiet: true })).toEqual([]);
    const [jobs] = linesWith({ json: true });
    expect(JSON.parse(jobs ?? "")).toMatchObject({
      event: "job:logs:appended",
      entries: [{ text: "echo: It works\n" }, {}, {}, {}],
    });
  });

  test("shows the beginning of a text of very many lines", () => {
    const { events, terminal } = watch();
    const entries = [{ stream: "stdout", text: "x\n".repeat(500) }];
    events.emit("job:logs:appended", { job: JOB, workspace: "default", entries, offset: 0 });
    expect(terminal.stdout.lines).toHaveLength(201);
    expect(terminal.stdout.lines.at(-1)).toBe("job 0197…c3f1 echo │ …");
  });

  test("shows requests that were refused, with the reason; the others only when it is verbose", () => {
    const answered = { method: "POST", path: "/v1/jobs", durationMs: 2, routine: false };
    const linesWith = (options: Partial<LogOptions>, columns?: number): string[] => {
      const { events, terminal } = watch(options, new VirtualClock(Date.parse("2026-01-01T09:05:07")), columns);
      events.emit("http:request:answered", { ...answered, status: 201 });
      events.emit("http:request:answered", { ...answered, status: 422, reason: "validation failed:\nname is missing" });
      events.emit("http:request:answered", { ...answered, status: 409, reason: "taken" });
      return terminal.stdout.lines;
    };
    const failed = String.raw`POST   /v1/jobs 422 2 ms validation failed:\nname is missing`;
    expect(linesWith({})).toEqual([failed, "POST   /v1/jobs 409 2 ms taken"]);
    expect(linesWith({ verbose: true })).toEqual([
      "POST   /v1/jobs 201 2 ms",
      failed,
      "POST   /v1/jobs 409 2 ms taken",
    ]);
    expect(linesWith({}, 32)).toEqual([
      "POST   /v1/jobs 422 2 ms",
      String.raw`       validation failed:\nname…`,
      "POST   /v1/jobs 409 2 ms taken",
    ]);
    expect(linesWith({}, 120)).toEqual([`09:05:07 ${failed}`, "09:05:07 POST   /v1/jobs 409 2 ms taken"]);
  });

  test("prints what an answer has cost a client", () => {
    const { events, terminal } = watch();
    events.emit("client:notice", { message: `Job ${JOB.id} is gone` });
    expect(terminal.stdout.lines).toEqual(["note   Job 0197…c3f1 is gone"]);
  });

  test.each([{}, { quiet: true }, { json: true }])("makes no text of a request that is not shown (%j)", (options) => {
    const { events, terminal } = watch(options);
    const answered = { method: "GET", status: 204, durationMs: 1, routine: false };
    events.emit("http:request:answered", {
      ...answered,
      get path(): string {
        return expect.fail("the path is read");
      },
    });
    expect(terminal.stdout.lines).toEqual([]);
  });

  test.each([
    [{}, 1],
    [{ quiet: true }, 0],
  ])("has jobs converted only for the lines that it prints (%j)", (options, conversions) => {
    let converted = 0;
    const convert = (changed: LocalEvents["job:status:changed"]): typeof changed => {
      converted += 1;
      return changed;
    };
    const { events } = watch(options, undefined, undefined, { "job:status:changed": convert } as never);
    events.emit("job:status:changed", change("pending"));
    expect(converted).toBe(conversions);
  });

  test("prints errors on the error stream, also when it is quiet, and where they happened when it is verbose", () => {
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

  test("reports to machines a run's job, which its event does not name", () => {
    const { events, terminal } = watch({ json: true });
    const retry = { attempt: 2, error: "e", next_retry_at: "2026-01-01T00:00:01Z" };
    events.emit("run:status:changed", moved("queued", "executing", retry));
    const job = { slug: "deploy", max_attempts: 2 };
    expect(JSON.parse(terminal.stdout.text)).toMatchObject({ run: { id: RUN.id, ...retry }, from: "executing", job });
  });

  test("shows each of many equal lines", () => {
    const { events, terminal } = watch();
    for (let count = 0; count < 20; count += 1) events.emit("client:notice", { message: "again" });
    expect(terminal.stdout.lines).toHaveLength(20);
  });

  test("looks nothing up for lines that are not printed", () => {
    const { events, terminal } = watch({ quiet: true });
    events.emit("run:created", { run: RUN });
    events.emit("job:status:changed", change("pending"));
    expect(terminal.stdout.text).toBe("");
  });

  test("is silent once it is stopped", () => {
    const { events, terminal, stop } = watch();
    stop();
    events.emit("runner:connected", RUNNER);
    expect(terminal.stdout.text).toBe("");
    expect(events.listenerCount).toBe(0);
  });
});
