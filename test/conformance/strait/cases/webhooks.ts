import type { ConformanceCase } from "../../case.ts";
import { TIMESTAMP, UUID } from "../../expected.ts";
import { refused } from "../control.ts";
import { after, executing, queued } from "../given.ts";

/** No server listens there. */
const UNREACHABLE = "http://127.0.0.1:9/hook";
/** The same with what deliveries do not show, because it may be secret. */
const SECRET = "HTTP://user:password@127.0.0.1:9/hook?token=secret";
const SHOWN = "http://127.0.0.1:9";
const WAITS_LOUDLY = after("POST <sdk>/wait-for-event", { event_key: "<key>", notify_url: SECRET }, 200);

/** Webhooks of waits and of jobs (`webhook_deliveries.go` of the real server). */
export const webhookCases: readonly ConformanceCase[] = [
  {
    name: "a wait shows whether its notify_url was called",
    ours: "the real server never calls the notify_url of a run's wait",
    given: [executing(), WAITS_LOUDLY],
    steps: [
      {
        send: "GET /v1/events/<key>",
        status: 200,
        match: { status: "waiting", notify_url: SECRET, notify_status: "pending" },
      },
    ],
  },
  {
    name: "the call for a wait is listed, and repeated only when it was given up",
    ours: "the real server never calls the notify_url of a run's wait",
    alone: true,
    given: [executing(), WAITS_LOUDLY],
    steps: [
      {
        send: "GET /v1/webhooks/deliveries?status=pending",
        status: 200,
        match: {
          data: [
            {
              event_trigger_id: UUID,
              project_id: "default",
              webhook_url: SHOWN,
              webhook_retry_policy: "exponential",
              max_attempts: 5,
              next_retry_at: TIMESTAMP,
              created_at: TIMESTAMP,
            },
          ],
          has_more: false,
        },
        remember: { delivery: (reply) => (reply.json as { data: [{ id: string }] }).data[0].id },
      },
      {
        send: "GET /v1/webhooks/deliveries/<delivery>",
        status: 200,
        match: { id: "<delivery>", webhook_url: SHOWN, status: "pending" },
      },
      {
        send: "POST /v1/webhooks/deliveries/<delivery>/retry",
        ...refused(409, "only failed or dead deliveries can be retried"),
      },
      ...["GET /v1/webhooks/deliveries/<delivery>", "POST /v1/webhooks/deliveries/<delivery>/retry"].map((send) => ({
        send,
        headers: { "x-project-id": "elsewhere" },
        ...refused(404, "delivery not found"),
      })),
      ...["delivered", "failed", "dead"].map((status) => ({
        send: `GET /v1/webhooks/deliveries?status=${status}`,
        status: 200,
        json: { data: [], has_more: false },
      })),
    ],
  },
  {
    name: "a delivery that there is not is not found, and a status that there is not is refused",
    steps: [
      { send: "GET /v1/webhooks/deliveries/<unknown>", ...refused(404, "delivery not found") },
      { send: "POST /v1/webhooks/deliveries/<unknown>/retry", ...refused(404, "delivery not found") },
      { send: "GET /v1/webhooks/deliveries?status=lost", ...refused(400, "status is invalid") },
      { send: "GET /v1/webhooks/deliveries?limit=0", ...refused(400, "limit must be a positive integer") },
    ],
  },
  {
    name: "the end of a run is sent to its job's webhook",
    ours: "the real server has no webhook_url that a request can set",
    alone: true,
    given: [queued({ definition: { webhook_url: UNREACHABLE } })],
    steps: [
      { send: "GET /v1/jobs/<job>", status: 200, match: { webhook_url: UNREACHABLE } },
      { send: "DELETE /v1/runs/<run>", status: 200, match: { status: "canceled" } },
      {
        send: "GET /v1/webhooks/deliveries",
        status: 200,
        match: { data: [{ run_id: "<run>", job_id: "<job>", webhook_url: SHOWN, max_attempts: 3 }] },
      },
      { send: "PATCH /v1/jobs/<job>", body: { description: "d" }, status: 200, match: { version: 2 } },
      { send: "GET /v1/jobs/<job>/versions", status: 200, match: { data: [{ version: 1, webhook_url: UNREACHABLE }] } },
    ],
  },
  ...["nowhere", "opik://project/agent", "http://", 5, { a: 1 }, null].map((webhook_url) => ({
    name: `a job's webhook ${JSON.stringify(webhook_url)} is no web address, and ignored`,
    steps: [
      {
        send: "POST /v1/jobs",
        body: { name: "n", slug: "<key>", execution_mode: "worker", webhook_url },
        status: 201,
        match: { slug: "<key>" },
        absent: ["webhook_url"],
      },
    ],
  })),
  {
    name: "a job's webhook is changed and removed",
    ours: "the real server has no webhook_url that a request can set",
    given: [queued({ definition: { webhook_url: UNREACHABLE } })],
    steps: [
      {
        send: "PATCH /v1/jobs/<job>",
        body: { webhook_url: "nowhere" },
        status: 200,
        match: { version: 2, webhook_url: UNREACHABLE },
      },
      {
        send: "PATCH /v1/jobs/<job>",
        body: { webhook_url: `${UNREACHABLE}/2` },
        status: 200,
        match: { version: 3, webhook_url: `${UNREACHABLE}/2` },
      },
      {
        send: "PATCH /v1/jobs/<job>",
        body: { webhook_url: "" },
        status: 200,
        match: { version: 4 },
        absent: ["webhook_url"],
      },
    ],
  },
];
