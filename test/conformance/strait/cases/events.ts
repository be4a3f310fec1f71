import { expect } from "vitest";
import type { ConformanceCase } from "../../case.ts";
import { refused } from "../control.ts";
import { executing, invalid, sdk, after } from "../given.ts";

const waits = after("POST <sdk>/wait-for-event", { event_key: "<key>" }, 200);

/** Waiting for events and sending them [strait 2.12, 4.5]. */
export const eventCases: readonly ConformanceCase[] = [
  {
    name: "a run that waits goes on when its event is sent, with the payload as its newest checkpoint",
    given: [executing()],
    steps: [
      sdk(
        "POST /wait-for-event",
        { event_key: "<key>" },
        {
          status: 200,
          json: {
            event_key: "<key>",
            expires_at: expect.any(String),
            status: "waiting",
            trigger_id: expect.any(String),
          },
        },
      ),
      { send: "GET /v1/runs/<run>", status: 200, match: { status: "waiting" } },
      {
        send: "POST /v1/events/<key>/send",
        body: '{"payload": {"big": 12345678901234567890}}',
        status: 200,
        contains: '"response_payload":{"big":12345678901234567890}',
        match: { status: "received", job_run_id: "<run>", source_type: "job_run", received_at: expect.any(String) },
      },
      { send: "GET /v1/runs/<run>", status: 200, match: { status: "queued", attempt: 1 } },
      {
        send: "GET /v1/runs/<run>/checkpoints",
        status: 200,
        contains: '"source":"event_trigger","state":{"big":12345678901234567890}',
      },
    ],
  },
  {
    name: "an event without a payload makes no checkpoint",
    given: [executing(), waits],
    steps: [
      {
        send: "POST /v1/events/<key>/send",
        status: 200,
        match: { status: "received" },
        absent: ["response_payload"],
      },
      { send: "GET /v1/runs/<run>/checkpoints", status: 200, match: { data: [] } },
    ],
  },
  {
    name: "the same event can be sent again, another one cannot",
    given: [executing(), waits],
    steps: [
      {
        send: "POST /v1/events/<key>/send",
        body: '{"payload":{"a":1,"b":[2]}}',
        status: 200,
        match: { response_payload: { a: 1, b: [2] } },
      },
      {
        send: "POST /v1/events/<key>/send",
        body: '{"payload":{ "b":[2.0], "a":1 }}',
        status: 200,
        match: { status: "received" },
      },
      ...["{}", '{"payload":null}', '{"payload":{"a":1}}'].map((body) => ({
        send: "POST /v1/events/<key>/send",
        body,
        status: 409,
        refusal: { code: "conflict", message: "event trigger is not in waiting state" },
      })),
    ],
  },
  {
    name: "an event without a wait is lost",
    steps: ["POST /v1/events/<key>/send", "GET /v1/events/<key>", "DELETE /v1/events/<key>"].map((send) => ({
      send,
      status: 404,
      refusal: { code: "not_found", message: "event trigger not found" },
    })),
  },
  {
    name: "a key is used once, and a second run that wants it goes on executing",
    given: [executing(), executing({}, "2"), waits],
    steps: [
      {
        send: "POST <sdk2>/wait-for-event",
        headers: { authorization: "<auth2>" },
        body: { event_key: "<key>" },
        status: 409,
        refusal: "event key already in use",
      },
      { send: "GET /v1/runs/<run2>", status: 200, match: { status: "executing" } },
      sdk(
        "POST /wait-for-event",
        { event_key: "other" },
        {
          status: 409,
          refusal: "run must be executing to wait for event, current status: waiting",
        },
      ),
    ],
  },
  {
    name: "waits that cannot be are refused",
    given: [executing()],
    steps: [
      sdk("POST /wait-for-event", {}, invalid("event_key: failed on 'required'")),
      sdk(
        "POST /wait-for-event",
        { event_key: "é".repeat(257) },
        {
          status: 400,
          refusal: "event key must be at most 512 characters",
        },
      ),
      sdk(
        "POST /wait-for-event",
        { event_key: "a\tb" },
        {
          status: 400,
          refusal: "event key contains invalid characters (control characters not allowed)",
        },
      ),
      ...["ftp://example.org", "x"].map((notify_url) =>
        sdk(
          "POST /wait-for-event",
          { event_key: "k", notify_url },
          refused(400, "notify_url rejected: url must use http or https scheme"),
        ),
      ),
      sdk(
        "POST /wait-for-event",
        { event_key: "k", timeout_secs: 2_592_001 },
        {
          status: 400,
          refusal: "timeout_secs must be 2592000 seconds or fewer",
        },
      ),
      { send: "GET /v1/runs/<run>", status: 200, match: { status: "executing" } },
    ],
  },
  {
    name: "a wait that takes too long ends, and its run with it",
    given: [executing(), after("POST <sdk>/wait-for-event", { event_key: "<key>", timeout_secs: 90 }, 200)],
    steps: [
      { advance: "89s" },
      { send: "GET /v1/runs/<run>", status: 200, match: { status: "waiting" } },
      { advance: "1s" },
      { send: "GET /v1/runs/<run>", status: 200, match: { status: "timed_out", error: "event trigger timed out" } },
      { send: "GET /v1/events/<key>", status: 200, match: { status: "timed_out", error: "event trigger timed out" } },
      { send: "POST /v1/events/<key>/send", ...refused(409, "event trigger is not in waiting state") },
    ],
  },
  {
    name: "a wait that is called off cancels its run",
    given: [executing(), waits],
    steps: [
      { send: "DELETE /v1/events/<key>", status: 200, match: { status: "canceled", error: "canceled by user" } },
      { send: "GET /v1/runs/<run>", status: 200, match: { status: "canceled", error: "canceled by user" } },
      { send: "DELETE /v1/events/<key>", status: 409, match: { error: { code: "conflict" } } },
    ],
  },
  {
    name: "events are sent to all keys with a beginning",
    given: [
      executing(),
      executing({}, "2"),
      after("POST <sdk>/wait-for-event", { event_key: "<key>/1" }, 200),
      async (world) => {
        const headers = { authorization: world.things.get("auth2") ?? "" };
        const body = { event_key: `${world.things.get("key")}/2` };
        await world.call("POST", `${world.things.get("sdk2")}/wait-for-event`, { headers, body });
      },
    ],
    steps: [
      {
        send: "POST /v1/events/prefix/<key>%2F/send",
        body: { payload: 7 },
        status: 200,
        match: { resolved: 2, triggers: [{ event_key: "<key>/1", response_payload: 7 }, { event_key: "<key>/2" }] },
      },
      { send: "GET /v1/runs/<run>", status: 200, match: { status: "queued" } },
      { send: "GET /v1/runs/<run2>", status: 200, match: { status: "queued" } },
      { send: "POST /v1/events/prefix/<key>/send", status: 200, json: { resolved: 0, triggers: [] } },
    ],
  },
  {
    name: "a key that no event can have is refused wherever it stands",
    steps: [
      ...["GET /v1/events/KEY", "POST /v1/events/KEY/send", "DELETE /v1/events/KEY", "GET /v1/events/KEY/stream"],
      "POST /v1/events/prefix/KEY/send",
    ].flatMap((send) => [
      {
        send: send.replace("KEY", "k".repeat(513)),
        ...refused(400, "event key must be at most 512 characters"),
      },
      {
        send: send.replace("KEY", "a%01"),
        ...refused(400, "event key contains invalid characters (control characters not allowed)"),
      },
    ]),
  },
  {
    name: "waits are listed and counted",
    settings: {},
    given: [executing(), waits],
    steps: [
      { advance: "10s" },
      { send: "POST /v1/events/<key>/send", status: 200, match: { event_key: "<key>", status: "received" } },
      {
        send: "GET /v1/events?status=received",
        status: 200,
        match: { data: [{ event_key: "<key>" }], has_more: false },
      },
      { send: "GET /v1/events?status=waiting", status: 200, json: { data: [], has_more: false } },
      { send: "GET /v1/events?workflow_run_id=x", status: 200, json: { data: [], has_more: false } },
      ...["status=over", "source_type=banana"].map((query) => ({
        send: `GET /v1/events?${query}`,
        status: 200,
        json: { data: [], has_more: false },
      })),
      {
        send: "GET /v1/events/stats",
        status: 200,
        json: {
          total_count: 1,
          waiting_count: 0,
          received_count: 1,
          timed_out_count: 0,
          canceled_count: 0,
          avg_wait_duration_secs: 10,
        },
      },
    ],
  },
  {
    name: "waits that are over are purged, and their keys are free again",
    settings: {},
    given: [
      executing(),
      waits,
      after("POST /v1/events/<key>/send", undefined, 200),
      executing({ definition: { timeout_secs: 86_400 } }),
    ],
    steps: [
      ...[{}, { older_than_days: 0 }].map((body) => ({
        send: "POST /v1/events/purge",
        body,
        ...refused(400, "older_than_days must be >= 1"),
      })),
      {
        send: "POST /v1/events/purge",
        body: { older_than_days: 36_501 },
        ...refused(400, "older_than_days must be <= 36500"),
      },
      { send: "POST /v1/events/purge", body: { older_than_days: 1 }, status: 200, text: '{"deleted":0}\n' },
      { advance: "24h" },
      { advance: "1ms" },
      {
        send: "POST /v1/events/purge",
        body: { older_than_days: 1, dry_run: true },
        status: 200,
        json: { dry_run: true, would_delete: 1 },
      },
      {
        send: "POST /v1/events/purge",
        body: { older_than_days: 1 },
        status: 200,
        json: { deleted: 1 },
      },
      { send: "GET /v1/events/<key>", ...refused(404, "event trigger not found") },
    ],
  },
  {
    name: "a project cannot wait for any number of events",
    settings: { maxEventWaitsPerProject: 1 },
    given: [executing(), waits, executing()],
    steps: [
      sdk(
        "POST /wait-for-event",
        { event_key: "another" },
        {
          status: 429,
          refusal: "project has reached maximum active event triggers (1)",
        },
      ),
      { send: "GET /v1/runs/<run>", status: 200, match: { status: "executing" } },
    ],
  },
  {
    name: "waits of another project are not found",
    given: [executing(), waits],
    steps: [
      {
        send: "GET /v1/events/<key>",
        headers: { "x-project-id": "elsewhere" },
        ...refused(404, "event trigger not found"),
      },
      {
        send: "POST /v1/events/<key>/send",
        headers: { "x-project-id": "elsewhere" },
        ...refused(404, "event trigger not found"),
      },
    ],
  },
];
