import type { ConformanceCase } from "../../case.ts";
import { UUID } from "../../expected.ts";
import { refused } from "../control.ts";
import { after, executing, invalid, queued } from "../given.ts";

const FAILED = [executing({ payload: { a: 1 } }), after("POST <sdk>/fail", { error: "no" }, 200)];
const DEAD_LETTER = [executing({ definition: { timeout_secs: 1, poison_pill_threshold: 1 } })];
const MANY = Array.from({ length: 101 }, String);
/** A project of the case's own. */
const PROJECT = { "x-project-id": "<key>" };
const NO_CHOICE = {
  status: 422,
  refusal: { code: "validation_failed", message: "provide either run_ids or project_id" },
};

/** Canceling and replaying many runs in one request [strait 4.4]. */
export const bulkControlCases: readonly ConformanceCase[] = [
  {
    name: "many runs are canceled, failures first",
    given: [queued(), executing({}, "2"), executing({}, "3"), after("POST <sdk3>/fail", { error: "no" }, 200, "3")],
    steps: [
      {
        send: "POST /v1/runs/bulk-cancel",
        body: { run_ids: ["<run>", "none", "<run2>", "<run3>"] },
        status: 200,
        text:
          '{"results":[{"id":"none","status":"failed","error":"run not found"},' +
          '{"id":"<run3>","status":"failed","error":"run already in terminal state"},' +
          '{"id":"<run>","status":"canceled"},{"id":"<run2>","status":"canceled"}],' +
          '"total":4,"canceled":2,"failed":2}\n',
      },
      { send: "GET /v1/runs/<run>", status: 200, match: { status: "canceled", error: "canceled by user (bulk)" } },
    ],
  },
  {
    name: "a run that ended otherwise keeps its status among the failures of bulk-cancel",
    given: [executing(), after("POST <sdk>/complete", {}, 200)],
    steps: [
      {
        send: "POST /v1/runs/bulk-cancel",
        body: { run_ids: ["<run>"] },
        status: 200,
        json: {
          results: [{ id: "<run>", status: "completed", error: "run already in terminal state" }],
          total: 1,
          canceled: 0,
          failed: 1,
        },
      },
    ],
  },
  {
    name: "a run whose id is repeated is canceled once and counted each time",
    given: [queued()],
    steps: [
      {
        send: "POST /v1/runs/bulk-cancel",
        body: { run_ids: ["<run>", "<run>"] },
        status: 200,
        json: {
          results: [
            { id: "<run>", status: "canceled" },
            { id: "<run>", status: "canceled" },
          ],
          total: 2,
          canceled: 2,
          failed: 0,
        },
      },
    ],
  },
  ...["bulk-cancel", "bulk-replay"].map((name) => ({
    name: `${name} takes 1 to 100 runs`,
    steps: [
      { send: `POST /v1/runs/${name}`, ...invalid("run_ids: failed on 'required'") },
      { send: `POST /v1/runs/${name}`, body: { run_ids: [] }, ...invalid("run_ids: failed on 'min'") },
      {
        send: `POST /v1/runs/${name}`,
        body: { run_ids: MANY },
        ...(name === "bulk-replay"
          ? invalid("run_ids: failed on 'max'")
          : refused(400, "maximum 100 run IDs per bulk cancel request")),
      },
      {
        send: `POST /v1/runs/${name}`,
        body: { run_ids: MANY.slice(1) },
        status: 200,
        match: { total: 100 },
      },
    ],
  })),
  {
    name: "bulk-cancel-all needs a filter",
    given: [queued()],
    steps: [
      ...[{}, { job_id: "" }, { other: "x" }].map((body) => ({
        send: "POST /v1/runs/bulk-cancel-all",
        body,
        ...refused(400, "at least one filter is required"),
      })),
      { send: "GET /v1/runs/<run>", status: 200, match: { status: "queued" } },
    ],
  },
  {
    name: "bulk-cancel-all cancels the matching runs that have not started",
    given: [queued(), queued({}, "2"), executing({}, "3")],
    steps: [
      {
        send: "POST /v1/runs/bulk-cancel-all",
        body: { job_id: "<job>" },
        status: 200,
        text: '{"canceled":1,"run_ids":["<run>"]}\n',
      },
      {
        send: "GET /v1/runs/<run>",
        status: 200,
        match: { status: "canceled", error: "canceled by user (bulk filter)" },
      },
      { send: "GET /v1/runs/<run2>", status: 200, match: { status: "queued" } },
      ...[{ job_id: "<job>" }, { job_id: "<job3>" }, { job_id: "<job2>", status: "delayed" }, { batch_id: "none" }].map(
        (body) => ({
          send: "POST /v1/runs/bulk-cancel-all",
          body,
          status: 200,
          text: '{"canceled":0,"run_ids":null}\n',
        }),
      ),
      { send: "POST /v1/runs/bulk-cancel-all", body: { status: "dancing" }, status: 200, match: { canceled: 0 } },
      {
        send: "POST /v1/runs/bulk-cancel-all",
        body: { job_id: "<job2>", triggered_by: "manual", status: "queued" },
        status: 200,
        json: { canceled: 1, run_ids: ["<run2>"] },
      },
    ],
  },
  {
    name: "many runs are replayed, and others are skipped",
    given: [...FAILED, queued({}, "2")],
    steps: [
      {
        send: "POST /v1/runs/bulk-replay",
        body: { run_ids: ["<run>", "<run2>", "none"] },
        status: 200,
        json: {
          results: [
            { original_run_id: "<run>", new_run_id: UUID, status: "replayed" },
            { original_run_id: "<run2>", status: "skipped", error: "run is not replayable" },
            { original_run_id: "none", status: "failed", error: "run not found" },
          ],
          total: 3,
          replayed: 1,
        },
        contains: '{"replayed":1,"results":[{"original_run_id":',
        remember: { replayed: ({ json }) => (json as { results: [{ new_run_id: string }] }).results[0].new_run_id },
      },
      { send: "GET /v1/runs/<replayed>", status: 200, match: { status: "queued", payload: { a: 1 } } },
      { send: "PATCH /v1/jobs/<job>", body: { enabled: false }, status: 200, match: { enabled: false } },
      {
        send: "POST /v1/runs/bulk-replay",
        body: { run_ids: ["<run>"] },
        status: 200,
        text:
          '{"replayed":0,"results":[{"original_run_id":"<run>","status":"failed",' +
          '"error":"job not found or disabled"}],"total":1}\n',
      },
    ],
  },
  {
    name: "bulk-dlq-replay needs either runs or a project",
    given: DEAD_LETTER,
    steps: [
      { advance: "1s" },
      ...[{}, { run_ids: [] }, { limit: 5 }, { run_ids: ["<run>"], project_id: "default" }].map((body) => ({
        send: "POST /v1/runs/bulk-dlq-replay",
        body,
        ...NO_CHOICE,
      })),
      { send: "GET /v1/runs/<run>", status: 200, match: { status: "dead_letter" } },
    ],
  },
  {
    name: "bulk-dlq-replay has limits, and stays within the caller's project",
    given: [queued()],
    steps: [
      { send: "POST /v1/runs/bulk-dlq-replay", body: { run_ids: MANY }, ...refused(404, "run not found") },
      { send: "POST /v1/runs/bulk-dlq-replay", body: { run_ids: ["<run>", "none"] }, ...refused(404, "run not found") },
      {
        send: "POST /v1/runs/bulk-dlq-replay",
        body: { run_ids: ["<run>"] },
        ...refused(409, "no dead_letter runs available for replay"),
      },
      {
        send: "POST /v1/runs/bulk-dlq-replay",
        headers: PROJECT,
        body: { project_id: "<key>" },
        ...refused(409, "no dead_letter runs available for replay"),
      },
      {
        send: "POST /v1/runs/bulk-dlq-replay",
        headers: PROJECT,
        body: { project_id: "other" },
        ...refused(403, "project access denied"),
      },
      ...(
        [
          [{ run_ids: Array.from({ length: 501 }, String) }, "too many run_ids (max 500)"],
          [{ project_id: "<key>", limit: 501 }, "limit must be <= 500"],
        ] as const
      ).map(([body, message]) => ({
        send: "POST /v1/runs/bulk-dlq-replay",
        headers: PROJECT,
        body,
        status: 422,
        refusal: { code: "validation_failed", message },
      })),
    ],
  },
  {
    name: "dead letters of a project are queued again together, the oldest first",
    ours: "the real server says so, but leaves the runs in the dead letter queue",
    given: [...DEAD_LETTER, executing({ definition: { timeout_secs: 1, poison_pill_threshold: 1 } }, "2")],
    steps: [
      { advance: "1s" },
      {
        send: "POST /v1/runs/bulk-dlq-replay",
        body: { project_id: "default", limit: 1 },
        status: 200,
        match: { count: 1, replayed: [{ id: "<run>", status: "queued", attempt: 1 }] },
        contains: '{"count":1,"replayed":[{"id":"<run>",',
      },
      {
        send: "POST /v1/runs/bulk-dlq-replay",
        body: { run_ids: ["<run>", "<run2>"] },
        status: 200,
        match: { count: 1, replayed: [{ id: "<run2>", status: "queued" }] },
      },
      {
        send: "POST /v1/runs/bulk-dlq-replay",
        body: { project_id: "default", limit: -1 },
        ...refused(409, "no dead_letter runs available for replay"),
      },
    ],
  },
];
