import type { Reply } from "../../../support/call.ts";
import type { ConformanceCase } from "../../case.ts";
import { TOKEN } from "../../expected.ts";
import { idOf, TRIGGERED, refused } from "../control.ts";
import { invalid, workerJob } from "../given.ts";

const TRIGGER = "POST /v1/jobs/<job>/trigger";

const KEY = { "idempotency-key": "key" };

/** The two levels of idempotency [strait 4.2]. */
export const idempotencyCases: readonly ConformanceCase[] = [
  {
    name: "a trigger that is sent again is answered again, to the byte, for a day",
    given: [workerJob()],
    steps: [
      {
        send: TRIGGER,
        headers: KEY,
        ...TRIGGERED,
        remember: { run: idOf, answer: ({ text }) => text },
        answerHeaders: { "idempotency-replayed": undefined },
      },
      {
        send: TRIGGER,
        headers: KEY,
        body: { payload: "not looked at" },
        status: 201,
        text: "<answer>",
        answerHeaders: { "idempotency-replayed": "true" },
      },
      { send: `${TRIGGER}/`, headers: KEY, status: 201, text: "<answer>" },
      { advance: "23h" },
      { send: TRIGGER, headers: { "x-idempotency-key": "key" }, status: 201, text: "<answer>" },
    ],
  },
  {
    name: "another actor with the key of a live run receives that run",
    given: [workerJob()],
    steps: [
      { send: TRIGGER, headers: KEY, ...TRIGGERED, remember: { run: idOf } },
      {
        send: TRIGGER,
        headers: { ...KEY, "x-actor-id": "other" },
        status: 200,
        json: { id: "<run>", status: "queued", idempotency_hit: true, run_token: TOKEN },
        answerHeaders: { "idempotency-replayed": undefined },
      },
    ],
  },
  {
    name: "the run of a key may have ended within a day",
    given: [workerJob({ run_ttl_secs: 1_000_000 })],
    steps: [
      { send: TRIGGER, headers: KEY, ...TRIGGERED, remember: { run: idOf } },
      { send: "DELETE /v1/runs/<run>", status: 200, match: { status: "canceled" } },
      { advance: "23h" },
      {
        send: TRIGGER,
        headers: { ...KEY, "x-actor-id": "other" },
        status: 200,
        json: { id: "<run>", status: "canceled", idempotency_hit: true },
      },
      { advance: "1h" },
      { send: TRIGGER, headers: { ...KEY, "x-actor-id": "third" }, status: 201, match: { idempotency_hit: false } },
    ],
  },
  {
    name: "a run that expired leaves its key",
    given: [workerJob({ run_ttl_secs: 1 })],
    steps: [
      { send: TRIGGER, headers: KEY, ...TRIGGERED, remember: { run: idOf } },
      { advance: "1m" },
      { send: "GET /v1/runs/<run>", status: 200, match: { status: "expired", error: "run expired" } },
      { send: TRIGGER, headers: { ...KEY, "x-actor-id": "other" }, status: 201, match: { idempotency_hit: false } },
    ],
  },
  {
    name: "a key of one job is none of another's",
    given: [workerJob(), workerJob({}, "2")],
    steps: [
      { send: TRIGGER, headers: KEY, ...TRIGGERED },
      { send: "POST /v1/jobs/<job2>/trigger", headers: KEY, status: 201, match: { idempotency_hit: false } },
    ],
  },
  {
    name: "a refusal is not kept",
    ours: "the real server keeps a key locked after a refusal",
    given: [workerJob()],
    steps: [
      { send: TRIGGER, headers: KEY, body: { priority: 11 }, ...invalid("priority: failed on 'max'") },
      { send: TRIGGER, headers: KEY, ...TRIGGERED, answerHeaders: { "idempotency-replayed": undefined } },
    ],
  },
  {
    name: "a key has at most 256 characters",
    given: [workerJob()],
    steps: [
      {
        send: TRIGGER,
        headers: { "x-idempotency-key": "k".repeat(257) },
        ...refused(400, "idempotency key must be 256 characters or fewer"),
      },
    ],
  },
  {
    name: "making a job and a project can be sent again too",
    alone: true,
    steps: (
      [
        ["POST /v1/jobs", { name: "j", slug: "j", execution_mode: "worker" }],
        ["POST /v1/projects", { id: "p", org_id: "o", name: "pp" }],
      ] as const
    ).flatMap(([send, body], index) => [
      {
        send,
        headers: KEY,
        body,
        status: 201,
        match: body,
        remember: { [`answer${index}`]: ({ text }: Reply) => text },
      },
      {
        send,
        headers: KEY,
        body,
        status: 201,
        text: `<answer${index}>`,
        answerHeaders: { "idempotency-replayed": "true" },
      },
    ]),
  },
];
