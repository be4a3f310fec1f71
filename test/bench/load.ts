import { once } from "node:events";
import { Agent, createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { SystemClock } from "../../src/core/clock.ts";
import { createIdSource } from "../../src/core/ids.ts";
import { type BenchRunner, RUNNERS } from "./runners.ts";

/** The process that makes requests and takes the times, one scenario per message. */
export type Scenario =
  /** Full cycles (create, next, running, logs, result) on `lanes` runners at once, for `ms` milliseconds: cycles per second. */
  | { kind: "cycles"; url: string; lanes: number; ms: number }
  /** `count` full cycles on `lanes` runners at once: nothing. */
  | { kind: "cycle-count"; url: string; lanes: number; count: number }
  /** From sending a job to reading it in a poll, with `polls` polls waiting: one time in milliseconds for each of `samples` jobs. */
  | { kind: "dispatch"; url: string; polls: number; samples: number }
  /** Executor runs (trigger, push, complete) in `lanes` lanes at once, for `ms` milliseconds: runs per second. */
  | { kind: "runs"; url: string; lanes: number; ms: number }
  /** Batches of `size` new spans, one after another, for `ms` milliseconds: spans per second. */
  | { kind: "spans"; url: string; size: number; ms: number }
  /** Opens `polls` polls and keeps them until the next scenario. */
  | { kind: "hold"; url: string; polls: number };

const BASE = "/v1/private/local-runners";
const LOGS = ["reading", "thinking", "writing"].map((text) => ({ stream: "stdout", text }));
const ids = createIdSource(new SystemClock());
let agent = new Agent();

process.on("message", (scenario: Scenario) => {
  agent.destroy();
  agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });
  void run(scenario).then((numbers) => process.send?.(numbers));
});
process.once("disconnect", () => agent.destroy());

async function run(scenario: Scenario): Promise<number[]> {
  if (scenario.kind === "cycles") return [await cycles(scenario.url, scenario.lanes, scenario.ms)];
  if (scenario.kind === "cycle-count") return countedCycles(scenario.url, scenario.lanes, scenario.count);
  if (scenario.kind === "runs") return [await runs(scenario.url, scenario.lanes, scenario.ms)];
  if (scenario.kind === "spans") return [await spans(scenario.url, scenario.size, scenario.ms)];
  if (scenario.kind === "dispatch") return dispatch(scenario.url, scenario.polls, scenario.samples);
  await hold(scenario.url, scenario.polls);
  return [];
}

async function cycles(url: string, lanes: number, ms: number): Promise<number> {
  const startedAt = performance.now();
  const counts = await Promise.all(
    RUNNERS.slice(0, lanes).map(async (runner) => {
      let count = 0;
      for (; performance.now() - startedAt < ms; count += 1) await cycle(url, runner);
      return count;
    }),
  );
  const total = counts.reduce((sum, count) => sum + count, 0);
  return (total / (performance.now() - startedAt)) * 1000;
}

async function countedCycles(url: string, lanes: number, count: number): Promise<[]> {
  let left = count;
  await Promise.all(
    RUNNERS.slice(0, lanes).map(async (runner) => {
      while ((left -= 1) >= 0) await cycle(url, runner);
    }),
  );
  return [];
}

async function cycle(url: string, runner: BenchRunner): Promise<void> {
  await createJob(url, runner);
  const job = `${url}${BASE}/jobs/${(await nextJob(url, runner)).id}`;
  await post(`${job}/results`, { status: "running" });
  await post(`${job}/logs`, LOGS);
  await post(`${job}/results`, { status: "completed", result: { answer: 42 } });
}

async function runs(url: string, lanes: number, ms: number): Promise<number> {
  const completed = new Map<number, () => void>();
  const executor = createServer(async (pushed, answer) => {
    const { lane } = (await json(pushed)) as { lane: number };
    const { "x-run-id": id, "x-run-token": token } = pushed.headers;
    await post(
      `${url}/sdk/v1/runs/${String(id)}/complete`,
      { result: lane },
      { authorization: `Bearer ${String(token)}` },
    );
    answer.end();
    completed.get(lane)?.();
  }).listen(0, "127.0.0.1");
  await once(executor, "listening");
  const endpoint_url = `http://127.0.0.1:${(executor.address() as AddressInfo).port}`;
  const slug = `bench-${(executor.address() as AddressInfo).port}-${performance.now()}`;
  const job = JSON.parse(await post(`${url}/v1/jobs`, { name: slug, slug, endpoint_url })) as { id: string };
  const startedAt = performance.now();
  const counts = await Promise.all(
    Array.from({ length: lanes }, async (_, lane) => {
      let count = 0;
      for (; performance.now() - startedAt < ms; count += 1) {
        const done = new Promise<void>((resolve) => completed.set(lane, resolve));
        await Promise.all([post(`${url}/v1/jobs/${encodeURIComponent(job.id)}/trigger`, { payload: { lane } }), done]);
      }
      return count;
    }),
  );
  const took = performance.now() - startedAt;
  executor.close();
  return (counts.reduce((sum, count) => sum + count, 0) / took) * 1000;
}

async function spans(url: string, size: number, ms: number): Promise<number> {
  const startedAt = performance.now();
  let count = 0;
  for (; performance.now() - startedAt < ms; count += size) {
    await post(`${url}/v1/private/spans/batch`, { spans: newSpans(size) });
  }
  return (count / (performance.now() - startedAt)) * 1000;
}

/** Spans of one trace, as an SDK sends them when they have ended. */
function newSpans(size: number): object[] {
  const trace_id = ids.uuid();
  const [start_time, end_time] = [0, 1_500].map((ms) => new Date(Date.now() + ms).toISOString());
  return Array.from({ length: size }, () => ({
    id: ids.uuid(),
    trace_id,
    project_name: "bench",
    name: "chat_completion",
    type: "llm",
    start_time,
    end_time,
    last_updated_at: end_time,
    input: { messages: [{ role: "user", content: "How large is it, and how large can it become?" }] },
    output: { choices: [{ message: { role: "assistant", content: "As large as this." } }] },
    metadata: { created_from: "openai", temperature: 0.7 },
    tags: ["openai"],
    model: "gpt-4o-mini",
    provider: "openai",
    usage: { prompt_tokens: 24, completion_tokens: 7, total_tokens: 31 },
  }));
}

async function dispatch(url: string, polls: number, samples: number): Promise<number[]> {
  const runners = RUNNERS.slice(0, polls);
  const waiting = runners.map((runner) => nextJob(url, runner));
  await settled(url);
  const times: number[] = [];
  for (let sample = 0; sample < samples; sample += 1) {
    const at = (sample * 7919) % polls;
    const runner = runners[at]!;
    const startedAt = performance.now();
    const [, job] = await Promise.all([createJob(url, runner), waiting[at]!]);
    times.push(performance.now() - startedAt);
    await post(`${url}${BASE}/jobs/${job.id}/results`, { status: "completed" });
    waiting[at] = nextJob(url, runner);
  }
  // The bare server does not notice polls that leave, so each gets a job.
  await Promise.all(runners.map((runner) => createJob(url, runner)));
  await Promise.all(waiting);
  return times;
}

async function hold(url: string, polls: number): Promise<void> {
  for (let poll = 0; poll < polls; poll += 1) {
    nextJob(url, RUNNERS[poll % RUNNERS.length]!).catch(() => undefined);
    // In portions, so that the server's backlog of connections does not overflow.
    if (poll % 100 === 99) await settled(url);
  }
  await settled(url);
}

/** Resolves when the server has seen every request sent before. */
async function settled(url: string): Promise<void> {
  for (let times = 0; times < 3; times += 1) await send("GET", `${url}/is-alive/ping`);
}

async function createJob(url: string, runner: BenchRunner): Promise<void> {
  await post(`${url}${BASE}/jobs`, { agent_name: "echo", project_id: runner.projectId, inputs: { question: "why?" } });
}

async function nextJob(url: string, runner: BenchRunner): Promise<{ id: string }> {
  return JSON.parse(await post(`${url}${BASE}/${runner.id}/jobs/next`)) as { id: string };
}

function post(url: string, body?: unknown, headers?: Record<string, string>): Promise<string> {
  return send("POST", url, body, headers);
}

function send(method: string, url: string, body?: unknown, more: Record<string, string> = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const payload = body === undefined ? undefined : JSON.stringify(body);
    const headers = {
      ...more,
      ...(payload && { "content-type": "application/json", "content-length": Buffer.byteLength(payload) }),
    };
    const sent = request(url, { method, agent, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => (text += chunk));
      response.on("error", reject);
      response.on("end", () => {
        if (response.statusCode! < 300) resolve(text);
        else reject(new Error(`${method} ${url}: ${response.statusCode} ${text}`));
      });
    });
    sent.on("error", reject);
    sent.end(payload);
  });
}
