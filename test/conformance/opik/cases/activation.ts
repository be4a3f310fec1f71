import type { ConformanceCase, Step } from "../../case.ts";
import { TIMESTAMP } from "../../expected.ts";
import { pairingSession } from "../given.ts";

const ACTIVATE = "POST /v1/private/pairing/sessions/<session>/activate";
const LAPTOP = { runner_name: "laptop", hmac: "<proof>" };
const NAME_SIZE = "runnerName size must be between 0 and 128";
const HMAC_SIZE = "hmac size must be between 43 and 44";
const NOT_FOUND = "Pairing session not found: <session>";
const INVALID = "Invalid activation hmac";
const NO_PROOF = "A".repeat(43);
const activated = (number: number | "" = ""): Step => ({
  send: `POST /v1/private/pairing/sessions/<session${number}>/activate`,
  body: { runner_name: "laptop", hmac: `<proof${number}>` },
  status: 201,
});

/** Activating pairing sessions: how a runner comes to be [opik 2.20, 5.2]. */
export const activationCases: readonly ConformanceCase[] = [
  {
    name: "a client that proves to know the key of a session has a runner",
    given: [pairingSession()],
    steps: [
      {
        send: ACTIVATE,
        body: LAPTOP,
        status: 201,
        text: "",
        answerHeaders: { location: /^https?:\/\/[^/]+\/(?:api\/)?v1\/private\/local-runners\/[0-9a-f-]{36}$/ },
        remember: { located: (reply) => reply.headers.location?.split("/").at(-1) ?? "" },
      },
      {
        send: "GET <runners>/<located>",
        status: 200,
        json: {
          id: "<runner>",
          name: "laptop",
          project_id: "<project>",
          status: "connected",
          connected_at: TIMESTAMP,
          agents: [],
          capabilities: ["jobs"],
          type: "endpoint",
        },
      },
    ],
  },
  {
    name: "the type of the runner is that of its session",
    given: [pairingSession({ type: "connect" })],
    steps: [
      { send: ACTIVATE, body: { ...LAPTOP, type: "endpoint" }, status: 201 },
      { send: "GET <runners>/<runner>", status: 200, match: { type: "connect" } },
    ],
  },
  {
    name: "an activation needs a name and a proof",
    given: [pairingSession()],
    steps: [
      { send: ACTIVATE, body: {}, status: 422, errors: ["hmac must not be blank", "runnerName must not be blank"] },
      { send: ACTIVATE, status: 422, errors: ["The request body must not be null"] },
      {
        send: ACTIVATE,
        body: { ...LAPTOP, runner_name: " \t" },
        status: 422,
        errors: ["runnerName must not be blank"],
      },
      { send: ACTIVATE, body: { ...LAPTOP, runner_name: "" }, status: 422, errors: ["runnerName must not be blank"] },
      { send: ACTIVATE, body: { ...LAPTOP, runner_name: "x".repeat(129) }, status: 422, errors: [NAME_SIZE] },
      { send: ACTIVATE, body: { ...LAPTOP, hmac: "" }, status: 422, errors: ["hmac must not be blank", HMAC_SIZE] },
      { send: ACTIVATE, body: { ...LAPTOP, hmac: "A".repeat(42) }, status: 422, errors: [HMAC_SIZE] },
      { send: ACTIVATE, body: { ...LAPTOP, hmac: "A".repeat(45) }, status: 422, errors: [HMAC_SIZE] },
      { send: "GET <runners>/<runner>", status: 404, message: "Runner not found: <runner>" },
    ],
  },
  ...["x".repeat(128), " spaced out ", "é😀", "😀".repeat(64)].map((runnerName): ConformanceCase => ({
    name: `a runner keeps its name as it was sent: ${runnerName.slice(0, 12)} (${runnerName.length})`,
    given: [pairingSession({ runnerName })],
    steps: [
      { send: ACTIVATE, body: { runner_name: runnerName, hmac: "<proof>" }, status: 201 },
      { send: "GET <runners>/<runner>", status: 200, match: { name: runnerName } },
    ],
  })),
  {
    name: "the form of an activation is checked before its session is looked for",
    steps: [
      {
        send: "POST /v1/private/pairing/sessions/<unknown>/activate",
        body: { runner_name: "", hmac: NO_PROOF },
        status: 422,
        errors: ["runnerName must not be blank"],
      },
      {
        send: "POST /v1/private/pairing/sessions/<unknown>/activate",
        body: { runner_name: "laptop", hmac: NO_PROOF },
        status: 404,
        message: "Pairing session not found: <unknown>",
      },
      {
        send: "POST /v1/private/pairing/sessions/nonsense/activate",
        body: {},
        status: 404,
        message: "HTTP 404 Not Found",
      },
    ],
  },
  {
    name: "a wrong proof is refused, and the session stays open",
    given: [pairingSession()],
    steps: [
      { send: ACTIVATE, body: { runner_name: "laptop", hmac: NO_PROOF }, status: 403, message: INVALID },
      { send: ACTIVATE, body: { runner_name: "laptop", hmac: "-".repeat(43) }, status: 403, message: INVALID },
      { send: ACTIVATE, body: { runner_name: "laptop", hmac: "A".repeat(44) }, status: 403, message: INVALID },
      { send: ACTIVATE, body: { ...LAPTOP, runner_name: "laptop " }, status: 403, message: INVALID },
      { send: ACTIVATE, body: { ...LAPTOP, runner_name: "Laptop" }, status: 403, message: INVALID },
      { send: "GET <runners>/<runner>", status: 404, message: "Runner not found: <runner>" },
      activated(),
    ],
  },
  {
    name: "the proof of one session activates no other",
    given: [pairingSession(), pairingSession({ number: 2 })],
    steps: [
      { send: ACTIVATE, body: { runner_name: "laptop", hmac: "<proof2>" }, status: 403, message: INVALID },
      activated(2),
    ],
  },
  {
    name: "a session is activated once",
    given: [pairingSession()],
    steps: [
      activated(),
      { send: ACTIVATE, body: LAPTOP, status: 409, errors: ["Session already activated: <session>"] },
      { send: ACTIVATE, body: { ...LAPTOP, hmac: NO_PROOF }, status: 403, message: INVALID },
      { send: "GET <runners>/<runner>", status: 200, match: { status: "connected" } },
    ],
  },
  {
    name: "a second activation does not bring back a runner that a newer one has evicted",
    ours: "the real server evicts the newer runner and revives the older one [opik 8.8]",
    given: [pairingSession(), pairingSession({ number: 2 })],
    steps: [
      activated(),
      activated(2),
      { send: "GET <runners>/<runner>", status: 404, message: "Runner not found: <runner>" },
      { send: ACTIVATE, body: LAPTOP, status: 409, errors: ["Session already activated: <session>"] },
      { send: "GET <runners>/<runner>", status: 404, message: "Runner not found: <runner>" },
      { send: "GET <runners>/<runner2>", status: 200, match: { status: "connected" } },
    ],
  },
  {
    name: "a runner of the other type stays",
    given: [pairingSession(), pairingSession({ number: 2, type: "connect" })],
    steps: [
      activated(),
      activated(2),
      { send: "GET <runners>/<runner>", status: 200, match: { type: "endpoint" } },
      { send: "GET <runners>/<runner2>", status: 200, match: { type: "connect" } },
      { send: "GET <runners>?project_id=<project>", status: 200, match: { total: 2 } },
    ],
  },
  ...(
    [
      [undefined, "299999ms"],
      [60, "59999ms"],
      // Not at a whole minute, when the reaper deletes what has expired.
      [90, "89999ms"],
      [600, "599999ms"],
    ] as const
  ).flatMap(([ttlSeconds, before]): ConformanceCase[] => {
    const given = [pairingSession(ttlSeconds === undefined ? {} : { ttlSeconds })];
    return [
      {
        name: `a session for ${ttlSeconds ?? "no"} seconds can be activated after ${before}`,
        given,
        steps: [{ advance: before }, activated()],
      },
      {
        name: `a session for ${ttlSeconds ?? "no"} seconds is gone a moment after ${before}`,
        given,
        steps: [
          { advance: before },
          { advance: "1ms" },
          { send: ACTIVATE, body: LAPTOP, status: 404, message: NOT_FOUND },
        ],
      },
    ];
  }),
  {
    name: "a session that was activated ends like others, its runner does not",
    given: [pairingSession({ ttlSeconds: 60 })],
    steps: [
      activated(),
      { advance: "60s" },
      { send: ACTIVATE, body: LAPTOP, status: 404, message: NOT_FOUND },
      { send: "GET <runners>/<runner>", status: 200, match: { status: "disconnected" } },
    ],
  },
  {
    name: "a session of another workspace is not found",
    settings: { workspaces: ["any"] },
    given: [pairingSession()],
    steps: [
      { send: ACTIVATE, headers: { "comet-workspace": "other" }, body: LAPTOP, status: 404, message: NOT_FOUND },
      activated(),
    ],
  },
];
