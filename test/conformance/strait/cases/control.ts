import type { Arrangement, ConformanceCase } from "../../case.ts";
import { idOf, TRIGGERED, refused } from "../control.ts";
import { after, executing, invalid, queued } from "../given.ts";

const RUN = "/v1/runs/<run>";
const LATER = "2026-01-01T02:00:00Z";
const failed: Arrangement[] = [executing({ payload: { a: 1 } }), after("POST <sdk>/fail", { error: "no" }, 200)];
const completed: Arrangement[] = [executing(), after("POST <sdk>/complete", {}, 200)];

/** The answer when the idempotency key of `<keyed>` was freed, also when it had none any more. */
const FREED = { status: 200, text: '{"run_id":"<keyed>","status":"reset"}\n' };

/** What the owner of a run can do to it [strait 4.4]. */
export const controlCases: readonly ConformanceCase[] = [
  ...(
    [
      ["GET", "", undefined],
      ["DELETE", "", undefined],
      ...["replay", "dlq-replay", "pause", "resume", "restart"].map((name) => ["POST", `/${name}`, undefined] as const),
      ["POST", "/debug", { debug_mode: true }],
      ["POST", "/reschedule", { scheduled_at: LATER }],
      ["DELETE", "/idempotency-key", undefined],
      ...["children", "lineage", "events", "checkpoints", "outputs", "state", "resources", "debug-bundle"].map(
        (name) => ["GET", `/${name}`, undefined] as const,
      ),
      ...["dependency-status", "usage", "tool-calls", "iterations", "stream", "stream/chunks", "stream/logs"].map(
        (name) => ["GET", `/${name}`, undefined] as const,
      ),
    ] as const
  ).map(([method, path, body]) => ({
    name: `${method} ${path} of a run that is none is not found`,
    steps: [{ send: `${method} /v1/runs/<unknown>${path}`, ...(body && { body }), ...refused(404, "run not found") }],
  })),
  {
    name: "a run is canceled once, and its token is worth nothing then",
    alone: true,
    given: [executing()],
    steps: [
      {
        send: `DELETE ${RUN}`,
        status: 200,
        match: { status: "canceled", error: "canceled by user", finished_at: "2026-01-01T00:00:00Z" },
      },
      { send: `DELETE ${RUN}`, ...refused(400, "run already in terminal state") },
      {
        send: "POST <sdk>/heartbeat",
        headers: { authorization: "<auth>" },
        status: 410,
        refusal: { code: "internal_error", message: "run has reached a terminal state" },
      },
    ],
  },
  {
    name: "a run that failed is replayed as another run",
    given: failed,
    steps: [
      {
        send: `POST ${RUN}/replay`,
        status: 201,
        match: { status: "queued", attempt: 1, payload: { a: 1 }, triggered_by: "manual", debug_mode: false },
        absent: ["replayed_run_id", "execution_mode", "queue_name"],
        remember: { second: idOf },
      },
      {
        send: "GET /v1/runs/<second>",
        status: 200,
        match: { status: "queued", execution_mode: "worker" },
        absent: ["replayed_run_id", "queue_name"],
      },
      { send: `POST ${RUN}/replay?from_checkpoint=0`, ...refused(400, "from_checkpoint must be a positive integer") },
      { send: `POST ${RUN}/replay?from_checkpoint=x`, ...refused(400, "from_checkpoint must be a positive integer") },
      { send: `POST ${RUN}/replay?from_checkpoint=1`, ...refused(404, "checkpoint not found") },
    ],
  },
  {
    name: "a run is replayed with its tags, without its metadata",
    given: [
      executing({ definition: { tags: { team: "a" } } }),
      after("POST <sdk>/annotate", { annotations: { origin: "test" } }, 200),
      after("POST <sdk>/fail", { error: "no" }, 200),
    ],
    steps: [
      {
        send: `POST ${RUN}/replay`,
        status: 201,
        match: { tags: { team: "a" } },
        absent: ["metadata"],
      },
    ],
  },
  {
    name: "a run is replayed from a checkpoint",
    given: [
      executing({ payload: { a: 1 } }),
      after("POST <sdk>/checkpoint", { state: { step: 1 } }, 201),
      after("POST <sdk>/fail", { error: "no" }, 200),
    ],
    steps: [
      {
        send: `POST ${RUN}/replay?from_checkpoint=1`,
        status: 201,
        match: { payload: { step: 1 }, debug_mode: true },
      },
    ],
  },
  {
    name: "what has not failed is not replayed",
    given: [...completed, queued({}, "2")],
    steps: [
      { send: `POST ${RUN}/replay?from_checkpoint=x`, ...refused(400, "run is not replayable") },
      { send: "POST /v1/runs/<run2>/replay", ...refused(400, "run is not replayable") },
    ],
  },
  {
    name: "a disabled job replays nothing",
    given: failed,
    steps: [
      { send: "PATCH /v1/jobs/<job>", body: { enabled: false }, status: 200, match: { enabled: false } },
      { send: `POST ${RUN}/replay`, ...refused(400, "job is disabled") },
    ],
  },
  {
    name: "a dead letter is brought back as the same run, and is not replayed",
    ours: "the real server says so, but leaves the run in the dead letter queue, and keeps its old expires_at",
    given: [executing({ definition: { timeout_secs: 1, poison_pill_threshold: 1 } })],
    steps: [
      { send: `POST ${RUN}/dlq-replay`, ...refused(409, "run is not in dead_letter status") },
      { send: "GET /v1/runs/dlq", status: 200, text: '{"data":[],"has_more":false}\n' },
      { advance: "1s" },
      { send: "GET /v1/runs/dlq", status: 200, match: { data: [{ id: "<run>", status: "dead_letter" }] } },
      { send: `POST ${RUN}/replay`, ...refused(400, "run is not replayable") },
      { send: `POST ${RUN}/dlq-replay`, status: 200, match: { id: "<run>", status: "queued", attempt: 1 } },
      { send: `GET ${RUN}`, status: 200, match: { status: "queued", attempt: 1 } },
    ],
  },
  {
    name: "a run that executes is paused, and queued again when it is resumed",
    given: [executing()],
    steps: [
      { send: `POST ${RUN}/resume`, ...refused(400, "run is not paused") },
      { send: `POST ${RUN}/pause`, status: 200, match: { status: "paused" } },
      { send: `GET ${RUN}`, status: 200, match: { status: "paused" } },
      { send: `POST ${RUN}/pause`, status: 200, match: { status: "paused" } },
      { send: `POST ${RUN}/resume`, status: 200, match: { status: "queued", attempt: 1 } },
      { send: `POST ${RUN}/pause`, ...refused(400, "run must be in executing state to pause") },
    ],
  },
  {
    name: "a run is restarted while it executes or is paused",
    given: [executing()],
    steps: [
      { send: `POST ${RUN}/restart`, status: 200, match: { status: "queued", attempt: 1 } },
      { send: `POST ${RUN}/restart`, ...refused(400, "run must be executing or paused to restart") },
    ],
  },
  {
    name: "a run that has not started is rescheduled",
    given: [queued()],
    steps: [
      {
        send: `POST ${RUN}/reschedule`,
        body: { scheduled_at: LATER, payload: { b: 1, a: 2 } },
        status: 200,
        match: { status: "delayed", scheduled_at: LATER, payload: { a: 2, b: 1 } },
      },
      { send: `POST ${RUN}/reschedule`, ...invalid("scheduled_at: failed on 'required'") },
      { advance: "2h" },
      { send: `GET ${RUN}`, status: 200, match: { status: "queued" } },
    ],
  },
  {
    name: "a run that is rescheduled to a time that is over is queued",
    given: [queued()],
    steps: [
      { send: `POST ${RUN}/reschedule`, body: { scheduled_at: LATER }, status: 200, match: { status: "delayed" } },
      ...[1, 2].map(() => ({
        send: `POST ${RUN}/reschedule`,
        body: { scheduled_at: "2025-01-01T00:00:00Z" },
        status: 200,
        match: { status: "queued", scheduled_at: "2025-01-01T00:00:00Z" },
      })),
      { send: `GET ${RUN}`, status: 200, match: { status: "queued" } },
    ],
  },
  {
    name: "a run that executes is not rescheduled",
    ours: "the real server gives it another time, and it goes on executing",
    given: [executing()],
    steps: [
      {
        send: `POST ${RUN}/reschedule`,
        body: { scheduled_at: LATER },
        ...refused(404, "run not found or not eligible for rescheduling"),
      },
    ],
  },
  {
    name: "the debug mode is switched",
    given: [queued()],
    steps: [
      { send: `POST ${RUN}/debug`, body: { debug_mode: true }, status: 200, json: { status: "ok" } },
      { send: `GET ${RUN}`, status: 200, match: { debug_mode: true } },
      { send: `POST ${RUN}/debug`, body: { debug_mode: false }, status: 200, json: { status: "ok" } },
      { send: `GET ${RUN}`, status: 200, match: { debug_mode: false } },
    ],
  },
  {
    name: "an idempotency key is freed",
    given: [queued(), executing({}, "2")],
    steps: [
      {
        send: "DELETE /v1/runs/<run2>/idempotency-key",
        ...refused(404, "run not found or not eligible for idempotency reset"),
      },
      { send: `DELETE ${RUN}/idempotency-key`, status: 200, text: '{"run_id":"<run>","status":"reset"}\n' },
      {
        send: "POST /v1/jobs/<job>/trigger",
        headers: { "idempotency-key": "k" },
        ...TRIGGERED,
        remember: { keyed: idOf },
      },
      { send: "DELETE /v1/runs/<keyed>/idempotency-key", ...FREED },
      { send: "GET /v1/runs/<keyed>", status: 200, match: { id: "<keyed>" }, absent: ["idempotency_key"] },
      { send: "DELETE /v1/runs/<keyed>/idempotency-key", ...FREED },
    ],
  },
];
