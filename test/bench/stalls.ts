import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { isMainThread, parentPort, Worker } from "node:worker_threads";
import { createOpikLocal } from "../../src/server.ts";

/*
 * Measures how long large requests keep the server from others: `npm run bench:stalls`. The server is in this
 * thread and its client in another, so on a busy machine the numbers are too high.
 */

const MEGABYTE = 1_000_000;
const JOBS = "/v1/private/local-runners/jobs";
const PROJECT = "0197f0a0-0000-7000-8000-000000000001";

interface LargeRequest {
  name: string;
  method: "GET" | "POST";
  path: string;
  /** Makes the body in the client's thread. */
  body?: () => string;
}

const REQUESTS: readonly LargeRequest[] = [
  { name: "fixture of 10,000 jobs", method: "POST", path: "/__local/fixtures", body: () => fixtureOf(10_000) },
  {
    name: "job of 40 MB of small values",
    method: "POST",
    path: JOBS,
    body: () => jobOf(`[${"1,".repeat(20 * MEGABYTE)}1]`),
  },
  { name: "job of one text of 60 MB", method: "POST", path: JOBS, body: () => jobOf(`"${"x".repeat(60 * MEGABYTE)}"`) },
  { name: "both jobs read", method: "GET", path: "/v1/private/local-runners/RUNNER/jobs?size=2" },
  { name: "export of all", method: "GET", path: "/__local/fixtures" },
];

function fixtureOf(jobs: number): string {
  const job = { runner: "laptop", agent: "echo", status: "completed", inputs: { text: "hello", list: [1, 2, 3] } };
  const fixture = {
    projects: [{ name: "demo", id: PROJECT }],
    runners: [{ name: "laptop", project: "demo", keep_alive: true, agents: [{ name: "echo" }] }],
    jobs: Array.from({ length: jobs }, () => job),
  };
  return JSON.stringify({ files: [{ name: "large.json", text: JSON.stringify(fixture, null, 2) }] });
}

function jobOf(value: string): string {
  return `{"agent_name":"echo","project_id":"${PROJECT}","inputs":{"value":${value}}}`;
}

async function measure(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "opik-local-stalls-"));
  const server = createOpikLocal({ config: { port: 0, database: join(folder, "stalls.db") } });
  const url = await server.listen();
  const client = new Worker(new URL(import.meta.url));
  const delay = monitorEventLoopDelay({ resolution: 1 });
  try {
    for (const index of REQUESTS.keys()) {
      const runner = server.opik.runners.all()[0]?.id;
      const ask = (question: unknown): Promise<unknown> =>
        new Promise((resolve) => {
          client.once("message", resolve);
          client.postMessage(question, []);
        });
      await ask({ prepare: index });
      delay.reset();
      delay.enable();
      const startedAt = performance.now();
      const status = await ask({ send: index, url, runner });
      const took = performance.now() - startedAt;
      delay.disable();
      const cells = [took, delay.max / MEGABYTE, delay.percentile(99) / MEGABYTE].map((ms) => `${ms.toFixed(0)} ms`);
      console.log([REQUESTS[index]?.name.padEnd(32), status, ...cells.map((cell) => cell.padStart(9))].join(" "));
    }
  } finally {
    await client.terminate();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Makes a body when it is asked to, and sends it when it is asked to. */
function serveAsClient(): void {
  let body: string | undefined;
  parentPort?.on("message", async (question: { prepare?: number; send?: number; url?: string; runner?: string }) => {
    const { method, path = "", body: makeBody } = REQUESTS[question.prepare ?? question.send ?? 0] ?? {};
    if (question.prepare !== undefined) {
      body = makeBody?.();
      parentPort?.postMessage("prepared", []);
      return;
    }
    const headers = { "content-type": "application/json" };
    const target = `${question.url}${path.replace("RUNNER", question.runner ?? "")}`;
    const response = await fetch(target, { method: method ?? "GET", headers, ...(body !== undefined && { body }) });
    for await (const chunk of response.body ?? []) void chunk;
    parentPort?.postMessage(response.status, []);
  });
}

if (isMainThread) {
  console.log(["".padEnd(32), "   ", "took".padStart(9), "longest".padStart(9), "p99".padStart(9)].join(" "));
  await measure();
} else {
  serveAsClient();
}
