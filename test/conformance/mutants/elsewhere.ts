/*
 * What conformance cases cannot show, and the tests that show it instead.
 */

import { linkRoutes } from "../../../src/ui/links.ts";

/** Operations that answer with something else than JSON, or that nothing can lead to without waiting for others. */
export const OPERATIONS_ELSEWHERE: ReadonlySet<string> = new Set([
  // Pages, and links to them: test/ui.
  ...linkRoutes().map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, "{$1}")}`),
  "GET /opik/pair/v1",
  "GET /pair/v1",
  // Event streams, read by a real client: test/strait/streams.
  "GET /v1/events/{eventKey}/stream",
  "GET /v1/runs/{runId}/stream",
  "GET /v1/runs/{runId}/stream/chunks",
  "GET /v1/runs/{runId}/stream/logs",
  // The Model Context Protocol, spoken by its own client: test/client/mcp.test.ts.
  "POST /mcp",
  // Answers 501 whatever is asked.
  "DELETE /v1/private/spans/{id}",
  "POST /v1/private/otel/v1/metrics",
  // Answers 404 whatever is asked: there is no such job.
  "GET /v1/private/agent-insights/jobs/{projectId}",
  // Needs a delivery that was given up: test/strait/webhooks.
  "POST /v1/webhooks/deliveries/{id}/retry",
]);

/** Fields, each with another one of its resource, by which that is known. */
export const FIELDS_ELSEWHERE: ReadonlyArray<{ fields: readonly string[]; beside: string }> = [
  {
    // Of runs that are steps of workflows, which are not emulated [strait 3.1].
    fields: [
      "workflow_step_run_id",
      "max_attempts_override",
      "timeout_secs_override",
      "retry_backoff",
      "retry_initial_delay_secs",
      "retry_max_delay_secs",
      "is_rollback",
    ],
    beside: "triggered_by",
  },
  // Only fixtures can set them: test/fixtures.
  {
    fields: ["rate_limit_keys", "dlq_alert_threshold", "queue_depth_alert_threshold"],
    beside: "cron_overlap_policy",
  },
  // No answer has them, as on the real server; events have them: test/cli/console.test.ts, test/strait/dispatch.
  { fields: ["replayed_run_id", "queue_name"], beside: "triggered_by" },
  // Likewise of waits.
  { fields: ["request_payload", "environment_id"], beside: "event_key" },
  // The list of permissions is empty.
  { fields: ["permission_name"], beside: "permission_value" },
  { fields: ["permission_value"], beside: "permission_name" },
  // Of an export that could not be written: test/opik/library/dataset-files.test.ts.
  { fields: ["error_message"], beside: "viewed_at" },
  // What an executor has answered: test/strait/dispatch, test/strait/definitions/endpoints.
  { fields: ["execution_trace"], beside: "triggered_by" },
  { fields: ["status_code"], beside: "latency_ms" },
  // What a receiver of a webhook has answered, and when: test/strait/webhooks.
  {
    fields: ["attempts", "last_status_code", "last_error", "delivered_at", "updated_at"],
    beside: "webhook_retry_policy",
  },
];

/** Requests that change nothing that could be read afterwards. */
export const EFFECTS_ELSEWHERE: ReadonlySet<string> = new Set([
  "POST /v1/private/auth",
  "POST /v1/private/projects/retrieve",
  "POST /v1/private/projects/{id}/kpi-cards",
  "POST /v1/private/projects/{id}/metrics",
  "POST /v1/private/workspaces/costs",
  "POST /v1/private/workspaces/costs/summaries",
  "POST /v1/private/workspaces/metrics",
  "POST /v1/private/workspaces/metrics/spans",
  "POST /v1/private/workspaces/token-usage/names",
  "POST /v1/private/annotation-queues/{id}/items/search",
  "POST /v1/private/workspaces/metrics/summaries",
  "POST /v1/private/prompts/retrieve-by-commits",
  "POST /v1/private/prompts/versions/retrieve",
  "POST /v1/private/prompts/versions/retrieve-by-ids",
  "POST /v1/private/traces/search",
  "POST /v1/private/traces/threads/retrieve",
  "POST /v1/private/traces/threads/search",
  "POST /v1/private/spans/search",
  // Files are kept when they are uploaded, between these two.
  "POST /v1/private/attachment/upload-start",
  "POST /v1/private/attachment/upload-complete",
  "POST /v1/private/datasets/retrieve",
  "POST /v1/private/datasets/items/stream",
  "POST /v1/private/experiments/stream",
  "POST /v1/private/experiments/items/stream",
  // Clients listen to an event that it sends.
  "POST /v1/private/experiments/finish",
  "POST /v1/private/datasets/{id}/versions/retrieve",
  "POST /v1/jobs/{jobId}/endpoint/verify",
  "POST /v1/sse-token",
  // Sent to open event streams only: test/strait/streams.
  "POST /sdk/v1/runs/{runId}/stream",
]);
