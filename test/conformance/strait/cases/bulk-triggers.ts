import type { ConformanceCase } from "../../case.ts";
import { refused } from "../control.ts";
import { invalid, workerJob } from "../given.ts";

const CREATED_ONE = {
  status: 201,
  match: { results: [{ status: "queued", idempotency_hit: false }], total: 1, created: 1 },
};
const BULK = "POST /v1/jobs/<job>/trigger/bulk";
const OBJECT = { payload: {} };
const DAY = "2026-01-02T00:00:00Z";

const OURS = "the real server answers 500 to every bulk trigger: its batch violates a foreign key";

/** Triggering many runs at once [strait 4.3]. */
export const bulkTriggerCases: readonly ConformanceCase[] = [
  {
    name: "many runs are made under one batch",
    ours: OURS,
    alone: true,
    given: [workerJob()],
    steps: [
      {
        send: BULK,
        body: { items: [{ payload: 1 }, { idempotency_key: "k" }, { idempotency_key: "k" }, { scheduled_at: DAY }] },
        status: 201,
        match: {
          results: [
            { status: "queued", idempotency_hit: false },
            { status: "queued", idempotency_hit: false },
            { status: "queued", idempotency_hit: true },
            { status: "delayed", idempotency_hit: false },
          ],
          total: 4,
          created: 3,
        },
        remember: { batch: ({ json }) => (json as { batch_id: string }).batch_id },
      },
      {
        send: "GET /v1/runs?batch_id=<batch>",
        status: 200,
        match: { data: [{ batch_id: "<batch>" }, { idempotency_key: "k" }, { payload: 1 }] },
      },
    ],
  },
  {
    name: "at least one item, and at most 500",
    given: [workerJob()],
    steps: [
      { send: BULK, ...invalid("items: failed on 'required'") },
      { send: BULK, body: { items: [] }, ...invalid("items: failed on 'min'") },
      {
        send: BULK,
        body: { items: Array.from({ length: 501 }, () => ({})) },
        ...refused(400, "maximum 500 items per bulk trigger request"),
      },
    ],
  },
  {
    name: "500 items are triggered at once",
    ours: OURS,
    given: [workerJob()],
    steps: [
      { send: BULK, body: { items: Array.from({ length: 500 }, () => ({})) }, status: 201, match: { created: 500 } },
    ],
  },
  {
    name: "one wrong item is named by its place, and nothing is made",
    alone: true,
    given: [workerJob({ payload_schema: { type: "object" } })],
    steps: [
      {
        send: BULK,
        body: { items: [OBJECT, { scheduled_at: "2025-01-01T00:00:00Z", ttl_secs: -1 }] },
        ...refused(400, "scheduled_at validation failed for item 1: scheduled_at must not be in the past"),
      },
      {
        send: BULK,
        body: { items: [OBJECT, { ttl_secs: -1, tags: { "": "x" } }] },
        ...refused(400, "ttl_secs validation failed for item 1: ttl_secs must be greater than or equal to 0"),
      },
      {
        send: BULK,
        body: { items: [{ ttl_secs: 2_592_001 }] },
        ...refused(400, "ttl_secs validation failed for item 0: ttl_secs cannot exceed 30 days"),
      },
      {
        send: BULK,
        body: { items: [OBJECT, OBJECT, { tags: { "": "x" }, payload: 1 }] },
        ...refused(400, "invalid tags for item 2: tag keys must be non-empty"),
      },
      {
        send: BULK,
        body: { items: [{ payload: 1, idempotency_key: "k".repeat(257) }] },
        ...refused(400, "payload validation failed for item 0: $ must be object"),
      },
      {
        send: BULK,
        body: { items: [OBJECT, { ...OBJECT, idempotency_key: "k".repeat(257) }] },
        ...refused(400, "idempotency key for item 1 must be 256 characters or fewer"),
      },
      { send: "GET /v1/runs", status: 200, match: { data: [] } },
    ],
  },
  {
    name: "idempotency keys in headers do not matter",
    ours: OURS,
    given: [workerJob()],
    steps: [
      { send: BULK, headers: { "idempotency-key": "k" }, body: { items: [{}] }, ...CREATED_ONE },
      {
        send: BULK,
        headers: { "idempotency-key": "k" },
        body: { items: [{}] },
        ...CREATED_ONE,
        answerHeaders: { "idempotency-replayed": undefined },
      },
      { send: "GET /v1/runs?limit=1", status: 200, match: { has_more: true } },
    ],
  },
];
