import type { ConformanceCase } from "../../case.ts";
import { TIMESTAMP } from "../../expected.ts";
import { bridgeRunner, pendingCommand, pickedUpCommand } from "../given.ts";

const COMMANDS = "<runners>/<runner>/bridge/commands";
const COMMAND = `GET ${COMMANDS}/<command>`;
const RESULTS = `POST ${COMMANDS}/<command>/results`;
const UNKNOWN_RUNNER = "POST <runners>/<unknown>/bridge/commands/<unknown>/results";
const NOT_A_RESULT = ["Invalid result status. Must be one of: [COMPLETED, FAILED]"];
const OWN_ORDER = "the real server lists the two in another order after each start [opik 2.17]";
const ENDED = ["Command already completed"];
const LIMIT = 1_048_576;

/** Reporting how bridge commands went [opik 2.17]. */
export const bridgeResultCases: readonly ConformanceCase[] = [
  {
    name: "a completed command has its result, how long it took and when it ended",
    given: [bridgeRunner(), pickedUpCommand()],
    steps: [
      { send: RESULTS, body: { status: "completed", result: { out: "a" }, duration_ms: 12 }, status: 204, text: "" },
      {
        send: COMMAND,
        status: 200,
        json: {
          command_id: "<command>",
          runner_id: "<runner>",
          type: "Exec",
          status: "completed",
          args: { command: "command" },
          result: { out: "a" },
          timeout_seconds: 30,
          submitted_at: TIMESTAMP,
          picked_up_at: TIMESTAMP,
          completed_at: TIMESTAMP,
          duration_ms: 12,
        },
      },
    ],
  },
  {
    name: "a failed command has its error",
    given: [bridgeRunner(), pickedUpCommand()],
    steps: [
      { send: RESULTS, body: { status: "failed", error: { code: "auth_failed", message: "no" } }, status: 204 },
      { send: COMMAND, status: 200, match: { status: "failed", error: { code: "auth_failed", message: "no" } } },
    ],
  },
  {
    name: "nulls that the runner sends are shown, a null duration as absent",
    given: [bridgeRunner(), pickedUpCommand()],
    steps: [
      { send: RESULTS, body: '{"status":"completed","result":{"n":1.0},"error":null,"duration_ms":null}', status: 204 },
      { send: COMMAND, status: 200, contains: '"result":{"n":1.0},"error":null,"timeout_seconds":30' },
      { send: COMMAND, status: 200, match: { status: "completed" }, absent: ["duration_ms"] },
    ],
  },
  ...["result", "error"].map((field): ConformanceCase => ({
    name: `a null ${field} is something to report`,
    given: [bridgeRunner(), pickedUpCommand()],
    steps: [
      { send: RESULTS, body: { status: "completed", [field]: null }, status: 204 },
      { send: COMMAND, status: 200, contains: `"${field}":null` },
    ],
  })),
  {
    name: "a report needs a status",
    given: [bridgeRunner(), pickedUpCommand()],
    steps: [
      { send: RESULTS, body: {}, status: 422, errors: ["status must not be null"] },
      { send: RESULTS, body: { status: null, result: 1 }, status: 422, errors: ["status must not be null"] },
      { send: RESULTS, status: 422, errors: ["The request body must not be null"] },
      { send: COMMAND, status: 200, match: { status: "picked_up" } },
    ],
  },
  {
    name: "a status that a command can have, but no report, is refused",
    ours: OWN_ORDER,
    given: [bridgeRunner(), pickedUpCommand()],
    steps: [
      { send: RESULTS, body: { status: "pending", result: 1 }, status: 400, errors: NOT_A_RESULT },
      { send: RESULTS, body: { status: "picked_up", result: 1 }, status: 400, errors: NOT_A_RESULT },
      { send: RESULTS, body: { status: "timed_out", result: 1 }, status: 400, errors: NOT_A_RESULT },
      { send: COMMAND, status: 200, match: { status: "picked_up" } },
    ],
  },
  {
    name: "the status of a report is read to the letter",
    given: [bridgeRunner(), pickedUpCommand()],
    steps: ["COMPLETED", "Completed", "done"].map((status) => ({
      send: RESULTS,
      body: { status, result: 1 },
      status: 400,
      message: new RegExp(`^Unable to process JSON\\. .*Unknown BridgeCommandStatus: ${status}`),
    })),
  },
  {
    name: "a report has a result or an error",
    given: [bridgeRunner(), pickedUpCommand()],
    steps: [
      {
        send: RESULTS,
        body: { status: "completed" },
        status: 400,
        errors: ["Either result or error must be provided"],
      },
      {
        send: RESULTS,
        body: { status: "failed", duration_ms: 1 },
        status: 400,
        errors: ["Either result or error must be provided"],
      },
      { send: COMMAND, status: 200, match: { status: "picked_up" } },
    ],
  },
  {
    name: "the duration is a whole number that may be a long one",
    given: [bridgeRunner(), pickedUpCommand()],
    steps: [
      {
        send: RESULTS,
        body: { status: "completed", result: 1, duration_ms: "long" },
        status: 400,
        message: /^Unable to process JSON\. /,
      },
      { send: RESULTS, body: { status: "completed", result: 1, duration_ms: 5_000_000_000 }, status: 204 },
      { send: COMMAND, status: 200, match: { duration_ms: 5_000_000_000 } },
    ],
  },
  {
    name: "a report is checked before its runner is looked for",
    ours: OWN_ORDER,
    given: [bridgeRunner()],
    steps: [
      { send: UNKNOWN_RUNNER, body: {}, status: 422, errors: ["status must not be null"] },
      { send: UNKNOWN_RUNNER, body: { status: "pending" }, status: 400, errors: NOT_A_RESULT },
      {
        send: UNKNOWN_RUNNER,
        body: { status: "completed" },
        status: 400,
        errors: ["Either result or error must be provided"],
      },
      {
        send: UNKNOWN_RUNNER,
        body: { status: "completed", result: "x".repeat(LIMIT) },
        status: 400,
        errors: [`result payload too large: ${LIMIT + 2} bytes (max ${LIMIT})`],
      },
      {
        send: UNKNOWN_RUNNER,
        body: { status: "completed", result: 1 },
        status: 404,
        message: "Runner not found: <unknown>",
      },
      {
        send: `POST ${COMMANDS}/<unknown>/results`,
        body: { status: "completed", result: 1 },
        status: 404,
        message: "Command not found: <unknown>",
      },
    ],
  },
  {
    name: "a command is reported by its own runner",
    given: [bridgeRunner(), pickedUpCommand(), bridgeRunner("worker", "endpoint")],
    steps: [
      {
        send: "POST <runners>/<worker>/bridge/commands/<command>/results",
        body: { status: "completed", result: 1 },
        status: 404,
        message: "Command not found: <command>",
      },
      { send: COMMAND, status: 200, match: { status: "picked_up" } },
    ],
  },
  {
    name: "the first report counts, every other is refused",
    given: [bridgeRunner(), pickedUpCommand()],
    steps: [
      { send: RESULTS, body: { status: "completed", result: 1 }, status: 204 },
      { send: RESULTS, body: { status: "failed", error: "late" }, status: 409, errors: ENDED },
      { send: RESULTS, body: { status: "completed", result: 1 }, status: 409, errors: ENDED },
      { send: COMMAND, status: 200, match: { status: "completed", result: 1 }, absent: ["error"] },
    ],
  },
  {
    name: "a command that still waits may be reported",
    given: [bridgeRunner(), pendingCommand()],
    steps: [
      { send: RESULTS, body: { status: "failed", error: "no" }, status: 204 },
      {
        send: COMMAND,
        status: 200,
        match: { status: "failed", error: "no", completed_at: TIMESTAMP },
        absent: ["picked_up_at"],
      },
    ],
  },
  {
    name: "a runner that is not connected may report",
    given: [bridgeRunner(), pickedUpCommand()],
    steps: [
      { advance: "20s" },
      { send: RESULTS, body: { status: "completed", result: 1 }, status: 204 },
      { send: "GET <runners>/<runner>", status: 200, match: { status: "disconnected" } },
    ],
  },
  {
    name: "a result may be long",
    given: [bridgeRunner(), pickedUpCommand()],
    steps: [
      {
        send: RESULTS,
        body: { status: "completed", result: "x".repeat(LIMIT - 2), error: "x".repeat(LIMIT - 2) },
        status: 204,
      },
      { send: COMMAND, status: 200, match: { status: "completed" } },
    ],
  },
  ...["result", "error"].map((field): ConformanceCase => ({
    name: `a command whose ${field} is too long has failed`,
    ours: "the real server goes on waiting for a report that never comes [opik 8.16]",
    given: [bridgeRunner(), pickedUpCommand()],
    steps: [
      {
        send: RESULTS,
        body: { status: "completed", [field]: "x".repeat(LIMIT - 1) },
        status: 400,
        errors: [`${field} payload too large: ${LIMIT + 1} bytes (max ${LIMIT})`],
      },
      {
        send: COMMAND,
        status: 200,
        match: {
          status: "failed",
          error: {
            code: "payload_too_large",
            message: `${field} payload too large: ${LIMIT + 1} bytes (max ${LIMIT})`,
          },
        },
      },
      { send: RESULTS, body: { status: "completed", result: 1 }, status: 409, errors: ENDED },
    ],
  })),
];
