import type { Reply } from "../../../support/call.ts";
import { type ConformanceCase, idInLocation } from "../../case.ts";
import { ALIVE, TIMESTAMP } from "../../expected.ts";
import { completedJob, endpointRunner, pendingJob, runningJob } from "../given.ts";

const RESULTS = "POST <runners>/jobs/<job>/results";
const JOB = "GET <runners>/jobs/<job>";
const TRACE = "01a2b3c4-d5e6-7f80-9a1b-2c3d4e5f6071";
const NOT_A_RESULT = ["Invalid result status. Must be one of: [RUNNING, COMPLETED, FAILED]"];
const OWN_ORDER = "the real server lists the three in another order after each start [opik 8.23]";

/** Reads one of a job's times from an answer. */
const timeOf =
  (field: "started_at" | "completed_at") =>
  ({ json }: Reply): string =>
    (json as Record<string, string>)[field] ?? "";

/** Reporting how jobs go [opik 2.13], cancelling them (2.14) and their time-outs (3.2). */
export const jobResultCases: readonly ConformanceCase[] = [
  {
    name: "a completed job has its result and the time it ended",
    given: [endpointRunner("echo"), runningJob()],
    steps: [
      {
        send: RESULTS,
        body: { status: "completed", result: { answer: 42 }, trace_id: TRACE },
        status: 204,
        text: "",
      },
      {
        send: JOB,
        status: 200,
        json: {
          id: "<job>",
          runner_id: "<runner>",
          agent_name: "echo",
          status: "completed",
          inputs: { n: 1 },
          result: { answer: 42 },
          project_id: "<project>",
          trace_id: TRACE,
          timeout: 1800,
          created_at: TIMESTAMP,
          started_at: TIMESTAMP,
          completed_at: TIMESTAMP,
        },
      },
    ],
  },
  {
    name: "a failed job has its error",
    given: [endpointRunner("echo"), runningJob()],
    steps: [
      { send: RESULTS, body: { status: "failed", error: "ValueError: no" }, status: 204 },
      { send: JOB, status: 200, match: { status: "failed", error: "ValueError: no", completed_at: TIMESTAMP } },
    ],
  },
  {
    name: "a report that the job runs stores its fields and changes nothing else",
    given: [endpointRunner("echo"), runningJob()],
    steps: [
      { send: JOB, status: 200, match: { status: "running" }, remember: { time: timeOf("started_at") } },
      { advance: "5s" },
      { send: RESULTS, body: { status: "running", trace_id: TRACE, result: [1], error: "so far" }, status: 204 },
      { send: JOB, status: 200, match: { status: "running", trace_id: TRACE, result: [1], error: "so far" } },
      { send: JOB, status: 200, match: { status: "running", started_at: "<time>" } },
    ],
  },
  {
    name: "what a report leaves out keeps its value",
    given: [endpointRunner("echo"), runningJob()],
    steps: [
      { send: RESULTS, body: { status: "running", trace_id: TRACE, error: "early" }, status: 204 },
      { send: RESULTS, body: '{"status":"completed","result":null,"error":null,"trace_id":null}', status: 204 },
      { send: JOB, status: 200, match: { status: "completed", trace_id: TRACE, error: "early" } },
      { send: JOB, status: 200, contains: '"result":null,' },
    ],
  },
  {
    name: "a job that ended stays as it is",
    given: [endpointRunner("echo"), completedJob()],
    steps: [
      { send: JOB, status: 200, match: { status: "completed" }, remember: { time: timeOf("completed_at") } },
      { advance: "5s" },
      { send: RESULTS, body: { status: "failed", error: "late", result: 1, trace_id: TRACE }, status: 204 },
      { send: RESULTS, body: { status: "running", trace_id: TRACE }, status: 204 },
      { send: "POST <runners>/jobs/<job>/cancel", status: 204 },
      {
        send: JOB,
        status: 200,
        match: { status: "completed", result: { answer: 42 }, completed_at: "<time>" },
        absent: ["error", "trace_id"],
      },
    ],
  },
  {
    name: "a job that was cancelled stays cancelled",
    given: [endpointRunner("echo"), runningJob()],
    steps: [
      { send: "POST <runners>/jobs/<job>/cancel", status: 204 },
      { send: RESULTS, body: { status: "completed", result: 1 }, status: 204 },
      { send: JOB, status: 200, match: { status: "cancelled", completed_at: TIMESTAMP } },
      { send: JOB, status: 200, contains: '"inputs":{"n":1},"project_id"' },
    ],
  },
  {
    name: "a job that still waits may be ended",
    given: [endpointRunner("echo"), pendingJob()],
    steps: [
      { send: RESULTS, body: { status: "failed", error: "no" }, status: 204 },
      { send: JOB, status: 200, match: { status: "failed", error: "no", completed_at: TIMESTAMP } },
    ],
  },
  {
    name: "a job that still waits goes on waiting when it is said to run",
    given: [endpointRunner("echo"), pendingJob()],
    steps: [
      { send: RESULTS, body: { status: "running", trace_id: TRACE }, status: 204 },
      { send: JOB, status: 200, match: { status: "pending", trace_id: TRACE } },
      { send: "POST <runners>/<runner>/jobs/next", status: 200, match: { id: "<job>", trace_id: TRACE } },
    ],
  },
  {
    name: "a report needs a status",
    given: [endpointRunner("echo"), runningJob()],
    steps: [
      { send: RESULTS, body: {}, status: 422, errors: ["status must not be null"] },
      { send: RESULTS, body: { status: null, result: 1 }, status: 422, errors: ["status must not be null"] },
      { send: JOB, status: 200, match: { status: "running" } },
    ],
  },
  {
    name: "a report cannot say that a job waits or was cancelled",
    ours: OWN_ORDER,
    given: [endpointRunner("echo"), runningJob()],
    steps: [
      { send: RESULTS, body: { status: "pending" }, status: 400, errors: NOT_A_RESULT },
      { send: RESULTS, body: { status: "cancelled" }, status: 400, errors: NOT_A_RESULT },
    ],
  },
  {
    name: "a report is checked before its job is looked for",
    ours: OWN_ORDER,
    steps: [
      { send: "POST <runners>/jobs/<unknown>/results", body: {}, status: 422, errors: ["status must not be null"] },
      {
        send: "POST <runners>/jobs/<unknown>/results",
        body: { status: "pending" },
        status: 400,
        errors: NOT_A_RESULT,
      },
      {
        send: "POST <runners>/jobs/<unknown>/results",
        body: { status: "completed" },
        status: 404,
        message: "Job not found: '<unknown>'",
      },
    ],
  },
  {
    name: "a trace id is a UUID",
    given: [endpointRunner("echo"), runningJob()],
    steps: [
      {
        send: RESULTS,
        body: { status: "completed", trace_id: "abc" },
        status: 400,
        message: /^Unable to process JSON\. /,
      },
      { send: JOB, status: 200, match: { status: "running" } },
    ],
  },
  {
    name: "an error is text",
    given: [endpointRunner("echo"), runningJob()],
    steps: [
      {
        send: RESULTS,
        body: { status: "failed", error: { a: 1 } },
        status: 400,
        message: /^Unable to process JSON\. /,
      },
      { send: RESULTS, body: { status: "failed", error: 5 }, status: 204 },
      { send: JOB, status: 200, match: { error: "5" } },
    ],
  },
  {
    name: "a job that waits is cancelled at once",
    given: [endpointRunner("echo"), pendingJob()],
    steps: [
      { send: "POST <runners>/jobs/<job>/cancel", status: 204, text: "" },
      { send: JOB, status: 200, match: { status: "cancelled", completed_at: TIMESTAMP } },
      { send: "POST <runners>/jobs/<job>/cancel", status: 204 },
    ],
  },
  {
    name: "a job that runs is cancelled at once",
    given: [endpointRunner("echo"), runningJob()],
    steps: [
      { send: "POST <runners>/jobs/<job>/cancel", status: 204 },
      { send: JOB, status: 200, match: { status: "cancelled", started_at: TIMESTAMP, completed_at: TIMESTAMP } },
      { send: "POST <runners>/jobs/<job>/cancel", status: 204 },
      { send: "POST <runners>/<runner>/heartbeats", status: 200, json: { cancelled_job_ids: ["<job>"] } },
    ],
  },
  {
    name: "an unknown job cannot be cancelled",
    steps: [{ send: "POST <runners>/jobs/<unknown>/cancel", status: 404, message: "Job not found: '<unknown>'" }],
  },
  {
    name: "a job that runs for too long fails at the next look, even of a runner that is alive",
    // A real server looks for such jobs every minute; when is its own affair.
    alone: true,
    given: [endpointRunner()],
    steps: [
      { send: "PUT <runners>/<runner>/agents", body: { echo: { timeout: 59 } }, status: 204 },
      {
        send: "POST <runners>/jobs",
        body: '{"agent_name":"echo","project_id":"<project>"}',
        status: 201,
        remember: { job: idInLocation },
      },
      { send: "POST <runners>/<runner>/jobs/next", status: 200, match: { id: "<job>", status: "running" } },
      { advance: "59999ms" },
      { send: "POST <runners>/<runner>/heartbeats", ...ALIVE },
      { send: JOB, status: 200, match: { status: "running" } },
      { advance: "1ms" },
      {
        send: JOB,
        status: 200,
        match: { status: "failed", error: "Job timed out after 59s", completed_at: TIMESTAMP },
      },
      { send: RESULTS, body: { status: "completed", result: 1 }, status: 204 },
      { send: JOB, status: 200, match: { status: "failed" } },
    ],
  },
  {
    name: "only whole seconds count for a time-out",
    alone: true,
    given: [endpointRunner()],
    steps: [
      { send: "PUT <runners>/<runner>/agents", body: { echo: { timeout: 59 } }, status: 204 },
      {
        send: "POST <runners>/jobs",
        body: '{"agent_name":"echo","project_id":"<project>"}',
        status: 201,
        remember: { job: idInLocation },
      },
      { advance: "500ms" },
      { send: "POST <runners>/<runner>/jobs/next", status: 200, match: { id: "<job>", status: "running" } },
      { advance: "60s" },
      { send: JOB, status: 200, match: { status: "running" } },
      { advance: "60s" },
      { send: JOB, status: 200, match: { status: "failed" } },
    ],
  },
  {
    name: "a job whose runner was silent for half an hour fails by its time-out",
    alone: true,
    given: [endpointRunner("echo"), runningJob()],
    steps: [
      { advance: "30m" },
      { send: JOB, status: 200, match: { status: "running" } },
      { advance: "1m" },
      { send: JOB, status: 200, match: { status: "failed", error: "Job timed out after 1800s" } },
    ],
  },
];
