import { expect } from "vitest";
import type { ConformanceCase } from "../../case.ts";
import { UNREADABLE, executing, invalid, queued, sdk } from "../given.ts";

const SCHEMA = { type: "object", required: ["n"], properties: { n: { type: "integer" } } };

const UNSORTED = '{"zz":1.0,"a":1e3}';

/** Payload, heartbeat, annotate, complete, fail, continue [strait 2.1 to 2.11]. */
export const executionCases: readonly ConformanceCase[] = [
  {
    name: "the payload is given bare, its numbers untouched",
    given: [executing({ payload: { n: 1 } })],
    steps: [sdk("GET /payload", undefined, { status: 200, text: '{"n":1}\n' })],
  },
  {
    name: "what an executor writes comes back with its keys in their order and its numbers as they were",
    ours: "the real server keeps JSONB, which sorts keys, changes numbers and loses all but the last of equal keys",
    given: [executing()],
    steps: [
      sdk("POST /log", '{"message":"m","data":{"zz":1.0,"a":1e3}}', { status: 201, contains: `"data":${UNSORTED}` }),
      sdk("POST /checkpoint", `{"state":${UNSORTED}}`, { status: 201, contains: `"state":${UNSORTED}` }),
      sdk("POST /state", `{"key":"k","value":${UNSORTED}}`, { status: 201, contains: `"value":${UNSORTED}` }),
      sdk("POST /memory/k", `{"value":${UNSORTED}}`, { status: 201, contains: `"value":${UNSORTED}` }),
      sdk("POST /complete", `{"result":${UNSORTED}}`, { status: 200, contains: `"result":${UNSORTED}` }),
      { send: "GET /v1/runs/<run>", status: 200, contains: `"result":${UNSORTED}` },
    ],
  },
  {
    name: "the payload is escaped as Go's encoder does",
    given: [executing({ payload: { a: "<&>\u2028\u2029" } })],
    steps: [sdk("GET /payload", undefined, { status: 200, text: '{"a":"\\u003c\\u0026\\u003e\\u2028\\u2029"}\n' })],
  },
  {
    name: "the payload can be read before the run starts, and does not start it",
    given: [queued()],
    steps: [
      sdk("GET /payload", undefined, { status: 200, text: "{}\n" }),
      { send: "GET /v1/runs/<run>", status: 200, match: { status: "queued" } },
    ],
  },
  {
    name: "a spawned run without a payload has an empty one",
    given: [executing()],
    steps: [
      sdk(
        "POST /spawn",
        { job_id: "<job>" },
        {
          status: 201,
          match: { parent_run_id: "<run>", status: "queued" },
          remember: { child: (reply) => (reply.json as { id: string }).id },
        },
      ),
      { send: "GET /v1/runs/<child>", status: 200, match: { id: "<child>" }, absent: ["payload"] },
    ],
  },
  {
    name: "annotations become metadata, in the newer form and in the older",
    given: [executing()],
    steps: [
      sdk(
        "POST /annotate",
        { annotations: { b: "1", a: "" } },
        { status: 200, match: { id: "<run>", metadata: { a: "", b: "1" } } },
      ),
      sdk("POST /annotate", { b: "2", c: "3" }, { status: 200, contains: '"metadata":{"a":"","b":"2","c":"3"}' }),
    ],
  },
  {
    name: "annotations that cannot be are refused",
    given: [executing()],
    steps: [
      sdk("POST /annotate", undefined, invalid("annotations: failed on 'required'")),
      sdk("POST /annotate", { annotations: null }, invalid("annotations: failed on 'required'")),
      sdk("POST /annotate", { annotations: {} }, invalid("annotations: failed on 'min'")),
      sdk("POST /annotate", { annotations: { a: 1 } }, UNREADABLE),
      sdk("POST /annotate", { annotations: [] }, UNREADABLE),
      sdk("POST /annotate", { a: 1 }, UNREADABLE),
      sdk(
        "POST /annotate",
        { annotations: { " ": "b" } },
        { status: 400, refusal: "annotation keys must be non-empty" },
      ),
      sdk(
        "POST /annotate",
        { annotations: { ["é".repeat(65)]: "b" } },
        { status: 400, refusal: "annotation key too long (max 128 characters)" },
      ),
      sdk(
        "POST /annotate",
        { annotations: { a: "b".repeat(1_025) } },
        { status: 400, refusal: "annotation value too long (max 1024 characters)" },
      ),
      sdk(
        "POST /annotate",
        { annotations: Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`k${index}`, "v"])) },
        { status: 400, refusal: "too many annotations (max 50)" },
      ),
    ],
  },
  {
    name: "a run is completed with any JSON, untouched",
    given: [executing()],
    steps: [
      sdk("POST /complete", '{"result": {"big": 12345678901234567890, "one": 1.0}}', {
        status: 200,
        contains: '"result":{"big":12345678901234567890,"one":1.0}',
        match: { status: "completed" },
      }),
      { send: "GET /v1/runs/<run>", status: 200, contains: '"one":1.0' },
    ],
  },
  {
    name: "a run is completed without a body too",
    given: [executing()],
    steps: [
      sdk("POST /complete", undefined, {
        status: 200,
        match: { status: "completed", finished_at: expect.any(String) },
      }),
    ],
  },
  {
    name: "a result that is too large is refused",
    settings: { runMaxResultBytes: 8 },
    given: [executing()],
    steps: [
      sdk(
        "POST /complete",
        { result: "1234567" },
        {
          status: 413,
          refusal: { code: "internal_error", message: "result size 9 exceeds maximum 8 bytes" },
        },
      ),
      sdk("POST /complete", { result: "123456" }, { status: 200, match: { status: "completed", result: "123456" } }),
    ],
  },
  {
    name: "a result is checked with the job's schema",
    given: [executing({ definition: { result_schema: SCHEMA } })],
    steps: [
      sdk(
        "POST /complete",
        { result: { n: "1" } },
        {
          status: 422,
          refusal: {
            code: "result_schema_validation_failed",
            message: "result schema validation failed",
            details: ["$.n must be integer"],
          },
        },
      ),
      sdk("POST /complete", { result: { n: 1 } }, { status: 200, match: { status: "completed", result: { n: 1 } } }),
    ],
  },
  {
    name: "no result breaks no schema",
    given: [executing({ definition: { result_schema: SCHEMA } })],
    steps: [sdk("POST /complete", {}, { status: 200, match: { status: "completed" }, absent: ["result"] })],
  },
  {
    name: "a run that fails is not tried again",
    given: [executing({ definition: { max_attempts: 5 } })],
    steps: [
      sdk("POST /fail", {}, invalid("error: failed on 'required'")),
      sdk(
        "POST /fail",
        { error: "no more" },
        { status: 200, match: { status: "failed", error: "no more", attempt: 1 } },
      ),
      {
        send: "GET /v1/runs/<run>",
        status: 200,
        match: { status: "failed" },
        absent: ["error_class"],
      },
    ],
  },
  {
    name: "a run is continued by another, which has its payload",
    given: [executing({ payload: { n: 1 } })],
    steps: [
      sdk("POST /continue", undefined, {
        status: 201,
        match: {
          status: "queued",
          attempt: 1,
          triggered_by: "manual",
          continuation_of: "<run>",
          lineage_depth: 1,
          payload: { n: 1 },
          job_version: 0,
        },
        absent: ["execution_mode", "queue_name"],
      }),
      sdk(
        "POST /continue",
        { payload: [2] },
        { status: 201, match: { payload: [2] }, remember: { next: ({ json }) => (json as { id: string }).id } },
      ),
      {
        send: "GET /v1/runs/<next>",
        status: 200,
        match: { continuation_of: "<run>", payload: [2], execution_mode: "worker" },
      },
      { send: "GET /v1/runs/<run>", status: 200, match: { status: "executing" } },
    ],
  },
  {
    name: "an empty body is fine and a broken one is not",
    given: [executing()],
    steps: [
      sdk("POST /complete", "[]", UNREADABLE),
      sdk("POST /complete", '{"result":', { status: 400, refusal: "invalid request body: unexpected EOF" }),
      sdk("POST /heartbeat", "this is not JSON", { status: 200, json: { status: "ok" } }),
    ],
  },
];
