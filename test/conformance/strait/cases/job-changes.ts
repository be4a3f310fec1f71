import { expect } from "vitest";
import type { ConformanceCase } from "../../case.ts";
import { EMPTY_PAGE, idOf, pushedJob, refused } from "../control.ts";
import { invalid, queued, workerJob } from "../given.ts";

const NOT_FOUND = refused(404, "job not found");
const NO_VERSION = refused(404, "version not found");

/** Reading, changing and deleting jobs [strait 4.1]. */
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
      { send: "GET /v1/jobs/<job>", status: 200, match: { version: 2, version_id: "<second>" } },
    ],
  },
  {
    name: "a version is kept when another one takes its place, as it was until then",
    alone: true,
    given: [pushedJob({ description: "d", tags: { b: "2", a: "1" }, run_ttl_secs: 60 })],
    steps: [
      { send: "GET /v1/jobs/<job>/versions", ...EMPTY_PAGE },
      {
        send: "GET /v1/jobs/<job>",
        status: 200,
        match: { version: 1 },
        remember: { first: ({ json }) => (json as { version_id: string }).version_id },
      },
      { send: "GET /v1/jobs/<job>/versions/<first>", ...NO_VERSION },
      {
        send: "PATCH /v1/jobs/<job>",
        body: { max_attempts: 5, backwards_compatible: true },
        status: 200,
        match: { version: 2 },
        remember: { second: ({ json }) => (json as { version_id: string }).version_id },
      },
      {
        send: "GET /v1/jobs/<job>/versions",
        status: 200,
        match: { data: [{ version: 1 }] },
        remember: { entry: ({ json }) => (json as { data: [{ id: string }] }).data[0].id },
      },
      {
        send: "GET /v1/jobs/<job>/versions/<first>",
        status: 200,
        text:
          '{"id":"<entry>","job_id":"<job>","version":1,"version_id":"<first>","name":"<jobslug>",' +
          '"slug":"<jobslug>","description":"d","tags":{"a":"1","b":"2"},' +
          '"endpoint_url":"http://127.0.0.1:9/executor","max_attempts":3,"timeout_secs":300,"run_ttl_secs":60,' +
          '"created_at":"2026-01-01T00:00:00Z"}\n',
      },
      { send: "PATCH /v1/jobs/<job>", body: { max_attempts: 7 }, status: 200, match: { version: 3 } },
      {
        send: "GET /v1/jobs/<job>/versions?limit=1",
        status: 200,
        match: {
          data: [{ version: 2, version_id: "<second>", max_attempts: 5, backwards_compatible: true }],
          has_more: true,
        },
        remember: { cursor: ({ json }) => (json as { next_cursor: string }).next_cursor },
      },
      {
        send: "GET /v1/jobs/<job>/versions?limit=1&cursor=<cursor>",
        status: 200,
        match: { data: [{ version: 1, version_id: "<first>" }], has_more: false },
      },
      ...["<entry>", "1", "none"].map((version) => ({ send: `GET /v1/jobs/<job>/versions/${version}`, ...NO_VERSION })),
      { send: "GET /v1/jobs/<unknown>/versions/<first>", ...NO_VERSION },
      { send: "GET /v1/jobs/<job>/versions/<first>", headers: { "x-project-id": "other" }, ...NO_VERSION },
    ],
  },
  {
    name: "a change may leave a name empty, and null changes nothing",
    given: [pushedJob({ description: "d", payload_schema: { type: "object" } })],
    steps: [
      {
        send: "PATCH /v1/jobs/<job>",
        body: { name: "", slug: "", payload_schema: null, description: null },
        status: 200,
        match: { name: "", slug: "", payload_schema: { type: "object" }, description: "d" },
      },
      { send: "GET /v1/jobs/<job>", status: 200, match: { name: "", slug: "" } },
    ],
  },
  {
    name: "a change and a copy have a name of 255 bytes at most",
    given: [pushedJob()],
    steps: [
      {
        send: "PATCH /v1/jobs/<job>",
        body: { name: "n".repeat(256) },
        ...refused(400, "name too long (max 255 characters)"),
      },
      {
        send: "POST /v1/jobs/<job>/clone",
        body: { name: "n".repeat(256), slug: "copy" },
        ...refused(400, "name too long (max 255 characters)"),
      },
    ],
  },
  {
    name: "in a change zero and empty texts are values",
    given: [pushedJob({ max_concurrency: 2, retry_priority_boost: 3, fallback_endpoint_url: "http://127.0.0.1:9/" })],
    steps: [
      ...(
        [
          [{ max_attempts: 0 }, "max_attempts: failed on 'min'"],
          [{ timeout_secs: 0 }, "timeout_secs: failed on 'min'"],
          [{ poison_pill_threshold: 0 }, "poison_pill_threshold: failed on 'min'"],
          [{ endpoint_url: "" }, "endpoint_url: failed on 'url'"],
          [{ fallback_endpoint_url: "" }, "fallback_endpoint_url: failed on 'url'"],
          [{ webhook_secret: "" }, "webhook_secret: failed on 'min'"],
          [{ version_policy: "" }, "version_policy: failed on 'oneof'"],
        ] as const
      ).map(([body, detail]) => ({ send: "PATCH /v1/jobs/<job>", body, ...invalid(detail) })),
      {
        send: "PATCH /v1/jobs/<job>",
        body: { max_concurrency: 0, retry_priority_boost: 0, description: "d".repeat(2_001), timezone: "Mars/X" },
        status: 200,
        match: { version: 2, timezone: "Mars/X" },
        absent: ["max_concurrency", "retry_priority_boost"],
      },
    ],
  },
  {
    name: "a change must keep to the rules of jobs",
    given: [pushedJob()],
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
      { send: "PATCH /v1/jobs/<job>", body: { slug: "<jobslug>" }, status: 200, match: { slug: "<jobslug>" } },
      { send: "GET /v1/jobs/<job>", status: 200, match: { version: 2 } },
    ],
  },
  {
    name: "a change of a slug to one that is taken is refused",
    ours: "the real server answers 500",
    given: [pushedJob(), pushedJob({}, "other")],
    steps: [
      {
        send: "PATCH /v1/jobs/<job>",
        body: { slug: "<otherslug>" },
        status: 409,
        refusal: 'job with slug "<otherslug>" already exists: job slug conflict',
      },
      { send: "GET /v1/jobs/<job>", status: 200, match: { version: 1, slug: "<jobslug>" } },
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
      { send: "GET /v1/runs/<run>", ...refused(404, "run not found") },
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
    steps: ["<job>", "<unknown>"].map((job) => ({
      send: `POST /v1/jobs/${job}/pause`,
      body: { reason: "r".repeat(501) },
      ...refused(400, "reason must be 500 characters or fewer"),
    })),
  },
  {
    name: "a clone is another job with the same definition",
    given: [workerJob({ tags: { a: "1" }, max_attempts: 7, enabled: false })],
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
          enabled: true,
          version: 1,
        },
        remember: { clone: idOf },
      },
      { send: "GET /v1/jobs/<clone>", status: 200, match: { id: "<clone>", slug: "clone", max_attempts: 7 } },
      ...[undefined, {}, { name: "Clone" }, { slug: "other" }].map((body) => ({
        send: "POST /v1/jobs/<job>/clone",
        ...(body && { body }),
        ...refused(400, "name and slug are required"),
      })),
      { send: "POST /v1/jobs/<unknown>/clone", ...NOT_FOUND },
    ],
  },
  {
    name: "a clone under a slug that is taken is refused",
    ours: "the real server answers 500",
    given: [workerJob()],
    steps: [
      {
        send: "POST /v1/jobs/<job>/clone",
        body: { name: "Clone", slug: "<slug>" },
        status: 409,
        refusal: 'job with slug "<slug>" already exists: job slug conflict',
      },
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
    name: "an endpoint that does not answer is reported as such",
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
