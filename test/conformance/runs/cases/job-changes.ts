import { expect } from "vitest";
import type { ConformanceCase } from "../../case.ts";
import { pushedJob, refused } from "../control.ts";
import { invalid, queued, workerJob } from "../given.ts";

const NOT_FOUND = refused(404, "job not found");

/** Reading, changing and deleting jobs (facts 4.1). */
export const jobChangeCases: readonly ConformanceCase[] = [
  {
    name: "a job is found by its id only, in its project only",
    given: [pushedJob()],
    steps: [
      { send: "GET /v1/jobs/<job>", status: 200, match: { slug: "<jobslug>" } },
      { send: "GET /v1/jobs/<jobslug>", ...NOT_FOUND },
      { send: "GET /v1/jobs/<job>", headers: { "x-project-id": "other" }, ...NOT_FOUND },
      { send: "GET /v1/jobs/<job>?project_id=default", status: 200, match: { id: "<job>" } },
      { send: "GET /v1/jobs/<job>?project_id=other", ...NOT_FOUND },
    ],
  },
  ...(
    [
      ["GET", "", undefined],
      ["PATCH", "", {}],
      ["DELETE", "", undefined],
      ["POST", "/pause", {}],
      ["POST", "/resume", undefined],
      ["POST", "/clone", { name: "c", slug: "c" }],
      ["POST", "/endpoint", { endpoint_url: "http://localhost/" }],
      ["POST", "/endpoint/verify", undefined],
      ["POST", "/trigger", {}],
      ["POST", "/trigger/bulk", { items: [{}] }],
      ["GET", "/versions", undefined],
      ["GET", "/versions/1", undefined],
    ] as const
  ).map(([method, path, body]) => ({
    name: `${method} ${path} of a job that is none is not found`,
    steps: [{ send: `${method} /v1/jobs/<unknown>${path}`, ...(body && { body }), ...NOT_FOUND }],
  })),
  {
    name: "a change keeps what it does not name, and makes a version",
    given: [pushedJob({ description: "d", tags: { a: "1" } })],
    steps: [
      {
        send: "PATCH /v1/jobs/<job>",
        body: { timeout_secs: 10 },
        status: 200,
        match: { version: 2, timeout_secs: 10, description: "d", tags: { a: "1" }, updated_by: "local" },
        remember: { second: ({ json }) => (json as { version_id: string }).version_id },
      },
      {
        send: "GET /v1/jobs/<job>/versions",
        status: 200,
        match: {
          data: [
            { version: 2, timeout_secs: 10, job_id: "<job>" },
            { version: 1, timeout_secs: 300 },
          ],
          has_more: false,
        },
      },
      { send: "GET /v1/jobs/<job>/versions/<second>", status: 200, match: { version: 2, version_id: "<second>" } },
      { send: "GET /v1/jobs/<job>/versions/none", ...refused(404, "job version not found") },
    ],
  },
  {
    name: "a change must keep to the rules of jobs",
    given: [pushedJob(), pushedJob({}, "other")],
    steps: [
      { send: "PATCH /v1/jobs/<job>", body: { max_attempts: 101 }, ...invalid("max_attempts: failed on 'max'") },
      {
        send: "PATCH /v1/jobs/<job>",
        body: { cron: "never" },
        ...refused(
          400,
          "cron expression must have exactly 5 fields (minute hour day-of-month month day-of-week), got 1",
        ),
      },
      {
        send: "PATCH /v1/jobs/<job>",
        body: { slug: "<otherslug>" },
        status: 409,
        refusal: 'job with slug "<otherslug>" already exists: job slug conflict',
      },
      { send: "PATCH /v1/jobs/<job>", body: { slug: "<jobslug>" }, status: 200, match: { slug: "<jobslug>" } },
      { send: "GET /v1/jobs/<job>", status: 200, match: { version: 2 } },
    ],
  },
  {
    name: "a deleted job is gone",
    given: [pushedJob()],
    steps: [
      { send: "DELETE /v1/jobs/<job>", status: 204, text: "" },
      { send: "GET /v1/jobs/<job>", ...NOT_FOUND },
      { send: "DELETE /v1/jobs/<job>", ...NOT_FOUND },
    ],
  },
  {
    name: "a job is not deleted while it has runs that have not ended",
    given: [queued()],
    steps: [
      {
        send: "DELETE /v1/jobs/<job>",
        ...refused(409, "job has active runs — cancel them first or wait for completion"),
      },
      { send: "DELETE /v1/runs/<run>", status: 200, match: { status: "canceled" } },
      { send: "DELETE /v1/jobs/<job>", status: 204 },
    ],
  },
  {
    name: "a paused job is paused until it is resumed; both can be said twice",
    alone: true,
    given: [pushedJob()],
    steps: [
      {
        send: "POST /v1/jobs/<job>/pause",
        body: { reason: "later" },
        status: 200,
        match: { paused: true, paused_at: "2026-01-01T00:00:00Z", pause_reason: "later" },
      },
      { send: "POST /v1/jobs/<job>/pause", status: 200, match: { paused: true, pause_reason: "later" } },
      {
        send: "POST /v1/jobs/<job>/trigger",
        ...refused(409, "job is paused -- resume it before triggering new runs"),
      },
      { send: "POST /v1/jobs/<job>/resume", status: 200, match: { paused: false, version: 1 } },
      { send: "GET /v1/jobs/<job>", status: 200, match: { paused: false } },
      {
        send: "POST /v1/jobs/<job>/resume",
        status: 200,
        match: { paused: false },
        absent: ["paused_at", "pause_reason"],
      },
    ],
  },
  {
    name: "the reason of a pause has at most 500 characters",
    given: [pushedJob()],
    steps: [
      { send: "POST /v1/jobs/<job>/pause", body: { reason: "r".repeat(501) }, ...invalid("reason: failed on 'max'") },
    ],
  },
  {
    name: "a clone is another job with the same definition",
    given: [workerJob({ tags: { a: "1" }, max_attempts: 7 })],
    steps: [
      {
        send: "POST /v1/jobs/<job>/clone",
        body: { name: "Clone", slug: "clone" },
        status: 201,
        match: {
          name: "Clone",
          slug: "clone",
          max_attempts: 7,
          tags: { a: "1" },
          execution_mode: "worker",
          version: 1,
        },
      },
      {
        send: "POST /v1/jobs/<job>/clone",
        body: { name: "Clone", slug: "clone" },
        ...refused(409, 'job with slug "clone" already exists: job slug conflict'),
      },
      { send: "POST /v1/jobs/<job>/clone", ...invalid("name: failed on 'required'", "slug: failed on 'required'") },
    ],
  },
  {
    name: "an endpoint is set, with a new signing secret only when one is asked for",
    given: [pushedJob()],
    steps: [
      {
        send: "POST /v1/jobs/<job>/endpoint",
        body: { endpoint_url: "http://127.0.0.1:9/two" },
        status: 200,
        json: { job: expect.objectContaining({ endpoint_url: "http://127.0.0.1:9/two" }) },
      },
      { send: "GET /v1/jobs/<job>", status: 200, match: { endpoint_url: "http://127.0.0.1:9/two" } },
      {
        send: "POST /v1/jobs/<job>/endpoint",
        body: { endpoint_url: "http://127.0.0.1:9/three", rotate_signing_secret: true },
        status: 200,
        json: {
          job: expect.objectContaining({ endpoint_url: "http://127.0.0.1:9/three" }),
          signing_secret: expect.stringMatching(/^esec_[0-9a-f]{64}$/),
        },
      },
      { send: "POST /v1/jobs/<job>/endpoint", ...invalid("endpoint_url: failed on 'required'") },
      {
        send: "POST /v1/jobs/<job>/endpoint",
        body: { endpoint_url: "x" },
        ...invalid("endpoint_url: failed on 'url'"),
      },
    ],
  },
  {
    name: "an endpoint where nobody listens is told as such",
    alone: true,
    given: [pushedJob()],
    steps: [
      {
        send: "POST /v1/jobs/<job>/endpoint/verify",
        status: 200,
        json: { success: false, latency_ms: 0, error: "connection to endpoint URL failed" },
      },
    ],
  },
  {
    name: "a job for workers has no endpoint to be verified",
    given: [workerJob()],
    steps: [{ send: "POST /v1/jobs/<job>/endpoint/verify", ...refused(400, "job has no endpoint_url configured") }],
  },
];
