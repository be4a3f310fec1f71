import { expect } from "vitest";
import type { ConformanceCase } from "../../case.ts";
import { TOKEN, VERSION_ID } from "../../expected.ts";
import { idOf, TRIGGERED, refused } from "../control.ts";
import { executing, invalid, sdk, UNREADABLE, workerJob } from "../given.ts";

const TRIGGER = "POST /v1/jobs/<job>/trigger";
const EMPTY_HASH = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
/** SHA-256 of `{"a":[1,2],"b":1.0}`. */
const HASH = "435bf7ed2a5266dd9710133f7f9bfb43463d6f0064c639c276d85e06f2a05cca";
const DAY = "2026-01-02T00:00:00Z";

const RATE = { rate_limit_max: 1, rate_limit_window_secs: 10 };
const NO_SCHEMA = { payload_schema: "object" };
const TOO_MANY_TAGS = { tags: { "": "x" } };

const THROTTLED = {
  status: 429,
  refusal: { code: "enqueue_throttled", message: "project queued quota exceeded" },
};

/** Triggering runs, one by one [strait 4.2]. */
export const triggerCases: readonly ConformanceCase[] = [
  {
    name: "a trigger makes a queued run and gives its token",
    alone: true,
    given: [workerJob({ tags: { a: "1", b: "1" }, default_run_metadata: { m: "1" } })],
    steps: [
      {
        send: TRIGGER,
        body: { tags: { b: "2" }, priority: 3, concurrency_key: "k" },
        status: 201,
        json: {
          id: expect.any(String),
          status: "queued",
          payload_hash: EMPTY_HASH,
          idempotency_hit: false,
          run_token: TOKEN,
        },
        remember: { run: idOf },
      },
      {
        send: "GET /v1/runs/<run>",
        status: 200,
        json: {
          id: "<run>",
          job_id: "<job>",
          project_id: "default",
          tags: { a: "1", b: "2" },
          status: "queued",
          attempt: 1,
          payload: {},
          metadata: { m: "1" },
          triggered_by: "manual",
          expires_at: "2026-01-01T01:01:00Z",
          priority: 3,
          job_version: 1,
          job_version_id: VERSION_ID,
          debug_mode: false,
          lineage_depth: 0,
          created_by: "local",
          concurrency_key: "k",
          execution_mode: "worker",
          created_at: "2026-01-01T00:00:00Z",
        },
      },
    ],
  },
  {
    name: "a payload is kept with its keys in order, and hashed so",
    given: [workerJob()],
    steps: [
      {
        send: TRIGGER,
        body: '{"payload": {"b": 1.0, "a": [1, 2]}}',
        status: 201,
        match: { payload_hash: HASH },
        remember: { run: idOf },
      },
      { send: TRIGGER, body: '{"payload":{"a":[1,2],"b":1.0}}', status: 201, match: { payload_hash: HASH } },
      { send: "GET /v1/runs/<run>", status: 200, contains: '"payload":{"a":[1,2],"b":1.0}' },
    ],
  },
  {
    name: "the hash of a payload is that of its text as Go's encoder escapes it",
    given: [workerJob()],
    steps: [
      {
        send: TRIGGER,
        body: '{"payload":{"b":1,"a":"\\u003cx>&"}}',
        status: 201,
        match: { payload_hash: "2867c4b8a4d1cd0e27d0fe537425d82c2f5582c61e03edeb38e28a9db6636aaa" },
      },
    ],
  },
  ...(["{}", '{"payload":{}}', ""] as const).map((body) => ({
    name: `the payload of ${body || "an empty body"} is an empty object`,
    given: [workerJob()],
    steps: [{ send: TRIGGER, body, status: 201, match: { payload_hash: EMPTY_HASH } }],
  })),
  {
    name: "the body is checked before the job, and the job before headers and tags",
    given: [workerJob({ enabled: false }), workerJob({}, "2")],
    steps: [
      ...["<unknown>", "<job>"].flatMap((job) => [
        { send: `POST /v1/jobs/${job}/trigger`, body: "{", ...UNREADABLE },
        { send: `POST /v1/jobs/${job}/trigger/bulk`, body: "{", ...UNREADABLE },
        { send: `POST /v1/jobs/${job}/trigger`, body: { priority: 11 }, ...invalid("priority: failed on 'max'") },
        { send: `POST /v1/jobs/${job}/trigger/bulk`, body: {}, ...invalid("items: failed on 'required'") },
      ]),
      { send: "POST /v1/jobs/<unknown>/trigger", body: TOO_MANY_TAGS, ...refused(404, "job not found") },
      {
        send: TRIGGER,
        headers: { traceparent: "t".repeat(257) },
        body: TOO_MANY_TAGS,
        ...refused(400, "job is disabled"),
      },
      { send: "POST /v1/jobs/<job2>/pause", status: 200, match: { paused: true } },
      {
        send: "POST /v1/jobs/<job2>/trigger",
        body: TOO_MANY_TAGS,
        ...refused(409, "job is paused -- resume it before triggering new runs"),
      },
    ],
  },
  {
    name: "the rules of a trigger's fields",
    given: [workerJob()],
    steps: [
      { send: TRIGGER, body: { priority: 11 }, ...invalid("priority: failed on 'max'") },
      { send: TRIGGER, body: { priority: -1 }, ...invalid("priority: failed on 'min'") },
      { send: TRIGGER, body: { ttl_secs: 2_592_001 }, ...invalid("ttl_secs: failed on 'max'") },
      { send: TRIGGER, body: { ttl_secs: -1 }, ...invalid("ttl_secs: failed on 'min'") },
      ...["concurrency_key", "debounce_key", "batch_key"].map((field) => ({
        send: TRIGGER,
        body: { [field]: "k".repeat(257) },
        ...invalid(`${field}: failed on 'max'`),
      })),
      { send: TRIGGER, body: { tags: { "": "x" } }, ...refused(400, "tag keys must be non-empty") },
    ],
  },
  {
    name: "broken rules are reported before tracing headers, tags before times, times before the payload",
    alone: true,
    given: [workerJob({ payload_schema: { type: "array" } })],
    steps: [
      {
        send: TRIGGER,
        headers: { traceparent: "t".repeat(257) },
        body: { priority: 11 },
        ...invalid("priority: failed on 'max'"),
      },
      {
        send: TRIGGER,
        headers: { traceparent: "t".repeat(257) },
        body: { tags: { "": "x" } },
        ...refused(400, "traceparent header exceeds maximum length of 256 bytes"),
      },
      ...["tracestate", "sentry-trace", "baggage"].map((name) => ({
        send: TRIGGER,
        headers: { [name]: "t".repeat(8_193) },
        body: { tags: { "": "x" } },
        ...refused(400, `${name} header exceeds maximum length of 8192 bytes`),
      })),
      {
        send: TRIGGER,
        body: { tags: { "": "x" }, scheduled_at: "2025-01-01T00:00:00Z" },
        ...refused(400, "tag keys must be non-empty"),
      },
      {
        send: TRIGGER,
        body: { payload: {}, scheduled_at: "2025-01-01T00:00:00Z" },
        ...refused(400, "scheduled_at must not be in the past"),
      },
      {
        send: TRIGGER,
        headers: { "x-idempotency-key": "k".repeat(257) },
        body: { payload: {} },
        ...refused(400, "payload validation failed: $ must be array"),
      },
      { send: "GET /v1/runs", status: 200, match: { data: [] } },
    ],
  },
  ...(
    [
      ["2026-01-01T00:00:00Z", "scheduled_at must not be in the past"],
      ["2026-01-31T00:00:01Z", "scheduled_at cannot exceed 30 days from now"],
    ] as const
  ).map(([scheduled_at, message]) => ({
    name: `a run cannot be scheduled for ${scheduled_at} at the beginning of the year`,
    alone: true as const,
    given: [workerJob()],
    steps: [{ send: TRIGGER, body: { scheduled_at }, ...refused(400, message) }],
  })),
  {
    name: "a run cannot be scheduled for a day that its month does not have",
    given: [workerJob()],
    steps: [
      {
        send: TRIGGER,
        body: { scheduled_at: "2099-11-31T00:00:00Z" },
        status: 400,
        match: {
          error: { code: "bad_request", message: expect.stringContaining('parsing time "2099-11-31T00:00:00Z"') },
        },
      },
      { send: "GET /v1/runs", status: 200, match: { data: [] } },
    ],
  },
  {
    name: "a run for later is delayed until then, and expires later",
    given: [workerJob()],
    steps: [
      {
        send: TRIGGER,
        body: { scheduled_at: DAY, ttl_secs: 60 },
        status: 201,
        match: { status: "delayed" },
        remember: { run: idOf },
      },
      {
        send: "GET /v1/runs/<run>",
        status: 200,
        match: { status: "delayed", scheduled_at: DAY, expires_at: "2026-01-02T00:01:00Z" },
      },
      { advance: "24h" },
      { send: "GET /v1/runs/<run>", status: 200, match: { status: "queued" } },
    ],
  },
  {
    name: "a time in another zone is the same time",
    alone: true,
    given: [workerJob()],
    steps: [
      {
        send: TRIGGER,
        body: { scheduled_at: "2026-01-02T02:00:00+02:00" },
        status: 201,
        match: { status: "delayed" },
        remember: { run: idOf },
      },
      { send: "GET /v1/runs/<run>", status: 200, match: { scheduled_at: DAY } },
    ],
  },
  {
    name: "what a run lives for is the trigger's, else the job's, else its time-out and a minute",
    alone: true,
    given: [workerJob({ run_ttl_secs: 120 }), workerJob({ timeout_secs: 30 }, "2")],
    steps: [
      { send: TRIGGER, body: { ttl_secs: 60 }, ...TRIGGERED, remember: { one: idOf } },
      { send: TRIGGER, ...TRIGGERED, remember: { two: idOf } },
      { send: "POST /v1/jobs/<job2>/trigger", ...TRIGGERED, remember: { three: idOf } },
      { send: "GET /v1/runs/<one>", status: 200, match: { expires_at: "2026-01-01T00:01:00Z" } },
      { send: "GET /v1/runs/<two>", status: 200, match: { expires_at: "2026-01-01T00:02:00Z" } },
      { send: "GET /v1/runs/<three>", status: 200, match: { expires_at: "2026-01-01T00:01:30Z" } },
    ],
  },
  {
    name: "a dry run shows what a trigger would make, and makes nothing",
    alone: true,
    given: [workerJob()],
    steps: [
      {
        send: TRIGGER,
        headers: { "idempotency-key": "dry" },
        body: { dry_run: true, payload: { b: 1, a: 2 }, scheduled_at: DAY },
        status: 200,
        json: {
          job: {
            id: "<job>",
            name: "<slug>",
            slug: "<slug>",
            execution_mode: "worker",
            queue: "default",
            timeout_secs: 3_600,
            max_attempts: 3,
            version: 1,
            version_id: VERSION_ID,
          },
          payload_hash: "d3626ac30a87e6f7a6428233b3c68299976865fa5508e4267c5415c76af7a772",
          payload: { a: 2, b: 1 },
          scheduled_at: DAY,
          expires_at: "2026-01-02T01:01:00Z",
        },
      },
      {
        send: TRIGGER,
        body: { dry_run: true },
        status: 200,
        match: { payload: {}, job: { slug: "<slug>" } },
        absent: ["validation_warnings", "scheduled_at"],
      },
      { send: "GET /v1/runs", status: 200, match: { data: [] } },
    ],
  },
  {
    name: "a dry run is refused as its trigger would be, but a limit is a bad request",
    given: [workerJob({ payload_schema: { type: "object" } }), workerJob(RATE, "2")],
    steps: [
      {
        send: TRIGGER,
        body: { dry_run: true, payload: [1] },
        ...refused(400, "payload validation failed: $ must be object"),
      },
      { send: "POST /v1/jobs/<job2>/trigger", ...TRIGGERED },
      { send: "POST /v1/jobs/<job2>/trigger", body: { dry_run: true }, ...refused(400, "job rate limit exceeded") },
    ],
  },
  {
    name: "a dry run names the run of the same payload",
    given: [workerJob({ dedup_window_secs: 60 })],
    steps: [
      { send: TRIGGER, body: { payload: { a: 1 } }, ...TRIGGERED, remember: { run: idOf } },
      {
        send: TRIGGER,
        body: { dry_run: true, payload: { a: 1 } },
        status: 200,
        match: { validation_warnings: ["payload deduplication: run <run>"] },
      },
    ],
  },
  {
    name: "a payload that is left out is null to the job's schema",
    given: [workerJob({ payload_schema: { type: "object", required: ["a"] } }), workerJob(NO_SCHEMA, "2")],
    steps: [
      ...[{}, { payload: null }].map((body) => ({
        send: TRIGGER,
        body,
        ...refused(400, "payload validation failed: $ must be object"),
      })),
      { send: TRIGGER, body: { payload: {} }, ...refused(400, "payload validation failed: $.a is required") },
      {
        send: `${TRIGGER}/bulk`,
        body: { items: [{}] },
        ...refused(400, "payload validation failed for item 0: $ must be object"),
      },
      {
        send: "POST /v1/jobs/<job2>/trigger",
        ...refused(
          400,
          "payload validation failed: invalid payload_schema: " +
            "json: cannot unmarshal string into Go value of type map[string]interface {}",
        ),
      },
    ],
  },
  {
    name: "a job with a window in a time zone that does not exist is not triggered",
    given: [workerJob({ execution_window_cron: "* 9 * * *", timezone: "Mars/X" })],
    steps: [TRIGGER, `${TRIGGER}/bulk`].map((send) => ({
      send,
      body: { items: [{}] },
      ...refused(400, "execution window validation failed: unknown time zone Mars/X"),
    })),
  },
  {
    name: "what a trigger is not asked is ignored",
    given: [workerJob()],
    steps: [
      {
        send: TRIGGER,
        body: { idempotency_key: "k", metadata: { a: "1" }, timeout_secs_override: 1, max_attempts_override: 1 },
        ...TRIGGERED,
        remember: { run: idOf },
      },
      {
        send: "GET /v1/runs/<run>",
        status: 200,
        match: { id: "<run>" },
        absent: ["idempotency_key", "timeout_secs_override", "max_attempts_override"],
      },
    ],
  },
  {
    name: "the same payload within the job's window is the same run",
    given: [workerJob({ dedup_window_secs: 60 })],
    steps: [
      { send: TRIGGER, body: { payload: { a: 1 } }, ...TRIGGERED, remember: { run: idOf } },
      { advance: "59s" },
      { send: TRIGGER, body: { payload: { a: 1 } }, status: 201, match: { id: "<run>", status: "queued" } },
      { send: TRIGGER, body: { payload: { a: 2 } }, ...TRIGGERED, remember: { other: idOf } },
      { advance: "1s" },
      { send: TRIGGER, body: { payload: { a: 1 } }, ...TRIGGERED, remember: { next: idOf } },
      { send: "GET /v1/runs", status: 200, match: { data: [{ id: "<next>" }, { id: "<other>" }, { id: "<run>" }] } },
    ],
  },
  {
    name: "debounced triggers make one run, when they have been quiet",
    given: [workerJob({ debounce_window_secs: 5 })],
    steps: [
      { send: TRIGGER, body: { payload: 1 }, status: 201, json: { debounced: true, fire_at: "2026-01-01T00:00:05Z" } },
      { advance: "4s" },
      { send: TRIGGER, body: { payload: 2 }, status: 201, json: { debounced: true, fire_at: "2026-01-01T00:00:09Z" } },
      { advance: "4s" },
      { send: "GET /v1/runs", status: 200, match: { data: [] } },
      { advance: "1s" },
      { send: "GET /v1/runs", status: 200, match: { data: [{ payload: 2, triggered_by: "debounce" }] } },
    ],
  },
  {
    name: "batched triggers make one run, when the batch is full or has waited",
    given: [workerJob({ batch_window_secs: 5, batch_max_size: 2 })],
    steps: [
      { send: TRIGGER, body: { payload: 1 }, status: 201, json: { buffered: true } },
      {
        send: TRIGGER,
        body: { payload: 2 },
        status: 201,
        match: { status: "queued", batch: true },
        contains: '{"batch":true,"id":"',
      },
      { send: TRIGGER, body: { payload: 3 }, status: 201, json: { buffered: true } },
      { advance: "5s" },
      {
        send: "GET /v1/runs",
        status: 200,
        match: { data: [{ payload: { items: [3] }, triggered_by: "batch" }, { payload: { items: [1, 2] } }] },
      },
    ],
  },
  {
    name: "a job's rate is kept to",
    given: [workerJob({ rate_limit_max: 1, rate_limit_window_secs: 10 })],
    steps: [
      { send: TRIGGER, ...TRIGGERED },
      {
        send: TRIGGER,
        status: 429,
        refusal: { code: "rate_limited", message: "job rate limit exceeded", details: ["retry_after_seconds=5"] },
        answerHeaders: { "retry-after": "5" },
      },
      { advance: "10s" },
      { send: TRIGGER, ...TRIGGERED },
    ],
  },
  {
    name: "a run that may wait for longer than there are times may wait until the last",
    ours: "the real server's clock overflows",
    given: [workerJob({ run_ttl_secs: 9_007_199_254_740_991 })],
    steps: [
      { send: TRIGGER, body: {}, ...TRIGGERED, remember: { run: idOf } },
      { send: "GET /v1/runs/<run>", status: 200, match: { expires_at: "9999-12-31T23:59:59.999Z" } },
    ],
  },
  {
    name: "no more runs wait in a project than the server lets them",
    settings: { maxQueuedRunsPerProject: 1 },
    given: [executing()],
    steps: [
      sdk("POST /continue", {}, { status: 201, match: { status: "queued" }, remember: { next: idOf } }),
      { send: TRIGGER, body: {}, ...refused(429, "project queued quota exceeded") },
      { send: `${TRIGGER}/bulk`, body: { items: [{}] }, ...refused(429, "project queued quota exceeded") },
      sdk("POST /continue", {}, THROTTLED),
      sdk("POST /spawn", { job_id: "<job>" }, THROTTLED),
      { send: "DELETE /v1/runs/<next>", status: 200, match: { status: "canceled" } },
      { send: TRIGGER, body: {}, ...TRIGGERED },
    ],
  },
];
