import { describe, expect, onTestFinished, test } from "vitest";
import type { Config } from "../../../src/config.ts";
import { openStream, type StreamReader } from "../../support/event-stream-reader.ts";
import { settled } from "../../support/leaks.ts";
import { type Executor, startRun } from "../executor.ts";
import { createStraitWorld, type StraitWorld } from "../world.ts";

async function listeningWorld(config = {}): Promise<StraitWorld & { url: string }> {
  const world = createStraitWorld({ port: 0, ...config });
  onTestFinished(() => world.server.stop());
  return Object.assign(world, { url: await world.server.listen() });
}

async function follow(url: string, lastEventId?: string): Promise<StreamReader> {
  const stream = await openStream(url, lastEventId);
  onTestFinished(() => stream.leave());
  return stream;
}

async function running(
  definition = {},
  config: Partial<Config> = {},
): Promise<{ world: StraitWorld; executor: Executor; url: string; open: () => number }> {
  const world = await listeningWorld(config);
  const executor = await startRun(world, definition);
  return {
    world,
    executor,
    url: `${world.url}/v1/runs/${executor.runId}/stream`,
    open: () => world.server.runs.streams.open,
  };
}

/** Everything that has a meaning of its own to JSON, to server-sent events or to a terminal. */
const NASTY =
  'line\nbreak\r\nreturn\rquote" back\\slash \u001B[31m\u0007\u000B\u0000\u2028\u2029 <b>&amp; 💥 data: x\n\n';

describe("the stream of a run", () => {
  test("shows events and changes of status as they happen", async () => {
    const { executor, url, world } = await running();
    const stream = await follow(url);
    expect(stream.headers.get("content-type")).toBe("text/event-stream");
    expect(stream.headers.get("cache-control")).toBe("no-cache");
    expect(stream.headers.get("x-accel-buffering")).toBe("no");
    await executor.sdk("POST", "/log", { message: "half way", data: { n: 1 }, level: "warn" });
    expect(await stream.nextJson()).toEqual({
      type: "event",
      event_type: "log",
      run_id: executor.runId,
      level: "warn",
      message: "half way",
      data: { n: 1 },
      timestamp: "2026-01-01T00:00:00Z",
    });
    await world.clock.advance(1_500);
    await executor.sdk("POST", "/fail", { error: "no more" });
    expect(await stream.nextJson()).toEqual({
      type: "status_change",
      run_id: executor.runId,
      from: "executing",
      to: "failed",
      error: "no more",
      timestamp: "2026-01-01T00:00:01.5Z",
    });
  });

  test("names job and project of changes that no executor has reported", async () => {
    const { world, executor, url } = await running({ timeout_secs: 5, max_attempts: 2 });
    const stream = await follow(url);
    await world.clock.advance(5_000);
    const change = { type: "status_change", run_id: executor.runId, job_id: executor.jobId, project_id: "default" };
    const retried = { ...change, from: "executing", to: "queued", timestamp: "2026-01-01T00:00:05Z" };
    expect(await stream.nextJson()).toEqual(retried);
    await world.clock.advance(5_000);
    await world.call("POST", "/__local/runs/next");
    const started = { ...change, from: "dequeued", to: "executing", timestamp: "2026-01-01T00:00:10Z" };
    expect(await stream.nextJson()).toEqual(started);
    await world.clock.advance(5_000);
    const timedOut = { ...change, from: "executing", to: "timed_out", timestamp: "2026-01-01T00:00:15Z" };
    expect(await stream.nextJson()).toEqual(timedOut);
  });

  test("shows nothing of resources, waits, owners and the reaper", async () => {
    const { world, executor, url } = await running({ timeout_secs: 3_600 });
    const { runId } = executor;
    const stream = await follow(url);
    await executor.sdk("POST", "/resources", { memory_percent: 95 });
    await executor.sdk("POST", "/resource-snapshot", { memory_mb: 95, memory_limit_mb: 100 });
    await executor.sdk("POST", "/wait-for-event", { event_key: "go" });
    await world.call("POST", "/v1/events/go/send");
    await executor.sdk("POST", "/log", { message: "one" });
    expect(await stream.nextJson()).toMatchObject({ from: "dequeued", to: "executing" });
    expect(await stream.nextJson()).toMatchObject({ message: "one" });
    await world.call("POST", `/v1/runs/${runId}/pause`);
    await world.call("POST", `/v1/runs/${runId}/resume`);
    await executor.sdk("POST", "/log", { message: "two" });
    expect(await stream.nextJson()).toMatchObject({ from: "dequeued", to: "executing" });
    expect(await stream.nextJson()).toMatchObject({ message: "two" });
    await world.call("DELETE", `/v1/runs/${runId}`);
    expect(world.server.runs.runs.find(runId)?.status).toBe("canceled");
    await world.server.stop();
    expect(await stream.next()).toBeUndefined();
  });

  test("shows nothing of resources to a client that comes back, either", async () => {
    const { executor, url } = await running();
    await executor.sdk("POST", "/log", { message: "one" });
    const stream = await follow(url, "0");
    const seen = await stream.next();
    await stream.leave();
    await executor.sdk("POST", "/resources", { memory_percent: 95 });
    const again = await follow(url, seen?.id);
    await executor.sdk("POST", "/complete", {});
    expect(await again.nextJson()).toMatchObject({ to: "completed" });
    await expect(openStream(url, seen?.id)).rejects.toThrow(/410/);
  });

  test("shows the start of a run as the real server does, from dequeued", async () => {
    const world = await listeningWorld();
    const jobId = await world.job({ execution_mode: "worker" });
    const triggered = await world.call("POST", `/v1/jobs/${jobId}/trigger`, {});
    const stream = await follow(`${world.url}/v1/runs/${triggered.json.id}/stream`);
    await world.call("POST", `/sdk/v1/runs/${triggered.json.id}/heartbeat`, undefined, {
      authorization: `Bearer ${triggered.json.run_token}`,
    });
    expect(await stream.nextJson()).toMatchObject({ type: "status_change", from: "dequeued", to: "executing" });
  });

  test("writes every frame as one line of valid JSON, whatever the text", async () => {
    const { executor, url } = await running();
    const stream = await follow(url);
    await executor.sdk("POST", "/log", { message: NASTY, data: { [NASTY]: NASTY } });
    await executor.sdk("POST", "/progress", { message: "m", step: NASTY });
    await executor.sdk("POST", "/fail", { error: NASTY });
    const withoutNul = NASTY.replaceAll("\0", "");
    const [log, progress, fail] = [await stream.next(), await stream.next(), await stream.next()];
    for (const frame of [log, progress, fail]) {
      expect(frame?.data).not.toMatch(/[\r\n]/);
      expect(frame?.data).toContain("<b>&amp;");
    }
    expect(JSON.parse(log?.data ?? "")).toMatchObject({ message: withoutNul, data: { [NASTY]: NASTY } });
    expect(JSON.parse(progress?.data ?? "")).toMatchObject({ data: { percent: 0, step: withoutNul } });
    expect(JSON.parse(fail?.data ?? "")).toMatchObject({ error: withoutNul });
  });

  test("goes on behind the last event that its client has seen", async () => {
    const { executor, url } = await running();
    const first = await follow(url);
    await executor.sdk("POST", "/log", { message: "one" });
    const seen = await first.next();
    await first.leave();
    await executor.sdk("POST", "/log", { message: "two" });
    await executor.sdk("POST", "/log", { message: "three" });
    const second = await follow(url, seen?.id);
    await executor.sdk("POST", "/log", { message: "four" });
    expect([await second.nextJson(), await second.nextJson(), await second.nextJson()]).toMatchObject([
      { message: "two" },
      { message: "three" },
      { message: "four" },
    ]);
  });

  test("gives changes of status the position of the newest event", async () => {
    const { executor, url, world } = await running();
    await executor.sdk("POST", "/log", { message: "one" });
    const stream = await follow(url);
    await world.call("POST", `/v1/runs/${executor.runId}/restart`);
    await executor.sdk("POST", "/heartbeat");
    const change = await stream.next();
    expect(JSON.parse(change?.data ?? "")).toMatchObject({ from: "dequeued", to: "executing" });
    await stream.leave();
    await executor.sdk("POST", "/log", { message: "two" });
    const again = await follow(url, change?.id);
    expect(await again.nextJson()).toMatchObject({ message: "two" });
  });

  test("of a run that has ended is gone, but for what its client has missed", async () => {
    const { executor, url } = await running();
    await executor.sdk("POST", "/log", { message: "last words" });
    await executor.sdk("POST", "/complete", {});
    await expect(openStream(url)).rejects.toThrow(/410 .*run already in terminal state/);
    const stream = await follow(url, "0");
    const missed = await stream.next();
    expect(JSON.parse(missed?.data ?? "")).toMatchObject({ message: "last words" });
    expect(await stream.next()).toBeUndefined();
    await expect(openStream(url, missed?.id)).rejects.toThrow(/410/);
  });

  test("of an unknown run or another project's is not found", async () => {
    const { world, executor } = await running();
    const unknown = await world.call("GET", "/v1/runs/nobody/stream");
    expect([unknown.status, unknown.json.error.message]).toEqual([404, "run not found"]);
    const headers = { "x-project-id": "other" };
    for (const path of ["/stream", "/stream/chunks", "/stream/logs"]) {
      const foreign = await world.call("GET", `/v1/runs/${executor.runId}${path}`, undefined, headers);
      expect(foreign.status).toBe(404);
    }
  });

  test("says every 15 seconds that it is still there, and ends after half an hour", async () => {
    const { url, world, executor, open } = await running({ timeout_secs: 3_600 }, { runStaleThresholdMs: 3_600_000 });
    const stream = await follow(url);
    await world.clock.advance(14_999);
    // A comment would come before this event.
    await executor.sdk("POST", "/log", { message: "one" });
    expect(await stream.nextJson()).toMatchObject({ message: "one" });
    expect(stream.comments).toEqual([]);
    const end = stream.next();
    await world.clock.advance(30_001);
    await settled(() => stream.comments.length === 3);
    expect(stream.comments).toEqual(Array(3).fill("keepalive"));
    await world.clock.advance(30 * 60_000);
    expect(await end).toBeUndefined();
    expect(open()).toBe(0);
  });

  test("is forgotten as soon as its client has left", async () => {
    const { url, open } = await running();
    const streams = await Promise.all([follow(url), follow(`${url}/chunks`), follow(`${url}/logs`)]);
    expect(open()).toBe(3);
    await streams[0]?.leave();
    await settled(() => open() === 2);
    expect(open()).toBe(2);
    await Promise.all(streams.map((stream) => stream.leave()));
    await settled(() => open() === 0);
    expect(open()).toBe(0);
  });

  test("ends when the server stops", async () => {
    const { url, world, open } = await running();
    const stream = await follow(url);
    await world.server.stop();
    expect(await stream.next()).toBeUndefined();
    expect(open()).toBe(0);
  });

  test("is refused when there are too many", async () => {
    const world = await listeningWorld({ maxEventStreamsPerProject: 2 });
    const { runId } = await startRun(world);
    const url = `${world.url}/v1/runs/${runId}/stream`;
    const first = await follow(url);
    await follow(url);
    await expect(openStream(url)).rejects.toThrow(/503 .*too many SSE connections/);
    await first.leave();
    await settled(() => world.server.runs.streams.open === 1);
    await follow(url);
  });

  test("cuts off a client that reads nothing", async () => {
    const { world, executor, url, open } = await running();
    await follow(url);
    expect(open()).toBe(1);
    const message = "x".repeat(64 * 1024);
    for (let count = 0; count < 2_500 && open() > 0; count += 1) {
      log(world, executor, message);
      await new Promise(setImmediate);
    }
    expect(open()).toBe(0);
  });

  test("reaches a client that reads, however much happens at once", async () => {
    const { world, executor, url } = await running();
    const stream = await follow(url);
    world.server.database.transaction(() => {
      for (let count = 0; count < 2_500; count += 1) log(world, executor, `line ${count}`);
    });
    expect(await messages(stream, 2_500)).toEqual(Array.from({ length: 2_500 }, (_, count) => `line ${count}`));
  });

  test("goes on behind the last event seen, however long ago that was, and then with what happens now", async () => {
    const { world, executor, url } = await running();
    world.server.database.transaction(() => {
      for (let count = 0; count < 2_500; count += 1) log(world, executor, `line ${count}`);
    });
    const stream = await follow(url, "0");
    log(world, executor, "news");
    const expected = [...Array.from({ length: 2_500 }, (_, count) => `line ${count}`), "news"];
    expect(await messages(stream, 2_501)).toEqual(expected);
  });

  test("of a run that has ended closes behind all that its client has missed", async () => {
    const { world, executor, url, open } = await running();
    world.server.database.transaction(() => {
      for (let count = 0; count < 2_500; count += 1) log(world, executor, `line ${count}`);
    });
    await executor.sdk("POST", "/complete", {});
    const stream = await follow(url, "0");
    await messages(stream, 2_500);
    expect(await stream.next()).toBeUndefined();
    expect(open()).toBe(0);
  });
});

function log({ server }: StraitWorld, { runId }: Executor, message: string): void {
  const run = server.runs.runs.find(runId);
  if (run === undefined) throw new Error("there is no run");
  server.runs.runEvents.append(run, { type: "log", level: "info", message, data: undefined });
}

async function messages(stream: StreamReader, count: number): Promise<string[]> {
  const texts: string[] = [];
  while (texts.length < count) texts.push((await stream.nextJson()).message);
  return texts;
}

describe("the stream of chunks", () => {
  test("shows what the executor streams, and nothing else", async () => {
    const { executor, url } = await running();
    const stream = await follow(`${url}/chunks`);
    await executor.sdk("POST", "/log", { message: "not for here" });
    await executor.sdk("POST", "/stream", { chunk: NASTY });
    const last = await executor.sdk("POST", "/stream", { stream_id: "answer", done: true });
    expect([last.status, last.json]).toEqual([200, { status: "ok" }]);
    const timestamp = "2026-01-01T00:00:00Z";
    expect(await stream.nextJson()).toEqual({
      type: "stream_chunk",
      chunk: NASTY.replaceAll("\0", ""),
      stream_id: "default",
      done: false,
      timestamp,
    });
    expect(await stream.nextJson()).toEqual({
      type: "stream_chunk",
      chunk: "",
      stream_id: "answer",
      done: true,
      timestamp,
    });
  });
});

describe("the stream of logs", () => {
  test("shows log lines, named as such", async () => {
    const { executor, url } = await running();
    const stream = await follow(`${url}/logs`);
    await executor.sdk("POST", "/progress", { message: "not for here" });
    await executor.sdk("POST", "/log", { message: "hello" });
    const frame = await stream.next();
    expect(frame?.event).toBe("log");
    expect(JSON.parse(frame?.data ?? "")).toMatchObject({ event_type: "log", message: "hello" });
  });

  test("goes on behind the last line that its client has seen, and stays open when the run has ended", async () => {
    const { world, executor, url } = await running();
    await executor.sdk("POST", "/log", { message: "one" });
    await executor.sdk("POST", "/progress", { message: "not for here" });
    await executor.sdk("POST", "/log", { message: "two" });
    await executor.sdk("POST", "/complete", {});
    const stream = await follow(`${url}/logs`, "0");
    expect(await messages(stream, 2)).toEqual(["one", "two"]);
    const end = stream.next();
    await world.clock.advance(15_000);
    await settled(() => stream.comments.length === 1);
    expect(stream.comments).toEqual(["keepalive"]);
    await world.server.stop();
    expect(await end).toBeUndefined();
  });

  test("shows nothing of a run that is pushed", async () => {
    const world = await listeningWorld();
    const { json: job } = await world.call("POST", "/v1/jobs", { name: "a", slug: "a", endpoint_url: "opik://p/a" });
    const { json } = await world.call("POST", `/v1/jobs/${job.id}/trigger`, { scheduled_at: "2026-01-02T00:00:00Z" });
    const run = world.server.runs.runs.find(json.id);
    const url = `${world.url}/v1/runs/${json.id}/stream`;
    const [logs, all] = [await follow(`${url}/logs`), await follow(url)];
    world.server.runs.runEvents.append(run!, { type: "log", level: "info", message: "m", data: undefined });
    expect(await all.nextJson()).toMatchObject({ message: "m" });
    await world.server.stop();
    expect(await logs.next()).toBeUndefined();
  });
});

describe("the stream of a wait", () => {
  test("begins with the wait as it is and ends with its end", async () => {
    const { executor, world } = await running();
    await executor.sdk("POST", "/wait-for-event", { event_key: "approved/1" });
    const stream = await follow(`${new URL(world.server.url ?? "").origin}/v1/events/approved%2F1/stream`);
    const first = await stream.next();
    expect(first?.event).toBe("status");
    expect(JSON.parse(first?.data ?? "")).toMatchObject({ event_key: "approved/1", status: "waiting" });
    await world.call("POST", "/v1/events/approved%2F1/send", { payload: { yes: true } });
    const second = await stream.next();
    expect(JSON.parse(second?.data ?? "")).toMatchObject({ status: "received", response_payload: { yes: true } });
    expect(await stream.next()).toBeUndefined();
  });

  test("of a wait that is over shows how it ended", async () => {
    const { executor, world } = await running();
    await executor.sdk("POST", "/wait-for-event", { event_key: "late", timeout_secs: 5 });
    await world.clock.advance(5_000);
    const stream = await follow(`${new URL(world.server.url ?? "").origin}/v1/events/late/stream`);
    expect(await stream.nextJson()).toMatchObject({ status: "timed_out", error: "event trigger timed out" });
    expect(await stream.next()).toBeUndefined();
    const unknown = await world.call("GET", "/v1/events/nobody/stream");
    expect([unknown.status, unknown.json.error.message]).toEqual([404, "event trigger not found"]);
  });
});
