import type { ConformanceCase } from "../../case.ts";
import { UUID } from "../../expected.ts";
import { ACTIVATION_KEY, pairingSession } from "../given.ts";

const SESSIONS = "POST /v1/private/pairing/sessions";
const SESSION = { project_id: "<project>", activation_key: ACTIVATION_KEY, type: "endpoint" };
const OPENED = { status: 201, json: { session_id: UUID, runner_id: UUID } };
const KEY_SIZE = "activationKey size must be between 43 and 44";
const NO_BASE64 = "activation_key must be valid base64";
const NO_32_BYTES = "activation_key must decode to exactly 32 bytes";

/** Opening pairing sessions [opik 2.19]. */
export const pairingCases: readonly ConformanceCase[] = [
  {
    name: "a session is opened for a runner that does not exist yet",
    steps: [
      {
        send: SESSIONS,
        body: SESSION,
        ...OPENED,
        answerHeaders: { location: undefined },
        remember: {
          session: (reply) => (reply.json as { session_id: string }).session_id,
          runner: (reply) => (reply.json as { runner_id: string }).runner_id,
        },
      },
      { send: "GET <runners>/<runner>", status: 404, message: "Runner not found: <runner>" },
      {
        send: `${SESSIONS}/<session>/activate`,
        body: { runner_name: "laptop", hmac: "A".repeat(43) },
        status: 403,
        message: "Invalid activation hmac",
      },
    ],
  },
  {
    name: "a session needs a project, a key and a type",
    steps: [
      {
        send: SESSIONS,
        body: {},
        status: 422,
        errors: ["activationKey must not be blank", "projectId must not be null", "type must not be null"],
      },
      { send: SESSIONS, status: 422, errors: ["The request body must not be null"] },
      { send: SESSIONS, body: { ...SESSION, project_id: "" }, status: 422, errors: ["projectId must not be null"] },
    ],
  },
  {
    name: "a project is named by a UUID",
    steps: [
      {
        send: SESSIONS,
        body: { ...SESSION, project_id: "demo" },
        status: 400,
        message: /^Unable to process JSON\. .*java\.util\.UUID/,
      },
    ],
  },
  {
    name: "a key has 43 or 44 characters",
    steps: [
      { send: SESSIONS, body: { ...SESSION, activation_key: "A".repeat(42) }, status: 422, errors: [KEY_SIZE] },
      { send: SESSIONS, body: { ...SESSION, activation_key: "A".repeat(45) }, status: 422, errors: [KEY_SIZE] },
      {
        send: SESSIONS,
        body: { ...SESSION, activation_key: "" },
        status: 422,
        errors: ["activationKey must not be blank", KEY_SIZE],
      },
      {
        send: SESSIONS,
        body: { ...SESSION, activation_key: " ".repeat(43) },
        status: 422,
        errors: ["activationKey must not be blank"],
      },
    ],
  },
  {
    name: "a key is 32 bytes in the standard alphabet of base64",
    steps: [
      { send: SESSIONS, body: { ...SESSION, activation_key: "-".repeat(43) }, status: 400, message: NO_BASE64 },
      { send: SESSIONS, body: { ...SESSION, activation_key: "_".repeat(44) }, status: 400, message: NO_BASE64 },
      { send: SESSIONS, body: { ...SESSION, activation_key: `${"A".repeat(42)} =` }, status: 400, message: NO_BASE64 },
      { send: SESSIONS, body: { ...SESSION, activation_key: "A".repeat(44) }, status: 400, message: NO_32_BYTES },
    ],
  },
  {
    name: "a key needs no padding, and its last character may be any",
    steps: [
      { send: SESSIONS, body: { ...SESSION, activation_key: ACTIVATION_KEY.slice(0, 43) }, ...OPENED },
      { send: SESSIONS, body: { ...SESSION, activation_key: `${"A".repeat(42)}B=` }, ...OPENED },
    ],
  },
  ...["59", "0", "-300"].map((ttl): ConformanceCase => ({
    name: `a session cannot be open for ${ttl} seconds`,
    steps: [
      {
        send: SESSIONS,
        body: { ...SESSION, ttl_seconds: ttl },
        status: 422,
        errors: ["ttlSeconds must be greater than or equal to 60"],
      },
    ],
  })),
  {
    name: "a session is open for a minute to ten",
    steps: [
      {
        send: SESSIONS,
        body: { ...SESSION, ttl_seconds: 601 },
        status: 422,
        errors: ["ttlSeconds must be less than or equal to 600"],
      },
      { send: SESSIONS, body: { ...SESSION, ttl_seconds: "soon" }, status: 400, message: /^Unable to process JSON\. / },
      { send: SESSIONS, body: { ...SESSION, ttl_seconds: 600 }, ...OPENED },
      { send: SESSIONS, body: { ...SESSION, ttl_seconds: 60 }, ...OPENED },
      { send: SESSIONS, body: { ...SESSION, ttl_seconds: null }, ...OPENED },
    ],
  },
  {
    name: "a runner is of type connect or endpoint, to the letter",
    steps: [
      { send: SESSIONS, body: { ...SESSION, type: "connect" }, ...OPENED },
      {
        send: SESSIONS,
        body: { ...SESSION, type: "Endpoint" },
        status: 400,
        message: /^Unable to process JSON\. .*Unknown runner type: Endpoint/,
      },
    ],
  },
  {
    name: "the key is looked at before the project",
    steps: [
      {
        send: SESSIONS,
        body: { ...SESSION, project_id: "<unknown>", activation_key: "-".repeat(43) },
        status: 400,
        message: NO_BASE64,
      },
      {
        send: SESSIONS,
        body: { ...SESSION, project_id: "<unknown>", activation_key: "A".repeat(44) },
        status: 400,
        message: NO_32_BYTES,
      },
      { send: SESSIONS, body: { ...SESSION, project_id: "<unknown>" }, status: 404, errors: ["Project not found"] },
    ],
  },
  {
    name: "a project of another workspace is not found",
    settings: { workspaces: ["any"] },
    steps: [
      {
        send: SESSIONS,
        headers: { "comet-workspace": "other" },
        body: SESSION,
        status: 404,
        errors: ["Project not found"],
      },
    ],
  },
  {
    name: "a second session for the same project leaves the first one open",
    given: [pairingSession(), pairingSession({ number: 2 })],
    steps: [
      {
        send: `${SESSIONS}/<session>/activate`,
        body: { runner_name: "laptop", hmac: "<proof>" },
        status: 201,
      },
    ],
  },
];
