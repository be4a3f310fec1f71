import { expect } from "vitest";
import type { ConformanceCase } from "../../case.ts";
import { refused } from "../control.ts";
import { UNREADABLE, executing, invalid, sdk } from "../given.ts";

const OUTPUT = { run_id: "<run>", output_key: "k", created_at: expect.any(String) };

/** Log, progress, checkpoint, output, resources [strait 2.2, 2.3, 2.6, 2.7, 2.18, 2.19]. */
export const historyCases: readonly ConformanceCase[] = [
  {
    name: "a log line has a type, a level and data of its own, or the usual ones",
    given: [executing()],
    steps: [
      sdk(
        "POST /log",
        { message: "m" },
        {
          status: 201,
          json: {
            id: expect.any(String),
            run_id: "<run>",
            type: "log",
            level: "info",
            message: "m",
            data: {},
            created_at: expect.any(String),
          },
        },
      ),
      sdk("POST /log", '{"message":"m","type":"mine","level":"loud","data":[1.0]}', {
        status: 201,
        contains: '"type":"mine","level":"loud","message":"m","data":[1.0]',
      }),
      { send: "GET /v1/runs/<run>/events?type=mine", status: 200, match: { data: [{ level: "loud" }] } },
    ],
  },
  {
    name: "a log line needs a message of text",
    given: [executing()],
    steps: [
      sdk("POST /log", { message: "" }, invalid("message: failed on 'required'")),
      sdk("POST /log", undefined, invalid("message: failed on 'required'")),
      ...(
        [
          [{ message: 1 }, "json: cannot unmarshal number into Go struct field SDKLogRequest.message of type string"],
          ["[]", "json: cannot unmarshal array into Go value of type api.SDKLogRequest"],
          ['{"message":"m",}', "invalid character '}' looking for beginning of object key string"],
        ] as const
      ).map(([body, reason]) => sdk("POST /log", body, { status: 400, refusal: `invalid request body: ${reason}` })),
    ],
  },
  {
    name: "progress is a line of history, with either name for the time that is left",
    given: [executing()],
    steps: [
      sdk(
        "POST /progress",
        { percent: 12.5, message: "m", step: "s", eta_seconds: 4 },
        {
          status: 201,
          match: { type: "progress", level: "info", data: { percent: 12.5, step: "s", eta_seconds: 4 } },
        },
      ),
      sdk(
        "POST /progress",
        { message: "m", eta_secs: 5 },
        { status: 201, contains: '"data":{"percent":0,"eta_seconds":5}' },
      ),
      sdk("POST /progress", { message: "m", percent: 1e-7 }, { status: 201, contains: '"data":{"percent":0.0000001}' }),
      {
        send: "GET /v1/runs/<run>/events?type=progress",
        status: 200,
        match: { data: [{ data: { percent: 12.5 } }, { data: { percent: 0 } }, { data: { percent: 1e-7 } }] },
      },
    ],
  },
  {
    name: "progress is between 0 and 100",
    given: [executing()],
    steps: [
      sdk("POST /progress", { percent: -1, message: "m" }, invalid("percent: failed on 'min'")),
      sdk("POST /progress", { percent: 100.5, message: "m" }, invalid("percent: failed on 'max'")),
      sdk("POST /progress", { percent: 101 }, invalid("percent: failed on 'max'", "message: failed on 'required'")),
      sdk("POST /progress", { message: "m", eta_seconds: 1.5 }, UNREADABLE),
      sdk("POST /progress", { percent: 100, message: "m" }, { status: 201, match: { data: { percent: 100 } } }),
    ],
  },
  {
    name: "checkpoints are counted",
    given: [executing()],
    steps: [
      sdk(
        "POST /checkpoint",
        { state: { a: 1 } },
        { status: 201, match: { run_id: "<run>", sequence: 1, source: "sdk" } },
      ),
      sdk(
        "POST /checkpoint",
        { state: null, source: "  mine " },
        {
          status: 201,
          match: { sequence: 2, source: "mine", state: null },
        },
      ),
      sdk("POST /checkpoint", {}, invalid("state: failed on 'required'")),
    ],
  },
  {
    name: "an output of a key is written again under the same id",
    given: [executing()],
    steps: [
      sdk(
        "POST /output",
        { output_key: "k", value: 1 },
        {
          status: 201,
          match: { output_key: "k", value: 1 },
          remember: { output: (reply) => (reply.json as { id: string }).id },
        },
      ),
      sdk(
        "POST /output",
        { output_key: "k", value: null, schema: { type: "null" } },
        {
          status: 201,
          match: { id: "<output>", value: null, schema: { type: "null" } },
        },
      ),
      sdk(
        "POST /output",
        { output_key: "k", value: "2", schema: { type: "integer" } },
        {
          status: 400,
          refusal: "output schema validation failed: $ must be integer",
        },
      ),
      sdk(
        "POST /output",
        { output_key: "k", value: null, schema: null },
        { status: 201, json: { ...OUTPUT, id: "<output>", value: null, schema: null } },
      ),
      sdk("POST /output", { value: 1 }, invalid("output_key: failed on 'required'")),
      sdk("POST /output", { key: "", value: 1 }, invalid("output_key: failed on 'required'")),
      sdk("POST /output", { output_key: "k" }, invalid("value: failed on 'required'")),
      sdk("POST /output", {}, invalid("output_key: failed on 'required'", "value: failed on 'required'")),
      { send: "GET /v1/runs/<run>/outputs", status: 200, match: { data: [{ id: "<output>", value: null }] } },
    ],
  },
  {
    name: "an output may name its key as the published Python SDK does",
    ours: "the real server refuses `key`, so that the SDK's save_output never works [strait 2.7]",
    given: [executing()],
    steps: [
      sdk(
        "POST /output",
        { key: "k", value: 1 },
        { status: 201, json: { ...OUTPUT, id: expect.any(String), value: 1 } },
      ),
      sdk("POST /output", { key: "other", output_key: "k", value: 2 }, { status: 201, match: { output_key: "k" } }),
    ],
  },
  {
    name: "a sample of resources is louder the fuller the memory",
    given: [executing()],
    steps: [
      sdk(
        "POST /resources",
        { memory_mb: 512.25, memory_percent: 79.9, cpu_percent: 3 },
        { status: 201, json: { status: "ok" } },
      ),
      sdk("POST /resources", { memory_percent: 80 }, { status: 201, json: { status: "ok" } }),
      sdk("POST /resources", { memory_mb: 512.75, memory_percent: 90 }, { status: 201, json: { status: "ok" } }),
      {
        send: "GET /v1/runs/<run>/events",
        status: 200,
        match: {
          data: [
            { type: "resource_sample", level: "info", message: "memory: 512.2MB (79.9%), cpu: 3.0%" },
            { level: "warn", message: "memory pressure warning: 0.0MB (80.0%)" },
            { level: "error", message: "memory pressure critical: 512.8MB (90.0%)" },
          ],
        },
      },
    ],
  },
  {
    name: "a sample that cannot be measured is refused",
    given: [executing()],
    steps: [
      sdk("POST /resources", { memory_mb: -1 }, { status: 400, refusal: "memory_mb must be non-negative" }),
      sdk(
        "POST /resources",
        { memory_percent: 101 },
        { status: 400, refusal: "memory_percent must be between 0 and 100" },
      ),
      sdk("POST /resources", { cpu_percent: -1 }, { status: 400, refusal: "cpu_percent must be between 0 and 100" }),
    ],
  },
  {
    name: "a snapshot near its limit is a warning too",
    given: [executing()],
    steps: [
      sdk(
        "POST /resource-snapshot",
        { memory_mb: 90, memory_limit_mb: 100, network_rx_bytes: 7 },
        {
          status: 201,
          match: { run_id: "<run>", cpu_percent: 0, memory_mb: 90, memory_limit_mb: 100, network_rx_bytes: 7 },
        },
      ),
      { send: "GET /v1/runs/<run>/events", status: 200, match: { data: [] } },
      sdk(
        "POST /resource-snapshot",
        { memory_mb: 95, memory_limit_mb: 100 },
        { status: 201, match: { memory_mb: 95 } },
      ),
      {
        send: "GET /v1/runs/<run>/events",
        status: 200,
        match: {
          data: [
            {
              type: "resource.oom_risk",
              level: "warn",
              message: "memory usage 95MB exceeds 90% of limit 100MB",
              data: { memory_mb: 95, usage_percent: 95 },
            },
          ],
        },
      },
      sdk("POST /resource-snapshot", { network_rx_bytes: 1.5 }, UNREADABLE),
    ],
  },
  {
    name: "a history is no longer than the server lets it be",
    settings: { maxEventsPerRun: 2 },
    given: [executing()],
    steps: [
      sdk("POST /log", { message: "1" }, { status: 201, match: { message: "1" } }),
      sdk(
        "POST /resource-snapshot",
        { memory_mb: 95, memory_limit_mb: 100 },
        { status: 201, match: { memory_mb: 95 } },
      ),
      ...["/log", "/progress"].map((path) =>
        sdk(`POST ${path}`, { message: "3" }, refused(429, "run has reached maximum events (2)")),
      ),
      sdk("POST /resources", { memory_mb: 1 }, refused(429, "run has reached maximum events (2)")),
      // The server's own notes are left out then.
      sdk(
        "POST /resource-snapshot",
        { memory_mb: 96, memory_limit_mb: 100 },
        { status: 201, match: { memory_mb: 96 } },
      ),
      {
        send: "GET /v1/runs/<run>/events",
        status: 200,
        match: { data: [{ message: "1" }, { type: "resource.oom_risk", data: { memory_mb: 95 } }] },
      },
    ],
  },
  {
    name: "a run keeps no more of each kind of record than the server lets it",
    settings: { maxRecordsPerRun: 1 },
    given: [executing()],
    steps: [
      sdk("POST /checkpoint", { state: 1 }, { status: 201, match: { sequence: 1, state: 1 } }),
      sdk("POST /checkpoint", { state: 2 }, refused(429, "run has reached maximum checkpoints (1)")),
      sdk("POST /output", { output_key: "a", value: 1 }, { status: 201, match: { output_key: "a", value: 1 } }),
      sdk("POST /output", { output_key: "b", value: 1 }, refused(429, "run has reached maximum outputs (1)")),
      sdk("POST /output", { output_key: "a", value: 2 }, { status: 201, match: { value: 2 } }),
      sdk("POST /resource-snapshot", { memory_mb: 1 }, { status: 201, match: { memory_mb: 1 } }),
      sdk("POST /resource-snapshot", { memory_mb: 2 }, refused(429, "run has reached maximum resource snapshots (1)")),
      sdk("POST /usage", { provider: "p", model: "m", prompt_tokens: 1 }, { status: 201, match: { prompt_tokens: 1 } }),
      sdk("POST /usage", { provider: "p", model: "m" }, refused(429, "run has reached maximum usage reports (1)")),
      sdk("POST /tool-call", { tool_name: "t" }, { status: 201, match: { tool_name: "t" } }),
      sdk("POST /tool-call", { tool_name: "t" }, refused(429, "run has reached maximum tool calls (1)")),
      sdk("POST /iteration", { iteration: 1 }, { status: 201, match: { iteration: 1 } }),
      sdk("POST /iteration", { iteration: 2 }, refused(429, "run has reached maximum iterations (1)")),
    ],
  },
];
