import { type ConformanceCase, idInLocation } from "../../case.ts";
import { ALIVE, SUBMITTED, TIMESTAMP, UUID } from "../../expected.ts";
import { bridgeRunner, connectRunner, pendingCommand, runner } from "../given.ts";

const COMMANDS = "<runners>/<runner>/bridge/commands";
const CREATE = `POST ${COMMANDS}`;
const READ_FILE = { type: "ReadFile", args: { path: "a.txt" } };
const NOT_CONNECTED = ["Runner is not connected"];
const NO_BRIDGE = ["Runner does not support bridge commands"];
const LIMIT = 1_048_576;

/** Submitting bridge commands, and what limits there are [opik 2.15, 3.4]. */
export const bridgeCommandCases: readonly ConformanceCase[] = [
  {
    name: "a command that is submitted waits for its runner",
    given: [bridgeRunner()],
    steps: [
      {
        send: CREATE,
        body: READ_FILE,
        status: 201,
        json: { command_id: UUID },
        answerHeaders: {
          location:
            /^https?:\/\/[^/]+\/(?:api\/)?v1\/private\/local-runners\/[0-9a-f-]{36}\/bridge\/commands\/[0-9a-f-]{36}$/,
        },
        remember: { command: idInLocation },
      },
      {
        send: `GET ${COMMANDS}/<command>`,
        status: 200,
        json: {
          command_id: "<command>",
          runner_id: "<runner>",
          type: "ReadFile",
          status: "pending",
          args: { path: "a.txt" },
          timeout_seconds: 30,
          submitted_at: TIMESTAMP,
        },
      },
    ],
  },
  {
    name: "a command needs a type and arguments",
    given: [bridgeRunner()],
    steps: [
      { send: CREATE, body: {}, status: 422, errors: ["args must not be null", "type must not be null"] },
      { send: CREATE, body: { type: null, args: {} }, status: 422, errors: ["type must not be null"] },
      { send: CREATE, body: { type: "Exec" }, status: 422, errors: ["args must not be null"] },
      { send: CREATE, status: 422, errors: ["The request body must not be null"] },
    ],
  },
  ...["null", "[1,2]", '"text"', "1.0", '{"b":1.0,"a":9007199254740993,"__proto__":{"c":null}}'].map(
    (args): ConformanceCase => ({
      name: `the arguments of a command may be any JSON and keep their text: ${args}`,
      given: [bridgeRunner()],
      steps: [
        {
          send: CREATE,
          body: `{"type":"Exec","args":${args}}`,
          ...SUBMITTED,
          remember: { command: idInLocation },
        },
        { send: `GET ${COMMANDS}/<command>`, status: 200, contains: `"args":${args},` },
        { send: `POST ${COMMANDS}/next`, status: 200, contains: `"args":${args},` },
      ],
    }),
  ),
  {
    name: "there are six types of commands, named to the letter",
    given: [bridgeRunner()],
    steps: [
      ...["ReadFile", "WriteFile", "EditFile", "ListFiles", "SearchFiles", "Exec"].map((type) => ({
        send: CREATE,
        body: { type, args: {} },
        ...SUBMITTED,
      })),
      ...["exec", "EXEC", "read_file", ""].map((type) => ({
        send: CREATE,
        body: { type, args: {} },
        status: 400,
        message: new RegExp(`^Unable to process JSON\\. .*Unknown BridgeCommandType: ${type}`),
      })),
    ],
  },
  ...(
    [
      ["null", 30],
      ["0", 30],
      ["-5", 30],
      ["1", 1],
      ["45.9", 45],
      ['"45"', 45],
      ["120", 120],
      ["121", 120],
    ] as const
  ).map(([asked, granted]): ConformanceCase => ({
    name: `a command that asks for ${asked} seconds gets ${granted}`,
    given: [bridgeRunner()],
    steps: [
      {
        send: CREATE,
        body: `{"type":"Exec","args":{},"timeout_seconds":${asked}}`,
        ...SUBMITTED,
        remember: { command: idInLocation },
      },
      { send: `GET ${COMMANDS}/<command>`, status: 200, match: { timeout_seconds: granted } },
    ],
  })),
  {
    name: "the time-out of a command is a number",
    given: [bridgeRunner()],
    steps: [
      {
        send: CREATE,
        body: { ...READ_FILE, timeout_seconds: "soon" },
        status: 400,
        message: /^Unable to process JSON\. /,
      },
      {
        send: CREATE,
        body: { ...READ_FILE, timeout_seconds: true },
        status: 400,
        message: /^Unable to process JSON\. /,
      },
    ],
  },
  {
    name: "a command is checked before its runner is looked for",
    steps: [
      {
        send: "POST <runners>/<unknown>/bridge/commands",
        body: { args: {} },
        status: 422,
        errors: ["type must not be null"],
      },
      {
        send: "POST <runners>/<unknown>/bridge/commands",
        body: READ_FILE,
        status: 404,
        message: "Runner not found: <unknown>",
      },
    ],
  },
  {
    name: "a runner that is not connected gets no commands, whether or not it could carry them out",
    given: [bridgeRunner(), runner("worker", "endpoint")],
    steps: [
      { advance: "14999ms" },
      { send: CREATE, body: READ_FILE, ...SUBMITTED },
      { advance: "1ms" },
      { send: CREATE, body: READ_FILE, status: 404, errors: NOT_CONNECTED },
      { send: "POST <runners>/<worker>/bridge/commands", body: READ_FILE, status: 404, errors: NOT_CONNECTED },
      { send: "POST <runners>/<runner>/heartbeats", ...ALIVE },
      { send: CREATE, body: READ_FILE, ...SUBMITTED },
    ],
  },
  {
    name: "a runner gets commands when it has said that it carries them out, whatever its type",
    given: [connectRunner(), bridgeRunner("worker", "endpoint")],
    steps: [
      { send: CREATE, body: READ_FILE, status: 409, errors: NO_BRIDGE },
      { send: "POST <runners>/<runner>/heartbeats", body: { capabilities: ["jobs", "bridge"] }, ...ALIVE },
      { send: CREATE, body: READ_FILE, ...SUBMITTED },
      { send: "POST <runners>/<worker>/bridge/commands", body: READ_FILE, ...SUBMITTED },
      { send: "POST <runners>/<runner>/heartbeats", body: { capabilities: ["jobs"] }, ...ALIVE },
      { send: CREATE, body: READ_FILE, status: 409, errors: NO_BRIDGE },
    ],
  },
  {
    name: "fifty commands may wait for one runner",
    given: [bridgeRunner(), ...Array.from({ length: 50 }, () => pendingCommand()), bridgeRunner("worker", "endpoint")],
    steps: [
      {
        send: CREATE,
        body: READ_FILE,
        status: 429,
        errors: ["Too many pending commands"],
        answerHeaders: { "retry-after": undefined },
      },
      { send: "POST <runners>/<worker>/bridge/commands", body: READ_FILE, ...SUBMITTED },
      {
        send: `POST ${COMMANDS}/next`,
        body: { max_commands: 1 },
        status: 200,
        match: { commands: [{ type: "Exec", args: { command: "command" } }] },
      },
      { send: CREATE, body: READ_FILE, ...SUBMITTED },
      { send: CREATE, body: READ_FILE, status: 429, errors: ["Too many pending commands"] },
    ],
  },
  {
    name: "a command that is no longer pending does not count against the limit, also when it was never picked up",
    ours: "the real server keeps its place occupied [opik 8.15]",
    settings: { bridgeMaxPendingPerRunner: 1 },
    given: [bridgeRunner(), pendingCommand()],
    steps: [
      { send: CREATE, body: READ_FILE, status: 429, errors: ["Too many pending commands"] },
      { send: `POST ${COMMANDS}/<command>/results`, body: { status: "failed", error: "no" }, status: 204 },
      { send: CREATE, body: READ_FILE, ...SUBMITTED },
    ],
  },
  {
    name: "a runner gets so many commands in a minute, and those that are refused count too",
    settings: { bridgeMaxCommandsPerMinute: 2, bridgeMaxPendingPerRunner: 10 },
    given: [bridgeRunner(), bridgeRunner("worker", "endpoint")],
    steps: [
      { send: CREATE, body: READ_FILE, ...SUBMITTED },
      {
        send: CREATE,
        body: { type: "Exec", args: "x".repeat(LIMIT) },
        status: 400,
        errors: [`args payload too large: ${LIMIT + 2} bytes (max ${LIMIT})`],
      },
      { send: CREATE, body: READ_FILE, status: 429, errors: ["Rate limit exceeded"] },
      { send: "POST <runners>/<worker>/bridge/commands", body: READ_FILE, ...SUBMITTED },
      { advance: "60s" },
      { send: "POST <runners>/<runner>/heartbeats", ...ALIVE },
      { send: CREATE, body: READ_FILE, ...SUBMITTED },
    ],
  },
  {
    name: "commands that write have a limit of their own",
    settings: { bridgeMaxWriteCommandsPerMinute: 1 },
    given: [bridgeRunner()],
    steps: [
      ...["ReadFile", "ListFiles", "SearchFiles", "WriteFile"].map((type) => ({
        send: CREATE,
        body: { type, args: {} },
        ...SUBMITTED,
      })),
      ...["WriteFile", "EditFile", "Exec"].map((type) => ({
        send: CREATE,
        body: { type, args: {} },
        status: 429,
        errors: ["Write rate limit exceeded"],
      })),
      { send: CREATE, body: READ_FILE, ...SUBMITTED },
    ],
  },
  {
    name: "arguments may be long, and no longer than that",
    given: [bridgeRunner()],
    steps: [
      { send: CREATE, body: { type: "Exec", args: "x".repeat(LIMIT - 2) }, ...SUBMITTED },
      {
        send: CREATE,
        body: { type: "Exec", args: "x".repeat(LIMIT - 1) },
        status: 400,
        errors: [`args payload too large: ${LIMIT + 1} bytes (max ${LIMIT})`],
      },
    ],
  },
  {
    name: "the length of arguments is counted in characters, although the error says bytes",
    settings: { bridgeMaxPayloadLength: 5 },
    given: [bridgeRunner()],
    steps: [
      { send: CREATE, body: { type: "Exec", args: "ééé" }, ...SUBMITTED },
      {
        send: CREATE,
        body: { type: "Exec", args: "éééé" },
        status: 400,
        errors: ["args payload too large: 6 bytes (max 5)"],
      },
    ],
  },
  {
    name: "the queue is looked at before the limits of the minute, and these before the length",
    settings: {
      bridgeMaxPendingPerRunner: 1,
      bridgeMaxCommandsPerMinute: 3,
      bridgeMaxWriteCommandsPerMinute: 1,
      bridgeMaxPayloadLength: 10,
    },
    given: [bridgeRunner()],
    steps: [
      { send: CREATE, body: { type: "Exec", args: {} }, ...SUBMITTED },
      {
        send: CREATE,
        body: { type: "Exec", args: "too long an argument" },
        status: 429,
        errors: ["Too many pending commands"],
      },
      { send: `POST ${COMMANDS}/next`, status: 200, match: { commands: [{ type: "Exec", args: {} }] } },
      {
        send: CREATE,
        body: { type: "Exec", args: "too long an argument" },
        status: 429,
        errors: ["Write rate limit exceeded"],
      },
      {
        send: CREATE,
        body: { type: "ReadFile", args: "too long an argument" },
        status: 400,
        errors: ["args payload too large: 22 bytes (max 10)"],
      },
      {
        send: CREATE,
        body: { type: "Exec", args: "too long an argument" },
        status: 429,
        errors: ["Rate limit exceeded"],
      },
    ],
  },
];
