import { writeFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { join } from "node:path";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { closestOf } from "../../../src/cli/recording/closest.ts";
import type { RecordedExchange } from "../../../src/cli/recording/exchange.ts";
import { readRecording, writeRecording } from "../../../src/cli/recording/file.ts";
import { toFixture } from "../../../src/cli/recording/fixture.ts";
import { normalizeBody, normalizePath } from "../../../src/cli/recording/normalize.ts";
import { Recorder } from "../../../src/cli/recording/recorder.ts";
import { Replayer } from "../../../src/cli/recording/replayer.ts";
import { editDistance } from "../../../src/core/did-you-mean.ts";
import { readFixtureFiles } from "../../../src/fixtures/load/files.ts";
import { listen } from "../../../src/http/listener.ts";
import { startOpikLocal, type TestServer } from "../../../src/testing/index.ts";
import { server } from "../../fixtures/support.ts";
import { openStream } from "../../support/event-stream-reader.ts";
import { run, testTerminal } from "../terminal.ts";

vi.mock(import("../../../src/core/did-you-mean.ts"), { spy: true });

const RUNNER = "00000000-0000-7000-8000-00000000aaaa";
const FIXTURE = {
  projects: [{ name: "demo", id: "0198c0de-0000-7000-8000-00000000000a" }],
  runners: [{ name: "laptop", id: RUNNER, project: "demo", keep_alive: true, agents: [{ name: "echo" }] }],
  executor_jobs: [{ slug: "deploy", definition: { execution_mode: "worker" } as object }],
};
const PRIVATE = "/api/v1/private";

/** Serves an app on a free port until the test ends. */
async function serve(app: Parameters<typeof listen>[0]): Promise<string> {
  const listener = await listen(app, "127.0.0.1", 0);
  onTestFinished(() => listener.close(0));
  return listener.url;
}

/** Starts a server with a runner. */
async function upstream(): Promise<TestServer> {
  const opik = await startOpikLocal({ fixtures: FIXTURE, clock: "system" });
  onTestFinished(() => opik.stop());
  return opik;
}

/** Records what clients get of a server that answers so. */
async function recordOf(handle: RequestListener): Promise<{ url: string; recorder: Recorder; failures: string[] }> {
  const bad = createServer(handle);
  await new Promise<void>((resolve) => bad.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    bad.closeAllConnections();
    bad.close();
  });
  const failures: string[] = [];
  const recorder = new Recorder({
    upstream: new URL(`http://127.0.0.1:${(bad.address() as AddressInfo).port}`),
    onFailed: (method, path, reason) => failures.push(`${method} ${path}: ${reason}`),
  });
  return { url: await serve(recorder.app), recorder, failures };
}

async function send(url: string, method: string, path: string, body?: unknown): Promise<Response> {
  const text = body === undefined ? {} : { body: JSON.stringify(body) };
  const headers = { "content-type": "application/json", authorization: "a-secret-key" };
  const answer = await fetch(url + path, { method, headers, ...text });
  expect(answer.status).toBeLessThan(300);
  return answer;
}

/**
 * What clients do in a run: an agent that polls, a user that submits a job while the poll is held, a trace with an id of
 * the client, and a stream of a run's events. Each run has other ids and times.
 */
async function work(url: string, traceId: string): Promise<unknown[]> {
  const poll = send(url, "POST", `${PRIVATE}/local-runners/${RUNNER}/jobs/next`);
  const { content } = (await (await send(url, "GET", `${PRIVATE}/projects?page=1&size=10`)).json()) as {
    content: Array<{ id: string }>;
  };
  const job = { agent_name: "echo", project_id: content[0]!.id, inputs: { text: "hi" } };
  const created = await send(url, "POST", `${PRIVATE}/local-runners/jobs`, job);
  const taken = (await (await poll).json()) as { id: string };
  expect(created.headers.get("location")).toBe(`${url}${PRIVATE.replace("/api", "")}/local-runners/jobs/${taken.id}`);
  await send(url, "POST", `${PRIVATE}/local-runners/jobs/${taken.id}/logs`, [{ stream: "stdout", text: "echo: hi" }]);
  const start_time = new Date(Number.parseInt(traceId.slice(0, 8), 16)).toISOString();
  await send(url, "POST", `${PRIVATE}/traces`, { id: traceId, project_name: "demo", name: "echo", start_time });
  const report = { status: "completed", result: { text: "hi" }, trace_id: traceId };
  await send(url, "POST", `${PRIVATE}/local-runners/jobs/${taken.id}/results`, report);
  const ended = await (await send(url, "GET", `${PRIVATE}/local-runners/jobs/${taken.id}`)).json();
  const trace = await (await send(url, "GET", `${PRIVATE}/traces/${traceId}`)).json();
  expect(trace).toMatchObject({ id: traceId });
  return [taken, ended, trace];
}

/** The exchanges without what differs between two runs, in the order in which they were received. */
function journalOf(exchanges: readonly RecordedExchange[]): unknown[] {
  return exchanges
    .toSorted((left, right) => left.received - right.received)
    .map(({ method, path, body = "", status, headers, answer = "", parts }) => ({
      ...{ method, path: normalizePath(path).text, body: normalizeBody(body).text, status },
      type: headers["content-type"],
      answer: normalizeBody(answer).text,
      parts: parts && normalizeBody(parts.map(({ text }) => text).join("")).text,
    }));
}

const FIRST = "0198c0de-0000-7000-8000-0000000000f1";
const SECOND = "0199ffff-0000-7000-8000-0000000000f2";

describe("a recording of opik-local", () => {
  test("replays to the same journal, with a held poll, ids of the client, and other times", async () => {
    const opik = await upstream();
    const recorder = new Recorder({ upstream: new URL(opik.url) });
    await work(await serve(recorder.app), FIRST);
    const recorded = recorder.exchanges;
    expect(recorded).toHaveLength(8);

    const replayer = new Replayer(recorded);
    const again = new Recorder({ upstream: new URL(await serve(replayer.app)) });
    const answers = await work(await serve(again.app), SECOND);
    expect(journalOf(again.exchanges)).toEqual(journalOf(recorded));
    expect(replayer.counts).toEqual({ matched: 8, unmatched: 0, unused: 0 });
    expect(JSON.stringify(answers)).toContain(SECOND);
    expect(JSON.stringify(answers)).not.toContain(FIRST);
  });

  test("replays a stream part by part, each behind what caused it", async () => {
    const opik = await upstream();
    const recorder = new Recorder({ upstream: new URL(opik.url) });
    const stream = async (url: string): Promise<string[]> => {
      const events = await openStream(`${url}/__local/events?name=job:status:changed`);
      const { content } = (await (await send(url, "GET", `${PRIVATE}/projects?page=1&size=10`)).json()) as {
        content: Array<{ id: string }>;
      };
      const job = { agent_name: "echo", project_id: content[0]!.id };
      const created = await send(url, "POST", `${PRIVATE}/local-runners/jobs`, job);
      const first = await events.next();
      const id = created.headers.get("location")!.split("/").at(-1)!;
      await send(url, "POST", `${PRIVATE}/local-runners/jobs/${id}/cancel`);
      const second = await events.next();
      await events.leave();
      return [first, second].map((event) => normalizeBody(event?.data ?? "").text);
    };
    const seen = await stream(await serve(recorder.app));
    await recorder.settled();
    expect(recorder.exchanges.find(({ path }) => path.startsWith("/__local/events"))?.parts?.length).toBeGreaterThan(0);
    const replayer = new Replayer(recorder.exchanges);
    onTestFinished(() => replayer.stop());
    expect(await stream(await serve(replayer.app))).toEqual(seen);
  });

  test("is a fixture that loads what went through, without secrets", async () => {
    const opik = await upstream();
    const recorder = new Recorder({ upstream: new URL(opik.url) });
    const url = await serve(recorder.app);
    await work(url, FIRST);
    const span = { id: SECOND, trace_id: FIRST, project_name: "demo", start_time: "2026-01-01T00:00:00.123456Z" };
    const inner = {
      ...span,
      id: SECOND.replace("f2", "f3"),
      parent_span_id: SECOND,
      name: "inner",
      usage: { tokens: 3 },
    };
    const stray = {
      ...span,
      id: SECOND.replace("f2", "f4"),
      trace_id: SECOND,
      project_name: "elsewhere",
      type: "tool",
    };
    await send(url, "POST", `${PRIVATE}/spans/batch`, {
      spans: [{ ...span, name: "outer", input: null }, inner, stray],
    });
    const ended = { project_name: "demo", end_time: "2026-01-01T00:00:01Z", output: { exact: 1.5 }, trace_id: FIRST };
    await send(url, "PATCH", `${PRIVATE}/spans/${SECOND}`, { ...ended });
    await send(url, "PATCH", `${PRIVATE}/traces/${FIRST}`, { ...ended, trace_id: undefined, tags: ["a"], name: " " });
    await send(url, "POST", "/v1/secrets", {
      ...{ project_id: "default", secret_key: "TOKEN", encrypted_value: "x", value: "my-secret-value" },
    }).catch(() => undefined);
    const { folder } = testTerminal();
    writeRecording(join(folder, "run.yaml"), toFixture(recorder.exchanges, Date.UTC(2026, 0, 1)));
    const files = readFixtureFiles(["run.yaml"], folder);
    expect(files[0]?.text).not.toContain("a-secret-key");
    expect(files[0]?.text).not.toContain("my-secret-value");
    expect(readRecording("run.yaml", folder)).toHaveLength(recorder.exchanges.length);
    const target = server();
    expect(target.fixtures.load(files)).toMatchObject({
      ...{ projects: { added: 2 }, runners: { added: 1 }, traces: { added: 1 }, spans: { added: 1 } },
    });
    const shown = async (path: string): Promise<unknown> => (await target.request(`${PRIVATE}${path}`)).json();
    expect(await shown(`/traces/${FIRST}`)).toMatchObject({
      ...{ name: "echo", end_time: "2026-01-01T00:00:01Z", output: { exact: 1.5 }, tags: ["a"], span_count: 2 },
    });
    expect(await shown(`/spans?project_name=demo&trace_id=${FIRST}`)).toMatchObject({
      content: [
        { name: "inner", parent_span_id: SECOND, usage: { tokens: 3 }, start_time: "2026-01-01T00:00:00.123456Z" },
        { name: "outer", end_time: "2026-01-01T00:00:01Z", output: { exact: 1.5 } },
      ],
    });
    expect(await shown(`/spans/${stray.id}`)).toMatchObject({ trace_id: SECOND, type: "tool" });
    const [job] = target.opik.jobs.all();
    expect(job).toMatchObject({ agent_name: "echo", status: "completed", trace_id: FIRST, runner_id: RUNNER });
    expect(job?.result?.text).toBe('{"text":"hi"}');
    expect(target.opik.jobs.logsOf(job!.id)).toEqual([{ stream: "stdout", text: "echo: hi" }]);
  });

  test("is a fixture with the scores of traces, spans and threads that were not deleted", async () => {
    const opik = await upstream();
    const recorder = new Recorder({ upstream: new URL(opik.url) });
    const url = await serve(recorder.app);
    const about = { project_name: "demo", source: "sdk" };
    const start_time = "2026-01-01T00:00:00Z";
    const stray = SECOND.replace("f2", "f4");
    await send(url, "POST", `${PRIVATE}/traces`, { id: FIRST, project_name: "demo", thread_id: "chat", start_time });
    await send(url, "POST", `${PRIVATE}/spans/batch`, {
      spans: [
        { id: SECOND, trace_id: FIRST, project_name: "demo", start_time },
        { id: stray, trace_id: SECOND, project_name: "demo", start_time },
      ],
    });
    await send(url, "PUT", `${PRIVATE}/traces/feedback-scores`, {
      scores: [
        { ...about, id: FIRST, name: "quality", value: 0.25 },
        { ...about, id: FIRST, name: "style", value: 1 },
      ],
    });
    const again = { name: "quality", value: 0.75, reason: "better", category_name: "good", source: "ui" };
    await send(url, "PUT", `${PRIVATE}/traces/${FIRST}/feedback-scores`, again);
    await send(url, "POST", `${PRIVATE}/traces/${FIRST}/feedback-scores/delete`, { name: "style" });
    await send(url, "PUT", `${PRIVATE}/spans/feedback-scores`, {
      scores: [
        { ...about, id: SECOND, name: "speed", value: 0.5 },
        { ...about, id: stray, name: "speed", value: 0.125 },
      ],
    });
    await send(url, "PUT", `${PRIVATE}/traces/threads/feedback-scores`, {
      scores: [
        { ...about, thread_id: "chat", name: "mood", value: 1 },
        { ...about, thread_id: "chat", name: "gone", value: 0 },
      ],
    });
    const deleted = { project_name: "demo", thread_id: "chat", names: ["gone"] };
    await send(url, "POST", `${PRIVATE}/traces/threads/feedback-scores/delete`, deleted);
    const { folder } = testTerminal();
    writeRecording(join(folder, "run.yaml"), toFixture(recorder.exchanges, Date.UTC(2026, 0, 1)));
    const target = server();
    target.fixtures.load(readFixtureFiles(["run.yaml"], folder));
    const shown = async (path: string): Promise<{ feedback_scores?: object[] }> =>
      (await target.request(`${PRIVATE}${path}`)).json() as Promise<{ feedback_scores?: object[] }>;
    const ofTrace = await shown(`/traces/${FIRST}`);
    expect(ofTrace.feedback_scores).toMatchObject([again]);
    expect(ofTrace.feedback_scores).toHaveLength(1);
    expect((await shown(`/spans/${SECOND}`)).feedback_scores).toMatchObject([{ name: "speed", value: 0.5 }]);
    expect((await shown(`/spans/${stray}`)).feedback_scores).toMatchObject([{ name: "speed", value: 0.125 }]);
    const threads = (await shown("/traces/threads?project_name=demo")) as { content?: object[] };
    expect(threads.content).toMatchObject([{ id: "chat", feedback_scores: [{ name: "mood", value: 1 }] }]);
  });

  test("an answer that names an id of a client waits for the request that brings it", async () => {
    const [job, trace] = [FIRST.replace("f1", "a1"), FIRST];
    const results = `/v1/private/local-runners/jobs/${job}/results`;
    const exchange = { headers: {}, status: 200 };
    const exchanges: RecordedExchange[] = [
      { ...exchange, method: "POST", path: results, body: `{"trace_id":"${trace}"}`, received: 1, answered: 1 },
      {
        ...exchange,
        method: "GET",
        path: `/v1/jobs/${job}`,
        received: 2,
        answered: 2,
        answer: `{"trace_id":"${trace}"}`,
      },
    ];
    const replayer = new Replayer(exchanges);
    onTestFinished(() => replayer.stop());
    const shown = replayer.app.request(`/v1/jobs/${job}`);
    await replayer.app.request(results, { method: "POST", body: `{"trace_id":"${SECOND}"}` });
    expect(await (await shown).json()).toEqual({ trace_id: SECOND });
  });

  test("answers what was not recorded with the closest request", async () => {
    const exchanges = [
      { method: "POST", path: "/v1/a", body: '{"text":"hi"}', received: 0, status: 204, headers: {}, answered: 1 },
    ];
    const unmatched: unknown[] = [];
    const replayer = new Replayer(exchanges, { onUnmatched: (one) => unmatched.push(one) });
    const ask = async (method: string, path: string, body?: string): Promise<unknown> => {
      const answer = await replayer.app.request(path, { method, ...(body === undefined ? {} : { body }) });
      return answer.status === 204 ? 204 : answer.json();
    };
    expect(await ask("POST", "/v1/a", '{ "text": "hi" }')).toBe(204);
    expect(await ask("POST", "/v1/a", '{"text":"ho"}')).toMatchObject({
      code: 404,
      message: "This request was not recorded: POST /v1/a",
      closest: { method: "POST", path: "/v1/a", difference: expect.stringContaining('instead of {"text":"ho"}') },
    });
    expect(await ask("GET", "/v1/a")).toMatchObject({ closest: { difference: "the method is POST" } });
    expect(await ask("GET", "/something/else/altogether")).not.toHaveProperty("closest");
    expect(unmatched).toHaveLength(3);
  });
});

test("the closest of very many requests is found without comparing all their bodies", () => {
  vi.mocked(editDistance).mockClear();
  const recorded = Array.from({ length: 2_000 }, (_, index) => ({
    ...{ method: "POST", path: `/v1/things/${index % 2 === 0 ? "near" : "far"}` },
    body: `{"text":"${index}"}`,
  }));
  const closest = closestOf({ method: "POST", path: "/v1/things/nearer", body: '{"text":"other"}' }, recorded);
  expect(closest).toMatchObject({ path: "/v1/things/near", difference: "the path is /v1/things/near" });
  expect(vi.mocked(editDistance).mock.calls.length).toBeLessThan(100);
});

describe("a recording of a server that does not behave", () => {
  test("has no answers that were cut off, and ends", async () => {
    const { url, recorder, failures } = await recordOf((_request, response) => {
      response.writeHead(200, { "content-type": "application/json", "content-length": 100 });
      response.write('{"a":', () => response.destroy());
    });
    await expect((async () => (await fetch(`${url}/cut`)).text())()).rejects.toThrow();
    await recorder.settled();
    expect({ exchanges: recorder.exchanges, failures }).toEqual({
      exchanges: [],
      failures: ["GET /cut: it was cut off"],
    });
  });

  test("ends also after statuses that no answer can have, and those that have no body", async () => {
    const { url, recorder, failures } = await recordOf(({ url: path = "" }, response) => {
      response.writeHead(Number(path.slice(1))).end();
    });
    const statuses = await Promise.all([205, 204, 999].map(async (one) => (await fetch(`${url}/${one}`)).status));
    expect(statuses).toEqual([205, 204, 502]);
    await recorder.settled();
    expect(recorder.exchanges.map(({ status }) => status).toSorted()).toEqual([204, 205]);
    expect(failures).toEqual(["GET /999: its status is 999"]);
  });

  test("reports a request that was cut off", async () => {
    const { url, failures } = await recordOf((_request, response) => void response.end());
    const { port } = new URL(url);
    const socket = connect(Number(port), "127.0.0.1");
    socket.write("POST /x HTTP/1.1\r\nhost: localhost\r\ncontent-length: 10\r\n\r\nabc", () => socket.destroy());
    await vi.waitFor(() => expect(failures).toHaveLength(1));
    expect(failures[0]).toContain("POST /x: ");
  });

  test("has answers without the compression that was not asked for, and without their secrets", async () => {
    const { url, recorder } = await recordOf((_request, response) => {
      response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" });
      response.end(gzipSync('{"token":"hidden","x":1.0}'));
    });
    expect(await (await fetch(`${url}/x`)).text()).toBe('{"token":"hidden","x":1.0}');
    await recorder.settled();
    expect(recorder.exchanges).toMatchObject([{ answer: '{"token":"[redacted]","x":1.0}' }]);
    const replayed = await new Replayer(recorder.exchanges).app.request("/x");
    expect(replayed.headers.get("content-encoding")).toBeNull();
    expect(await replayed.json()).toEqual({ token: "[redacted]", x: 1 });
  });

  test.for([
    ["gzip", gzipSync],
    ["deflate", deflateSync],
    ["br", brotliCompressSync],
    ["GZIP", (bytes: Buffer) => bytes],
  ] as const)("finds requests again that are compressed with %s, or only say so", async ([encoding, compress]) => {
    const { url, recorder } = await recordOf((_request, response) => void response.end("ok"));
    const init = { method: "POST", headers: { "content-encoding": encoding }, body: compress(Buffer.from('{"x":1}')) };
    await (await fetch(`${url}/x`, init)).text();
    await recorder.settled();
    expect(recorder.exchanges).toMatchObject([{ body: '{"x":1}' }]);
    expect(await (await new Replayer(recorder.exchanges).app.request("/x", init)).text()).toBe("ok");
  });
});

describe("opik-local record and replay", () => {
  test("write a file at the end, and answer with it", async () => {
    const opik = await upstream();
    const terminal = testTerminal();
    const url = /on (http:\S+?)(?:;|$)/;
    const recording = run(["record", "--upstream", opik.url, "--out", "run.yaml", "--port", "0"], terminal);
    const recordedAt = url.exec(await terminal.stdout.line(url))?.[1] ?? "";
    await send(recordedAt, "GET", "/is-alive/ping");
    terminal.signals.emit("SIGINT");
    expect(await recording).toMatchObject({ code: 0, out: expect.stringContaining("run.yaml: 1 exchange written") });

    const second = { ...testTerminal(), folder: terminal.folder };
    const replaying = run(["replay", "run.yaml", "--port", "0", "--fail-on", "unmatched"], second);
    const replayedAt = url.exec(await second.stdout.line(url))?.[1] ?? "";
    await send(replayedAt, "GET", "/is-alive/ping");
    expect((await fetch(`${replayedAt}/is-alive/pong`)).status).toBe(404);
    second.signals.emit("SIGINT");
    const { code, out, error } = await replaying;
    expect({ code, out }).toEqual({ code: 1, out: expect.stringContaining("1 requests answered, 1 not recorded") });
    expect(error).toContain("closest: GET /is-alive/ping, but the path is /is-alive/ping");
  });

  test("say what is wrong", async () => {
    const terminal = testTerminal();
    writeFileSync(join(terminal.folder, "empty.yaml"), "projects: []");
    const cases = [
      [["record", "--upstream", "nowhere", "--out", "a.yaml"], 2, "--upstream must be an address"],
      [
        ["record", "--upstream", "http://127.0.0.1:1", "--out", "no/a.yaml"],
        2,
        "no does not exist. Choose another file",
      ],
      [["record", "--upstream", "http://127.0.0.1:1", "--out", "a.yaml", "--port", "x"], 2, "--port must be a number"],
      [
        ["replay", "absent.yaml"],
        2,
        "The recording absent.yaml does not exist. Make one with: opik-local record --upstream URL --out FILE",
      ],
      [["replay", "empty.yaml"], 1, "empty.yaml has no exchanges"],
      [["replay", "empty.yaml", "--fail-on", "errors"], 2, "--fail-on can only be unmatched"],
    ] as const;
    for (const [argv, code, message] of cases) {
      const ended = await run([...argv], { ...testTerminal(), folder: terminal.folder });
      expect(ended).toMatchObject({ code, error: expect.stringContaining(message) });
    }
  });
});
