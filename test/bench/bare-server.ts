import { randomUUID } from "node:crypto";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import SqliteConnection from "better-sqlite3";
import { H3, toNodeHandler } from "h3";
import { POLL_TIMEOUT_MS, reportTo, RUNNERS } from "./runners.ts";

/**
 * What the same libraries reach without rules: the same requests and the same row writes, but no checks, no
 * owners, no states, no events and no care for clients that leave. `bare-server.ts FILE`.
 */
interface Job {
  id: string;
  runner_id: string;
  inputs: string;
}

const sqlite = new SqliteConnection(process.argv[2] ?? ":memory:");
sqlite.pragma("journal_mode = WAL");
sqlite.pragma("synchronous = NORMAL");
sqlite.pragma("wal_autocheckpoint = 10000");
sqlite.exec(`
  CREATE TABLE jobs (sequence INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, runner_id TEXT NOT NULL, status TEXT NOT NULL,
    inputs TEXT, result TEXT, created_at INTEGER NOT NULL);
  CREATE INDEX jobs_pending ON jobs (runner_id, sequence) WHERE status = 'pending';
  CREATE TABLE job_logs (job_id TEXT NOT NULL, position INTEGER NOT NULL, stream TEXT NOT NULL, text TEXT NOT NULL,
    PRIMARY KEY (job_id, position)) WITHOUT ROWID;
  CREATE TABLE runs (sequence INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, status TEXT NOT NULL, payload TEXT, result TEXT,
    created_at INTEGER NOT NULL);
  CREATE TABLE spans (id TEXT PRIMARY KEY, trace_id TEXT NOT NULL, project_name TEXT, name TEXT, type TEXT,
    start_time TEXT NOT NULL, end_time TEXT, last_updated_at TEXT, input TEXT, output TEXT, metadata TEXT, tags TEXT,
    model TEXT, provider TEXT, usage TEXT);
  CREATE INDEX spans_of_trace ON spans (trace_id);
`);
const insert = sqlite.prepare(
  "INSERT INTO jobs (id, runner_id, status, inputs, created_at) VALUES (?, ?, 'pending', ?, ?)",
);
const claim = sqlite.prepare<[string], Job>(
  `UPDATE jobs SET status = 'running' WHERE sequence = (SELECT sequence FROM jobs WHERE runner_id = +? AND status = 'pending'
   ORDER BY sequence LIMIT 1) RETURNING id, runner_id, inputs`,
);
const update = sqlite.prepare("UPDATE jobs SET status = ?, result = ? WHERE id = ?");
const insertLog = sqlite.prepare("INSERT INTO job_logs VALUES (?, ?, ?, ?)");
const insertLogs = sqlite.transaction((id: string, entries: Array<{ stream: string; text: string }>) => {
  for (const [position, entry] of entries.entries()) insertLog.run(id, position, entry.stream, entry.text);
});

const runnerOf = new Map(RUNNERS.map((runner) => [runner.projectId, runner.id]));
const waiting = new Map<string, Array<() => void>>();
const BASE = "/v1/private/local-runners";
const app = new H3();

app.post(`${BASE}/jobs`, async (event) => {
  const body = (await event.req.json()) as { project_id: string; inputs: unknown };
  const id = randomUUID();
  const runnerId = runnerOf.get(body.project_id) ?? "";
  insert.run(id, runnerId, JSON.stringify(body.inputs), Date.now());
  waiting.get(runnerId)?.shift()?.();
  return new Response(null, { status: 201, headers: { location: `${BASE}/jobs/${id}` } });
});

app.post(`${BASE}/:runnerId/jobs/next`, async (event) => {
  const runnerId = event.context.params?.["runnerId"] ?? "";
  const job = claim.get(runnerId);
  if (job !== undefined) return job;
  const line = waiting.get(runnerId) ?? [];
  waiting.set(runnerId, line);
  await new Promise<void>((resolve) => {
    line.push(resolve);
    setTimeout(resolve, POLL_TIMEOUT_MS).unref();
  });
  return claim.get(runnerId) ?? null;
});

app.post(`${BASE}/jobs/:jobId/results`, async (event) => {
  const body = (await event.req.json()) as { status: string; result?: unknown };
  update.run(
    body.status,
    body.result === undefined ? null : JSON.stringify(body.result),
    event.context.params?.["jobId"],
  );
  return new Response(null, { status: 204 });
});

app.post(`${BASE}/jobs/:jobId/logs`, async (event) => {
  insertLogs(
    event.context.params?.["jobId"] ?? "",
    (await event.req.json()) as Array<{ stream: string; text: string }>,
  );
  return new Response(null, { status: 204 });
});

const insertRun = sqlite.prepare("INSERT INTO runs (id, status, payload, created_at) VALUES (?, 'queued', ?, ?)");
const updateRun = sqlite.prepare("UPDATE runs SET status = ?, result = ? WHERE id = ?");

const insertSpan = sqlite.prepare("INSERT INTO spans VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
const insertSpans = sqlite.transaction((spans: ReadonlyArray<Record<string, unknown>>) => {
  for (const span of spans) {
    const { id, trace_id, project_name, name, type, start_time, end_time, last_updated_at, model, provider } = span;
    const columns = [id, trace_id, project_name, name, type, start_time, end_time, last_updated_at];
    const json = [span["input"], span["output"], span["metadata"], span["tags"]].map((value) => JSON.stringify(value));
    insertSpan.run(...columns, ...json, model, provider, JSON.stringify(span["usage"]));
  }
});

app.post("/v1/private/spans/batch", async (event) => {
  insertSpans(((await event.req.json()) as { spans: Array<Record<string, unknown>> }).spans);
  return new Response(null, { status: 204 });
});

/** A job is no more than its endpoint here. */
app.post("/v1/jobs", async (event) => ({ id: ((await event.req.json()) as { endpoint_url: string }).endpoint_url }));

app.post("/v1/jobs/:jobId/trigger", async (event) => {
  const { payload } = (await event.req.json()) as { payload: unknown };
  const [id, body] = [randomUUID(), JSON.stringify(payload)];
  insertRun.run(id, body, Date.now());
  setImmediate(() => {
    updateRun.run("executing", null, id);
    const headers = { "content-type": "application/json", "x-run-id": id, "x-run-token": "none" };
    const endpoint = decodeURIComponent(event.context.params?.["jobId"] ?? "");
    const pushed = request(endpoint, { method: "POST", agent: false, headers }, (answer) => answer.resume());
    pushed.end(body);
  });
  return new Response(JSON.stringify({ id, status: "queued" }), { status: 201 });
});

app.post("/sdk/v1/runs/:runId/complete", async (event) => {
  const { result } = (await event.req.json()) as { result: unknown };
  updateRun.run("completed", JSON.stringify(result), event.context.params?.["runId"]);
  return {};
});

app.get("/is-alive/ping", () => ({ healthy: true }));

const server = createServer(toNodeHandler(app)).listen(0, "127.0.0.1", () => {
  reportTo(process, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
server.keepAliveTimeout = 65_000;
process.once("disconnect", () => {
  server.close();
  server.closeAllConnections();
  sqlite.close();
});
