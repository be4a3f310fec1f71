import type { ConformanceCase } from "../../case.ts";
import { ALIVE, SUBMITTED, TIMESTAMP, UUID } from "../../expected.ts";
import { bridgeRunner, endpointRunner, pendingCommand, pickedUpCommand } from "../given.ts";

const COMMANDS = "<runners>/<runner>/bridge/commands";
const NEXT = `POST ${COMMANDS}/next`;
const CREATE = { send: `POST ${COMMANDS}`, body: { type: "Exec", args: { command: "ls" } }, ...SUBMITTED };
const NOTHING = '{"commands":[]}';

/** Polling for bridge commands [opik 2.16, 4.1]. */
export const bridgePollCases: readonly ConformanceCase[] = [
  {
    name: "a poll gets the commands that wait, in the order in which they were submitted",
    given: [bridgeRunner(), pendingCommand("first"), pendingCommand("second")],
    steps: [
      {
        send: NEXT,
        status: 200,
        json: {
          commands: ["first", "second"].map((name) => ({
            command_id: `<${name}>`,
            type: "Exec",
            args: { command: name },
            timeout_seconds: 30,
            submitted_at: TIMESTAMP,
          })),
        },
      },
    ],
  },
  {
    name: "a command that is picked up has that status, and is assigned once",
    given: [bridgeRunner(), pickedUpCommand(), pendingCommand("other")],
    steps: [
      { send: `GET ${COMMANDS}/<command>`, status: 200, match: { status: "picked_up", picked_up_at: TIMESTAMP } },
      { send: NEXT, status: 200, match: { commands: [{ command_id: "<other>" }] } },
    ],
  },
  {
    name: "a poll that finds nothing waits for half a minute",
    given: [bridgeRunner()],
    steps: [{ start: "poll", send: NEXT }, { advance: "30s" }, { finish: "poll", status: 200, text: NOTHING }],
  },
  {
    name: "a poll waits for a command to the last moment",
    given: [bridgeRunner()],
    steps: [
      { start: "poll", send: NEXT },
      { advance: "29999ms" },
      { send: "POST <runners>/<runner>/heartbeats", ...ALIVE },
      CREATE,
      { finish: "poll", status: 200, match: { commands: [{ args: { command: "ls" } }] } },
    ],
  },
  {
    name: "a poll that waits gets the next command at once",
    given: [bridgeRunner()],
    steps: [
      { start: "poll", send: NEXT },
      CREATE,
      { finish: "poll", status: 200, match: { commands: [{ args: { command: "ls" } }] } },
    ],
  },
  {
    name: "polls that wait are served first come, first served",
    given: [bridgeRunner()],
    steps: [
      { start: "first", send: NEXT },
      { start: "second", send: NEXT },
      { ...CREATE, body: { type: "Exec", args: 1 } },
      { finish: "first", status: 200, match: { commands: [{ args: 1 }] } },
      { ...CREATE, body: { type: "Exec", args: 2 } },
      { finish: "second", status: 200, match: { commands: [{ args: 2 }] } },
    ],
  },
  {
    name: "of two polls only one gets a command",
    given: [bridgeRunner()],
    steps: [
      { start: "first", send: NEXT },
      { start: "second", send: NEXT },
      CREATE,
      { finish: "first", status: 200, match: { commands: [{ args: { command: "ls" } }] } },
      { advance: "30s" },
      { finish: "second", status: 200, text: NOTHING },
    ],
  },
  ...(
    [
      [undefined, 10],
      ["", 10],
      ["null", 10],
      ["{}", 10],
      ['{"max_commands":null}', 10],
      ['{"max_commands":0}', 10],
      ['{"max_commands":-1}', 10],
      ['{"max_commands":1}', 1],
      ['{"max_commands":"3"}', 3],
      ['{"max_commands":20}', 20],
      ['{"max_commands":21}', 20],
    ] as const
  ).map(([body, count]): ConformanceCase => ({
    name: `a poll with ${body ?? "no body"} gets ${count} of 22 commands`,
    given: [bridgeRunner(), ...Array.from({ length: 22 }, () => pendingCommand())],
    steps: [
      {
        send: NEXT,
        ...(body === undefined ? {} : { body }),
        status: 200,
        match: { commands: Array.from({ length: count }, () => ({ command_id: UUID })) },
      },
    ],
  })),
  {
    name: "the number of commands is a number",
    given: [bridgeRunner()],
    steps: [
      { send: NEXT, body: { max_commands: "many" }, status: 400, message: /^Unable to process JSON\. / },
      { send: NEXT, body: { max_commands: [1] }, status: 400, message: /^Unable to process JSON\. / },
      { send: NEXT, body: "nope", status: 400, message: /^Unable to process JSON\. / },
    ],
  },
  {
    name: "an unknown runner gets no commands",
    steps: [
      { send: "POST <runners>/<unknown>/bridge/commands/next", status: 404, message: "Runner not found: <unknown>" },
      {
        send: "POST <runners>/<unknown>/bridge/commands/next",
        body: { max_commands: "many" },
        status: 400,
        message: /^Unable to process JSON\. /,
      },
    ],
  },
  {
    name: "a runner may poll whatever its type, and before it has said what it can",
    given: [endpointRunner()],
    steps: [{ start: "poll", send: NEXT }, { advance: "30s" }, { finish: "poll", status: 200, text: NOTHING }],
  },
  {
    name: "a runner that is not connected may poll, and is not connected by it",
    given: [bridgeRunner(), pendingCommand()],
    steps: [
      { advance: "15s" },
      { send: NEXT, status: 200, match: { commands: [{ command_id: "<command>" }] } },
      { send: "GET <runners>/<runner>", status: 200, match: { status: "disconnected" } },
    ],
  },
  {
    name: "commands of one runner are not handed to another",
    given: [bridgeRunner(), pendingCommand(), bridgeRunner("worker", "endpoint")],
    steps: [
      { start: "poll", send: "POST <runners>/<worker>/bridge/commands/next" },
      { advance: "30s" },
      { finish: "poll", status: 200, text: NOTHING },
      { send: `GET ${COMMANDS}/<command>`, status: 200, match: { status: "pending" } },
    ],
  },
  {
    name: "a command that has ended is not assigned any more",
    given: [bridgeRunner(), pendingCommand(), pendingCommand("other")],
    steps: [
      { send: `POST ${COMMANDS}/<command>/results`, body: { status: "completed", result: 1 }, status: 204 },
      { send: NEXT, status: 200, match: { commands: [{ command_id: "<other>" }] } },
    ],
  },
  {
    name: "a poll of a runner that is removed while it waits is answered with that at once",
    ours: "the real server answers with nothing when the time of the poll is over [opik 4.1, 8.27]",
    given: [bridgeRunner()],
    steps: [
      { start: "poll", send: NEXT },
      { send: "DELETE <runners>/<runner>", status: 204 },
      { finish: "poll", status: 404, message: "Runner not found: <runner>" },
    ],
  },
  {
    name: "a runner that a newer one has evicted gets no commands",
    given: [bridgeRunner(), bridgeRunner("newer")],
    steps: [{ send: NEXT, status: 404, message: "Runner not found: <runner>" }],
  },
];
