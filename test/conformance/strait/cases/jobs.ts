import { expect } from "vitest";
import type { ConformanceCase } from "../../case.ts";
import { VERSION_ID } from "../../expected.ts";
import { pushedJob, refused } from "../control.ts";
import { invalid } from "../given.ts";

const CREATE = "POST /v1/jobs";
const JOB = { name: "Job", slug: "job", endpoint_url: "http://127.0.0.1:9/executor" };
const id = "made";

/** A rule of the definition that is broken, with what is answered. */
function breaking(rule: string, definition: object, expectation: ReturnType<typeof refused>): ConformanceCase {
  return {
    name: `a job is refused: ${rule}`,
    steps: [{ send: CREATE, body: { ...JOB, ...definition }, ...expectation }],
  };
}

const manyTags = Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`tag${index}`, "x"]));

/** Making jobs [strait 4.1]. */
export const jobCases: readonly ConformanceCase[] = [
  {
    name: "a job is made with the defaults, its fields in the real server's order",
    alone: true,
    steps: [
      {
        send: CREATE,
        body: JOB,
        status: 201,
        match: { version_id: VERSION_ID },
        remember: {
          [id]: ({ json }) => (json as { id: string }).id,
          version: ({ json }) => (json as { version_id: string }).version_id,
        },
      },
      {
        send: "GET /v1/jobs/<made>",
        status: 200,
        text:
          '{"id":"<made>","project_id":"default","name":"Job","slug":"job",' +
          '"endpoint_url":"http://127.0.0.1:9/executor","max_attempts":3,"timeout_secs":300,"enabled":true,' +
          '"paused":false,"retry_priority_boost":1,"version":1,"version_id":"<version>","version_policy":"pin",' +
          '"cron_overlap_policy":"allow","execution_mode":"http","queue":"default","created_by":"local","updated_by":"local",' +
          '"created_at":"2026-01-01T00:00:00Z","updated_at":"2026-01-01T00:00:00Z"}\n',
      },
    ],
  },
  {
    name: "everything that may be said of a job is shown again, but for its secrets",
    alone: true,
    steps: [
      {
        send: CREATE,
        body: {
          ...JOB,
          description: "d",
          cron: "*/5 * * * *",
          timezone: "Europe/Berlin",
          fallback_endpoint_url: "http://127.0.0.1:9/other",
          endpoint_signing_secret: "0123456789abcdef",
          max_attempts: 5,
          timeout_secs: 60,
          max_concurrency: 2,
          max_concurrency_per_key: 1,
          execution_window_cron: "* 9 * * *",
          rate_limit_max: 10,
          rate_limit_window_secs: 60,
          dedup_window_secs: 5,
          run_ttl_secs: 100,
          retry_strategy: "custom",
          retry_delays_secs: [1, 2],
          retry_priority_boost: 3,
          poison_pill_threshold: 4,
          default_run_metadata: { a: "1" },
          version_policy: "latest",
          cron_overlap_policy: "skip",
          payload_schema: { type: "object" },
          result_schema: { type: "object" },
          tags: { team: "core" },
          queue_name: "fast",
          enabled: false,
        },
        status: 201,
        match: {
          ...{ description: "d", cron: "*/5 * * * *", timezone: "Europe/Berlin", max_attempts: 5, timeout_secs: 60 },
          ...{ max_concurrency: 2, max_concurrency_per_key: 1, rate_limit_max: 10, rate_limit_window_secs: 60 },
          ...{ dedup_window_secs: 5, run_ttl_secs: 100, retry_strategy: "custom", retry_delays_secs: [1, 2] },
          ...{ retry_priority_boost: 3, poison_pill_threshold: 4, default_run_metadata: { a: "1" }, enabled: false },
          ...{ version_policy: "latest", cron_overlap_policy: "skip", payload_schema: { type: "object" } },
          ...{ result_schema: { type: "object" }, tags: { team: "core" }, queue: "fast" },
          fallback_endpoint_url: "http://127.0.0.1:9/other",
          execution_window_cron: "* 9 * * *",
        },
        remember: { [id]: ({ json }) => String("endpoint_signing_secret" in (json as object)) },
      },
    ],
  },
  {
    name: "zero is the same as left out",
    alone: true,
    steps: [
      {
        send: CREATE,
        body: { ...JOB, max_attempts: 0, timeout_secs: 0, retry_priority_boost: 0, fallback_endpoint_url: "" },
        status: 201,
        match: { max_attempts: 3, timeout_secs: 300, retry_priority_boost: 1 },
        absent: ["fallback_endpoint_url"],
      },
      {
        send: CREATE,
        body: { ...JOB, poison_pill_threshold: 0 },
        ...invalid("poison_pill_threshold: failed on 'min'"),
      },
    ],
  },
  {
    name: "what a request cannot set is ignored, whatever its value",
    alone: true,
    steps: [
      {
        send: CREATE,
        body: {
          ...JOB,
          ...{ dlq_alert_threshold: -1, queue_depth_alert_threshold: 5, rate_limit_keys: {}, backwards_compatible: 1 },
          payload_schema: null,
        },
        status: 201,
        match: { slug: "job" },
        absent: [
          ...["dlq_alert_threshold", "queue_depth_alert_threshold", "rate_limit_keys", "backwards_compatible"],
          "payload_schema",
        ],
      },
    ],
  },
  {
    name: "a time zone is not checked, nor the port of an endpoint or the length of a fallback",
    alone: true,
    steps: [
      { send: CREATE, body: { ...JOB, timezone: "Mars/X" }, status: 201, match: { timezone: "Mars/X" } },
      {
        send: CREATE,
        body: { ...JOB, slug: "two", endpoint_url: "http://127.0.0.1:99999/" },
        status: 201,
        match: { endpoint_url: "http://127.0.0.1:99999/" },
      },
      {
        send: CREATE,
        body: { ...JOB, slug: "three", fallback_endpoint_url: `http://localhost/${"p".repeat(2_048)}` },
        status: 201,
        match: { slug: "three" },
      },
    ],
  },
  {
    name: "field names are found in any case, unknown ones are ignored, null is left out",
    alone: true,
    steps: [
      {
        send: CREATE,
        body: { NAME: "Job", Slug: "job", Endpoint_URL: JOB.endpoint_url, description: null, more: 1 },
        status: 201,
        match: { name: "Job", slug: "job" },
      },
    ],
  },
  {
    name: "an executor on loopback may listen on any port",
    ours: "private endpoints are allowed by default",
    steps: [
      {
        send: CREATE,
        body: { ...JOB, endpoint_url: "http://localhost:5173/run" },
        status: 201,
        match: { endpoint_url: "http://localhost:5173/run" },
      },
      {
        send: CREATE,
        body: { ...JOB, slug: "two", endpoint_url: "opik://project/agent" },
        status: 201,
        match: { endpoint_url: "opik://project/agent" },
      },
    ],
  },
  {
    name: "a job for workers needs no endpoint",
    alone: true,
    steps: [
      {
        send: CREATE,
        body: { name: "Job", slug: "job", execution_mode: "worker" },
        status: 201,
        match: { endpoint_url: "" },
      },
    ],
  },
  {
    name: "a slug is taken in its project only",
    alone: true,
    ours: "the real server answers 500 to a slug that is taken",
    steps: [
      { send: CREATE, body: JOB, status: 201, match: { slug: "job", project_id: "default" } },
      { send: CREATE, body: JOB, ...refused(409, 'job with slug "job" already exists: job slug conflict') },
      { send: CREATE, body: { ...JOB, project_id: "other" }, status: 201, match: { project_id: "other" } },
    ],
  },
  {
    name: "a job of another project than the request's is refused",
    steps: [
      {
        send: CREATE,
        headers: { "x-project-id": "acme" },
        body: { ...JOB, project_id: "other" },
        ...refused(403, "project_id does not match authenticated project"),
      },
      {
        send: CREATE,
        headers: { "x-project-id": "acme" },
        body: { ...JOB, project_id: "acme" },
        status: 201,
        match: { project_id: "acme" },
      },
    ],
  },
  {
    name: "a job needs a name and a slug",
    steps: [{ send: CREATE, ...invalid("name: failed on 'required'", "slug: failed on 'required'") }],
  },
  breaking("a name over 255 characters", { name: "n".repeat(256) }, invalid("name: failed on 'max'")),
  breaking("a name over 255 bytes", { name: "ä".repeat(128) }, refused(400, "name too long (max 255 characters)")),
  breaking("a slug over 255 characters", { slug: "s".repeat(256) }, invalid("slug: failed on 'max'")),
  breaking("a slug over 128 bytes", { slug: "ä".repeat(65) }, refused(400, "slug too long (max 128 characters)")),
  breaking("a description over 2000", { description: "d".repeat(2_001) }, invalid("description: failed on 'max'")),
  breaking("no endpoint", { endpoint_url: "" }, refused(400, "endpoint_url is required")),
  breaking("an endpoint that is no URL", { endpoint_url: "executor" }, invalid("endpoint_url: failed on 'url'")),
  breaking(
    "an endpoint of another scheme",
    { endpoint_url: "ftp://localhost/" },
    refused(400, "invalid endpoint_url: url must use http or https scheme"),
  ),
  breaking(
    "a fallback that is no web address",
    { endpoint_url: "http://localhost/", fallback_endpoint_url: "opik://project/agent" },
    refused(400, "invalid fallback_endpoint_url: url must use http or https scheme"),
  ),
  breaking(
    "an endpoint over 2048 characters",
    { endpoint_url: `http://localhost/${"p".repeat(2_048)}` },
    refused(400, "endpoint_url too long (max 2048 characters)"),
  ),
  breaking(
    "a fallback that is no URL",
    { fallback_endpoint_url: "fallback" },
    invalid("fallback_endpoint_url: failed on 'url'"),
  ),
  breaking("a short secret", { webhook_secret: "short" }, invalid("webhook_secret: failed on 'min'")),
  breaking(
    "a long secret",
    { endpoint_signing_secret: "s".repeat(4_097) },
    invalid("endpoint_signing_secret: failed on 'max'"),
  ),
  breaking("more than 100 attempts", { max_attempts: 101 }, invalid("max_attempts: failed on 'max'")),
  breaking("less than one attempt", { max_attempts: -1 }, invalid("max_attempts: failed on 'min'")),
  breaking("a time-out below a second", { timeout_secs: -1 }, invalid("timeout_secs: failed on 'min'")),
  breaking(
    "a time-out over a day",
    { timeout_secs: 86_401 },
    refused(400, "timeout_secs must not exceed 86400 (24 hours)"),
  ),
  ...["max_concurrency", "max_concurrency_per_key", "rate_limit_max", "dedup_window_secs", "run_ttl_secs"].map(
    (field) => breaking(`${field} below zero`, { [field]: -1 }, invalid(`${field}: failed on 'min'`)),
  ),
  breaking(
    "a schedule of six fields",
    { cron: "0 0 * * * *" },
    refused(400, "cron expression must have exactly 5 fields (minute hour day-of-month month day-of-week), got 6"),
  ),
  // The notation is robfig/cron's [strait 4.7]; test/strait/definitions/jobs/cron.test.ts has all of it.
  ...["61 * * * *", "0 0 * * 7", "0 0 L * *", "0 0 15W * *", "0 0 * * 1#2", "*/0 * * * *"].map((cron) =>
    breaking(`the schedule ${cron}`, { cron }, refused(400, "invalid cron expression")),
  ),
  breaking(
    "a window that is none",
    { execution_window_cron: "* 25 * * *" },
    refused(400, "invalid execution_window_cron expression"),
  ),
  breaking("a retry strategy that is none", { retry_strategy: "random" }, invalid("retry_strategy: failed on 'oneof'")),
  breaking(
    "a delay that is not positive",
    { retry_delays_secs: [1, 0] },
    refused(400, "retry_delays_secs values must be positive"),
  ),
  breaking("a priority boost over ten", { retry_priority_boost: 11 }, invalid("retry_priority_boost: failed on 'max'")),
  breaking("a version policy that is none", { version_policy: "major" }, invalid("version_policy: failed on 'oneof'")),
  breaking(
    "an overlap policy that is none",
    { cron_overlap_policy: "queue" },
    invalid("cron_overlap_policy: failed on 'oneof'"),
  ),
  breaking(
    "an execution mode that is none",
    { execution_mode: "managed" },
    invalid("execution_mode: failed on 'oneof'"),
  ),
  breaking(
    "debounce and batch at once",
    { debounce_window_secs: 1, batch_window_secs: 1 },
    refused(400, "debounce_window_secs and batch_window_secs are mutually exclusive"),
  ),
  breaking("too many tags", { tags: manyTags }, refused(400, "too many tags (max 20)")),
  breaking(
    "a tag with a long name of few characters",
    { tags: { ["ä".repeat(33)]: "x" } },
    refused(400, "tag key too long (max 64 characters)"),
  ),
  breaking("a tag without a name", { tags: { "": "x" } }, refused(400, "tag keys must be non-empty")),
  breaking(
    "a tag with a long name",
    { tags: { ["k".repeat(65)]: "x" } },
    refused(400, "tag key too long (max 64 characters)"),
  ),
  breaking(
    "a tag with a long value",
    { tags: { k: "v".repeat(257) } },
    refused(400, "tag value too long (max 256 characters)"),
  ),
  {
    name: "a queue's name has 63 plain characters",
    alone: true,
    steps: [
      ...["a b", "q".repeat(64)].map((queue_name) => ({
        send: CREATE,
        body: { ...JOB, queue_name },
        ...refused(400, "queue_name must match ^[A-Za-z0-9_-]{1,63}$"),
      })),
      { send: CREATE, body: { ...JOB, queue_name: "A_b-9" }, status: 201, match: { queue: "A_b-9" } },
    ],
  },
  {
    name: "a value of the wrong type wins over broken rules",
    steps: [
      {
        send: CREATE,
        body: { name: "", slug: 5 },
        ...refused(
          400,
          "invalid request body: json: cannot unmarshal number into Go struct field CreateJobRequest.slug of type string",
        ),
      },
    ],
  },
  {
    name: "jobs are listed newest first, page by page, by slug and by tag",
    alone: true,
    given: [
      pushedJob({ tags: { team: "a" } }, "one"),
      pushedJob({ tags: { team: "b" } }, "two"),
      pushedJob({}, "three"),
    ],
    steps: [
      {
        send: "GET /v1/jobs?limit=2",
        status: 200,
        match: { data: [{ id: "<three>" }, { id: "<two>" }], has_more: true },
        remember: { cursor: ({ json }) => (json as { next_cursor: string }).next_cursor },
      },
      {
        send: "GET /v1/jobs?limit=2&cursor=<cursor>",
        status: 200,
        json: { data: [expect.objectContaining({ max_attempts: 3 })], has_more: false },
      },
      { send: "GET /v1/jobs?slug=<oneslug>", status: 200, match: { data: [{ id: "<one>" }] } },
      { send: "GET /v1/jobs?tag_key=team&tag_value=b", status: 200, match: { data: [{ id: "<two>" }] } },
      { send: "GET /v1/jobs?slug=none", status: 200, text: '{"data":[],"has_more":false}\n' },
    ],
  },
];
