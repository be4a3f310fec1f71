import type { ConformanceCase, Step } from "../../case.ts";
import { refused } from "../control.ts";
import { UNREADABLE, after, executing, invalid, sdk } from "../given.ts";

/** Every endpoint that needs an active run, with a body that is fine. */
const GUARDED: ReadonlyArray<readonly [send: string, body?: unknown]> = [
  ["POST /log", { message: "m" }],
  ["POST /progress", { message: "m" }],
  ["POST /annotate", { annotations: { a: "b" } }],
  ["POST /heartbeat"],
  ["POST /checkpoint", { state: 1 }],
  ["POST /output", { output_key: "k", value: 1 }],
  ["POST /usage", { provider: "p", model: "m" }],
  ["POST /tool-call", { tool_name: "t" }],
  ["POST /iteration", { iteration: 1 }],
  ["POST /complete", {}],
  ["POST /fail", { error: "e" }],
  ["POST /spawn", { job_slug: "<slug>" }],
  ["POST /state", { key: "k", value: 1 }],
  ["GET /state"],
  ["GET /state/k"],
  ["DELETE /state/k"],
  ["POST /resources", {}],
  ["POST /resource-snapshot", {}],
  ["POST /memory/k", { value: 1 }],
  ["GET /memory"],
  ["GET /memory/k"],
  ["DELETE /memory/k"],
  ["POST /stream", {}],
];

/** Those that have a word of their own for a run that is not at work. */
const OWN_WORDS: ReadonlyArray<readonly [send: string, body: unknown, message: string]> = [
  ["POST /continue", {}, "run must be executing or waiting to continue"],
  ["POST /wait-for-event", { event_key: "<key>" }, "run must be executing to wait for event, current status: paused"],
];

const ALL = [...GUARDED, ...OWN_WORDS, ["GET /payload"] as const];

/** Headers of the answers to an SDK that does not say its version. */
const LEGACY = { "x-sdk-version-accepted": "legacy", "x-sdk-capabilities": "none" };

const PLAIN = { "content-type": "text/plain; charset=utf-8" };
const NO_PAGE = { status: 404, text: "404 page not found\n", answerHeaders: PLAIN };

function anonymous(send: string, body: unknown): Step {
  const [method, path] = send.split(" ");
  return {
    send: `${method} <sdk>${path}`,
    ...(body === undefined ? {} : { body }),
    status: 401,
    refusal: { code: "authentication_required", message: "missing or invalid authorization header" },
  };
}

/** Access to the endpoints of a run [strait 1.1, 2.0]. */
export const executorGuardCases: readonly ConformanceCase[] = [
  {
    name: "every executor endpoint asks for the run's token",
    given: [executing()],
    steps: ALL.map(([send, body]) => anonymous(send, body)),
  },
  {
    name: "the token of one run is not good for another",
    given: [executing(), executing({}, "2")],
    steps: [
      {
        send: "POST <sdk2>/heartbeat",
        headers: { authorization: "<auth>" },
        status: 403,
        refusal: { code: "forbidden", message: "token does not match run ID" },
      },
    ],
  },
  {
    name: "a token that is none is refused",
    given: [executing()],
    steps: [
      {
        send: "POST <sdk>/heartbeat",
        headers: { authorization: "Bearer x" },
        status: 401,
        refusal: "invalid run token",
      },
      {
        send: "POST <sdk>/heartbeat",
        headers: { authorization: "bearer x" },
        status: 401,
        refusal: "missing or invalid authorization header",
      },
    ],
  },
  {
    name: "a run that has ended is gone for its executor",
    given: [executing(), after("POST <sdk>/complete", {}, 200)],
    steps: ALL.map(([send, body]) =>
      sdk(send, body, {
        status: 410,
        refusal: { code: "internal_error", message: "run has reached a terminal state" },
      }),
    ),
  },
  {
    name: "nothing is done for a run that is paused",
    given: [executing(), after("POST /v1/runs/<run>/pause", undefined, 200)],
    steps: [
      ...GUARDED.map(([send, body]) =>
        sdk(send, body, {
          status: 409,
          refusal: { code: "conflict", message: "run is not active for this SDK token" },
        }),
      ),
      ...OWN_WORDS.map(([send, body, message]) => sdk(send, body, { status: 409, refusal: message })),
      sdk("GET /payload", undefined, { status: 200, text: "{}\n" }),
      { send: "GET /v1/runs/<run>/events", status: 200, match: { data: [] } },
    ],
  },
  {
    name: "rules of form are checked before the run's status",
    given: [executing(), after("POST /v1/runs/<run>/pause", undefined, 200)],
    steps: [
      sdk("POST /log", {}, invalid("message: failed on 'required'")),
      sdk("POST /log", "{", UNREADABLE),
      sdk("POST /state", { key: "k".repeat(257), value: 1 }, refused(400, "state key must be 256 characters or fewer")),
      sdk("POST /resources", { memory_mb: -1 }, refused(400, "memory_mb must be non-negative")),
      sdk(
        "POST /wait-for-event",
        { event_key: "a\u0001" },
        refused(400, "event key contains invalid characters (control characters not allowed)"),
      ),
    ],
  },
  {
    name: "the SDK's version decides which headers name the server",
    given: [executing()],
    steps: [
      sdk("POST /heartbeat", undefined, {
        status: 200,
        json: { status: "ok" },
        answerHeaders: { "x-sdk-version-accepted": "legacy", "x-sdk-capabilities": "none" },
      }),
      {
        send: "POST <sdk>/heartbeat",
        headers: { authorization: "<auth>", "x-sdk-version": " 10.1 " },
        status: 200,
        json: { status: "ok" },
        answerHeaders: { "x-sdk-version-accepted": "10.1", "x-sdk-capabilities": /^progress,checkpoint/ },
      },
    ],
  },
  {
    name: "every answer behind a good token has the SDK's headers, also a refusal",
    given: [executing()],
    steps: [
      sdk("POST /log", {}, { ...invalid("message: failed on 'required'"), answerHeaders: LEGACY }),
      sdk("POST /log", "{", { ...UNREADABLE, answerHeaders: LEGACY }),
      sdk("GET /memory/none", undefined, { ...refused(404, "memory key not found"), answerHeaders: LEGACY }),
      sdk("GET /none", undefined, { ...NO_PAGE, answerHeaders: { ...LEGACY, ...PLAIN } }),
      sdk("GET /log", undefined, { status: 405, text: "", answerHeaders: { ...LEGACY, allow: "POST" } }),
      sdk("HEAD /state", undefined, { status: 405, text: "", answerHeaders: LEGACY }),
      {
        send: "GET <sdk>/none",
        ...refused(401, "missing or invalid authorization header"),
        answerHeaders: { "x-sdk-version-accepted": undefined, "x-sdk-capabilities": undefined },
      },
    ],
  },
  {
    name: "only the list of memory may end with a slash",
    given: [executing()],
    steps: [
      sdk("GET /memory/", undefined, { status: 200, json: [] }),
      sdk("GET /state/", undefined, NO_PAGE),
      sdk("POST /log/", { message: "m" }, NO_PAGE),
      { send: "GET /v1/runs/<run>/events", status: 200, match: { data: [] } },
    ],
  },
];
