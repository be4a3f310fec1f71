import { vi } from "vitest";
import { Database } from "../../src/database/database.ts";
import { SORTABLE_THREAD_FIELDS } from "../../src/opik/tracing/threads/schema.ts";
import { createStraitWorld, type StraitWorld } from "../strait/world.ts";

const PRIVATE = "/v1/private";
const RUNNERS = `${PRIVATE}/local-runners`;
const ID = "0198c3a0-0000-7000-8000-000000000001";

/** Filters of `GET /v1/runs`; each alone has an index. */
const RUN_FILTERS = [
  "status=queued",
  "statuses=queued&statuses=failed",
  "tag_key=team",
  "tag_key=team&tag_value=x",
  "metadata_key=team",
  "metadata_key=team&metadata_value=x",
  "triggered_by=manual",
  "batch_id=b",
  "execution_mode=worker",
  "error_class=timeout",
  "payload_contains={}",
];

const BY_METADATA = { field: "metadata", key: "team", operator: "=", value: "a" };

/** Filters of traces and spans: one that the index of metadata serves alone, and one with another condition. */
const RECORD_FILTERS = [[BY_METADATA], [BY_METADATA, { field: "name", operator: "=", value: "a" }]].map(
  (filters) => `filters=${encodeURIComponent(JSON.stringify(filters))}`,
);

/** A filter of threads by each field that the SDKs and the page know. */
const THREAD_FILTERS = [
  ...["id", "first_message", "last_message", "tags", "annotation_queue_ids"].map((field) => [field, "contains", "a"]),
  ...["number_of_messages", "duration"].map((field) => [field, ">", "1"]),
  ...["start_time", "end_time", "created_at", "last_updated_at"].map((field) => [field, ">", "2026-01-01T00:00:00Z"]),
  ...["status", "source", "environment"].map((field) => [field, "=", field === "status" ? "active" : "sdk"]),
  ["feedback_scores", ">", "0.5", "quality"],
].map(([field, operator, value, key]) => JSON.stringify([{ field, operator, value, key }]));

/** Filters, orders and bounds of threads. */
const THREAD_QUERIES = [
  ...THREAD_FILTERS.map((filters) => `filters=${encodeURIComponent(filters)}`),
  ...SORTABLE_THREAD_FIELDS.flatMap((field) =>
    ["ASC", "DESC"].map((direction) => {
      const sorting = [{ field: field.replace("*", "quality"), direction }];
      return `sorting=${encodeURIComponent(JSON.stringify(sorting))}`;
    }),
  ),
  "from_time=2026-01-01T00:00:00Z&to_time=2026-01-02T00:00:00Z",
  `annotation_queue_id=${ID}`,
].map((query) => `&${query}`);

/** Lists whose statements are made when they are first asked for. */
const LISTS = [
  ...["", ...RUN_FILTERS].flatMap((filter) => [
    `/v1/runs?${filter}`,
    `/v1/runs?${filter}&cursor=2026-01-01T00:00:00Z_${ID}`,
  ]),
  "/v1/runs/dlq",
  ...["", "?slug=a", "?tag_key=a", "?tag_key=a&tag_value=b"].map((query) => `/v1/jobs${query}`),
  ...["", "?status=waiting", "?source_type=job_run"].map((query) => `/v1/events${query}`),
  ...["", "?status=pending"].map((query) => `/v1/webhooks/deliveries${query}`),
  "/v1/secrets",
  "/v1/projects",
  ...["", "?name=a"].map((query) => `${PRIVATE}/projects${query}`),
  "/__local/state",
  "/__local/pairings",
  "/__local/activity",
];

/** Does what makes statements: of lists with filters, of snapshots and of exports. */
async function useStores(world: StraitWorld): Promise<void> {
  const { opik, runs } = world.server;
  const jobId = await world.job({ execution_mode: "worker" });
  const { json: run } = await world.call("POST", `/v1/jobs/${jobId}/trigger`, {});
  await world.call("POST", "/v1/runs/bulk-cancel-all", { job_id: jobId, batch_id: "b", triggered_by: "manual" });
  const owner = { workspace: "default", user: "admin" };
  const projectId = opik.projects.getOrCreate(owner, "project");
  opik.runners.activate(owner, { id: ID, projectId, type: "endpoint", name: "laptop" });
  const own = [
    ...["", "?level=info", "?type=log"].map((query) => `/v1/runs/${run.id}/events${query}`),
    ...["", `?project_id=${projectId}`].map((query) => `${RUNNERS}/${ID}/jobs${query}`),
    `/__local/run-parts?run=${run.id}`,
    `/__local/bridge?runner=${ID}`,
    `${RUNNERS}?project_id=${projectId}`,
    `${PRIVATE}/traces?project_id=${projectId}`,
    `${PRIVATE}/spans?project_id=${projectId}`,
    ...RECORD_FILTERS.flatMap((filters) =>
      ["traces", "spans"].map((kind) => `${PRIVATE}/${kind}?project_id=${projectId}&${filters}`),
    ),
    `${PRIVATE}/spans?project_id=${projectId}&trace_id=${ID}`,
    ...["", ...THREAD_QUERIES].map((query) => `${PRIVATE}/traces/threads?project_id=${projectId}${query}`),
    `${PRIVATE}/traces/threads/stats?project_id=${projectId}`,
    `${PRIVATE}/projects/stats`,
  ];
  for (const path of [...LISTS, ...own]) {
    const { status, text } = await world.call("GET", path);
    if (status !== 200) throw new Error(`${path}: ${status} ${text}`);
  }
  for (const type of ["log", undefined]) Array.from(runs.runEvents.behind(run.id, 0, type));
  await world.call("GET", "/__local/fixtures");
  world.server.reset();
}

/** The text of every statement that the stores make, those of lists and exports included. */
export async function collectStatements(): Promise<string[]> {
  const prepare = vi.spyOn(Database.prototype, "prepare");
  try {
    await using world = createStraitWorld();
    await useStores(world);
    return [...new Set(prepare.mock.calls.map(([sql]) => sql))];
  } finally {
    prepare.mockRestore();
  }
}
