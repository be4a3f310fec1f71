import { expect } from "vitest";
import type { ConformanceCase } from "../../case.ts";
import { TIMESTAMP, TOKEN, UUID, VERSION_ID } from "../../expected.ts";
import { idOf } from "../control.ts";
import { executing, queued, sdk, UNREADABLE, workerJob } from "../given.ts";

/** Ids of memory are random, where all others carry the time [strait 0.5]. */
const UUID_V4 = expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
const SNAPSHOT = { cpu_percent: 1.5, memory_mb: 2, memory_limit_mb: 3, network_rx_bytes: 4, network_tx_bytes: 5 };
const USAGE = {
  provider: "openai",
  model: "gpt-4o-mini",
  prompt_tokens: 1,
  completion_tokens: 2,
  total_tokens: 3,
  cost_microusd: 4,
};
const TOOL_CALL = { tool_name: "search", input: { q: 1 }, output: [2], duration_ms: 5, status: "failed" };
const WAIT = {
  id: "<trigger>",
  event_key: "<key>",
  project_id: "default",
  source_type: "job_run",
  job_run_id: "<run>",
  status: "waiting",
  timeout_secs: 90,
  requested_at: "2026-01-01T00:00:00Z",
  expires_at: "2026-01-01T00:01:30Z",
  trigger_type: "event",
};

/** Runs, and what belongs to them, with every field they can have [strait 3.1, 3.2]. */
export const wholeRunCases: readonly ConformanceCase[] = [
  {
    name: "a run shows all that it was triggered with",
    given: [workerJob({ default_run_metadata: { origin: "test" }, tags: { team: "a" } })],
    steps: [
      {
        send: "POST /v1/jobs/<job>/trigger",
        headers: { "x-idempotency-key": "<key>", "x-actor-id": "ann" },
        body: { payload: { n: 1 }, tags: { kind: "b" }, priority: 4, concurrency_key: "c", ttl_secs: 60 },
        status: 201,
        match: { id: UUID, status: "queued", idempotency_hit: false },
        remember: { run: idOf },
      },
      {
        send: "GET /v1/runs/<run>",
        status: 200,
        json: {
          id: "<run>",
          job_id: "<job>",
          project_id: "default",
          tags: { kind: "b", team: "a" },
          status: "queued",
          attempt: 1,
          payload: { n: 1 },
          metadata: { origin: "test" },
          triggered_by: "manual",
          expires_at: TIMESTAMP,
          priority: 4,
          idempotency_key: "<key>",
          job_version: 1,
          job_version_id: VERSION_ID,
          debug_mode: false,
          lineage_depth: 0,
          created_by: "ann",
          concurrency_key: "c",
          execution_mode: "worker",
          created_at: TIMESTAMP,
        },
      },
    ],
  },
  {
    name: "a run shows when it started, its last heartbeat, why it is tried again and when it ended",
    alone: true,
    given: [executing({ definition: { timeout_secs: 10, max_attempts: 2 } })],
    steps: [
      { advance: "5s" },
      sdk("POST /heartbeat", undefined, { status: 200, json: { status: "ok" } }),
      {
        send: "GET /v1/runs/<run>",
        status: 200,
        match: { started_at: "2026-01-01T00:00:00Z", heartbeat_at: "2026-01-01T00:00:05Z" },
        absent: ["finished_at", "error", "error_class", "next_retry_at"],
      },
      { advance: "5s" },
      {
        send: "GET /v1/runs/<run>",
        status: 200,
        match: {
          status: "queued",
          attempt: 2,
          error: "execution timed out",
          error_class: "transient",
          next_retry_at: TIMESTAMP,
        },
        absent: ["started_at", "heartbeat_at"],
      },
    ],
  },
  {
    name: "a run has no heartbeat until its executor sends one, and neither start nor heartbeat when it is restarted",
    alone: true,
    given: [queued()],
    steps: [
      sdk("POST /log", { message: "m" }, { status: 201, match: { message: "m" } }),
      {
        send: "GET /v1/runs/<run>",
        status: 200,
        match: { status: "executing", started_at: "2026-01-01T00:00:00Z" },
        absent: ["heartbeat_at"],
      },
      sdk("POST /heartbeat", undefined, { status: 200, json: { status: "ok" } }),
      {
        send: "GET /v1/runs/<run>",
        status: 200,
        match: { started_at: "2026-01-01T00:00:00Z", heartbeat_at: "2026-01-01T00:00:00Z" },
      },
      {
        send: "POST /v1/runs/<run>/restart",
        status: 200,
        match: { status: "queued", attempt: 1 },
        absent: ["started_at", "heartbeat_at"],
      },
    ],
  },
  {
    name: "a run that was spawned and awaited names its parent, and the key that the parent waits for",
    given: [executing()],
    steps: [
      sdk(
        "POST /spawn",
        { job_slug: "<slug>", project_id: "default", payload: [1], await_completion: true },
        {
          status: 201,
          json: {
            id: UUID,
            job_id: "<job>",
            project_id: "default",
            parent_run_id: "<run>",
            status: "queued",
            triggered_by: "spawn",
            await_completion: true,
            await_event_key: expect.stringMatching(/^spawn-await:[0-9a-f-]{36}$/),
          },
          remember: { child: idOf },
        },
      ),
      {
        send: "GET /v1/runs/<child>",
        status: 200,
        match: { parent_run_id: "<run>", payload: [1] },
        absent: ["queue_name"],
      },
      {
        send: "GET /v1/events/spawn-await:<child>",
        status: 200,
        match: { event_key: "spawn-await:<child>", job_run_id: "<run>", status: "waiting" },
      },
    ],
  },
  {
    name: "a page names the next one",
    alone: true,
    given: [workerJob()],
    steps: [
      ...["first", "second"].map((name) => ({
        send: "POST /v1/jobs/<job>/trigger",
        status: 201,
        match: { status: "queued" },
        remember: { [name]: idOf },
      })),
      {
        send: "GET /v1/runs?limit=1",
        status: 200,
        match: {
          data: [{ id: "<second>" }],
          has_more: true,
          next_cursor: expect.stringMatching(/^2026-01-01T00:00:00Z[^?]*$/),
        },
        remember: { cursor: ({ json }) => encodeURIComponent((json as { next_cursor: string }).next_cursor) },
      },
      {
        send: "GET /v1/runs?limit=1&cursor=<cursor>",
        status: 200,
        match: { data: [{ id: "<first>" }], has_more: false },
      },
    ],
  },
  {
    name: "what an executor leaves behind is whole, and in the debug bundle",
    given: [executing()],
    steps: [
      sdk(
        "POST /log",
        { message: "m", data: { a: 1 } },
        {
          status: 201,
          json: {
            id: UUID,
            run_id: "<run>",
            type: "log",
            level: "info",
            message: "m",
            data: { a: 1 },
            created_at: TIMESTAMP,
          },
        },
      ),
      sdk(
        "POST /checkpoint",
        { state: { s: 1 } },
        {
          status: 201,
          json: { id: UUID, run_id: "<run>", sequence: 1, source: "sdk", state: { s: 1 }, created_at: TIMESTAMP },
        },
      ),
      sdk(
        "POST /output",
        { output_key: "o", value: 1, schema: { type: "integer" } },
        {
          status: 201,
          json: {
            id: UUID,
            run_id: "<run>",
            output_key: "o",
            schema: { type: "integer" },
            value: 1,
            created_at: TIMESTAMP,
          },
        },
      ),
      sdk(
        "POST /state",
        { key: "k", value: 1 },
        { status: 201, json: { run_id: "<run>", state_key: "k", value: 1, updated_at: TIMESTAMP } },
      ),
      sdk(
        "POST /memory/k",
        { value: 1, ttl_secs: 60 },
        {
          status: 201,
          json: {
            id: UUID_V4,
            job_id: "<job>",
            project_id: "default",
            memory_key: "k",
            value: 1,
            size_bytes: 1,
            ttl_expires_at: TIMESTAMP,
            created_at: TIMESTAMP,
            updated_at: TIMESTAMP,
          },
        },
      ),
      sdk("POST /resource-snapshot", SNAPSHOT, {
        status: 201,
        json: { id: UUID, run_id: "<run>", ...SNAPSHOT, created_at: TIMESTAMP },
      }),
      sdk("POST /usage", USAGE, { status: 201, json: { id: UUID, run_id: "<run>", ...USAGE, created_at: TIMESTAMP } }),
      sdk("POST /tool-call", TOOL_CALL, {
        status: 201,
        json: { id: UUID, run_id: "<run>", ...TOOL_CALL, created_at: TIMESTAMP },
      }),
      sdk(
        "POST /iteration",
        { iteration: 1, description: "first" },
        {
          status: 201,
          json: { id: UUID, run_id: "<run>", iteration: 1, description: "first", created_at: TIMESTAMP },
        },
      ),
      {
        send: "GET /v1/runs/<run>/debug-bundle",
        status: 200,
        match: {
          run: { id: "<run>" },
          events: [{ message: "m" }],
          checkpoints: [{ sequence: 1 }],
          outputs: [{ output_key: "o" }],
          resource_snapshots: [SNAPSHOT],
          usage: [USAGE],
          tool_calls: [TOOL_CALL],
        },
      },
    ],
  },
  {
    name: "a wait is whole, before its event is sent and after",
    alone: true,
    given: [executing()],
    steps: [
      sdk(
        "POST /wait-for-event",
        { event_key: "<key>", timeout_secs: 90 },
        {
          status: 200,
          json: { event_key: "<key>", expires_at: "2026-01-01T00:01:30Z", status: "waiting", trigger_id: UUID },
          remember: { trigger: ({ json }) => (json as { trigger_id: string }).trigger_id },
        },
      ),
      { send: "GET /v1/events/<key>", status: 200, json: WAIT },
      { advance: "30s" },
      {
        send: "POST /v1/events/<key>/send",
        body: { payload: 7 },
        status: 200,
        json: {
          ...WAIT,
          status: "received",
          response_payload: 7,
          received_at: "2026-01-01T00:00:30Z",
          sent_by: "internal",
        },
      },
    ],
  },
  {
    name: "a bulk of triggers has an id, and each of its runs too",
    given: [workerJob()],
    steps: [
      {
        send: "POST /v1/jobs/<job>/trigger/bulk",
        body: { items: [{}] },
        status: 201,
        json: {
          batch_id: UUID,
          results: [{ id: UUID, status: "queued", idempotency_hit: false }],
          total: 1,
          created: 1,
        },
        remember: {
          batch: ({ json }) => (json as { batch_id: string }).batch_id,
          run: ({ json }) => (json as { results: [{ id: string }] }).results[0].id,
        },
      },
      { send: "GET /v1/runs?batch_id=<batch>", status: 200, match: { data: [{ id: "<run>", batch_id: "<batch>" }] } },
    ],
  },
  {
    name: "a token for event streams of browsers lives for five minutes",
    alone: true,
    steps: [
      {
        send: "POST /v1/sse-token",
        status: 201,
        json: { token: TOKEN, expires_at: "2026-01-01T00:05:00Z" },
      },
    ],
  },
  {
    name: "a chunk of a stream needs nothing",
    given: [executing()],
    steps: [
      sdk("POST /stream", undefined, { status: 200, json: { status: "ok" } }),
      sdk("POST /stream", { chunk: "c", stream_id: "s", done: true }, { status: 200, json: { status: "ok" } }),
      sdk("POST /stream", { chunk: 1 }, UNREADABLE),
    ],
  },
];
