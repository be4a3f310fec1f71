import { type ConformanceCase, idInLocation } from "../../case.ts";
import { ALIVE, SUBMITTED, TIMESTAMP } from "../../expected.ts";
import { bridgeRunner, pendingCommand, pickedUpCommand } from "../given.ts";

const COMMANDS = "<runners>/<runner>/bridge/commands";
const COMMAND = `GET ${COMMANDS}/<command>`;
const RESULTS = `POST ${COMMANDS}/<command>/results`;
const NEXT = `POST ${COMMANDS}/next`;
const BEAT = { send: "POST <runners>/<runner>/heartbeats", ...ALIVE };
const GONE = "Command not found: <command>";

/** Reading bridge commands, waiting for their end [opik 2.18], and what time does to them (3.4). */
export const bridgeReadCases: readonly ConformanceCase[] = [
  {
    name: "the runner is looked for before the command",
    given: [bridgeRunner(), pendingCommand(), bridgeRunner("worker", "endpoint")],
    steps: [
      {
        send: "GET <runners>/<unknown>/bridge/commands/<command>",
        status: 404,
        message: "Runner not found: <unknown>",
      },
      { send: `GET ${COMMANDS}/<unknown>`, status: 404, message: "Command not found: <unknown>" },
      { send: "GET <runners>/<worker>/bridge/commands/<command>", status: 404, message: GONE },
      { send: `GET ${COMMANDS}/<unknown>?wait=true`, status: 404, message: "Command not found: <unknown>" },
      { send: `GET ${COMMANDS}/nonsense`, status: 404, message: "HTTP 404 Not Found" },
    ],
  },
  {
    name: "a command of one workspace does not exist for another",
    settings: { workspaces: ["any"] },
    given: [bridgeRunner(), pendingCommand()],
    steps: [COMMAND, NEXT, RESULTS, `POST ${COMMANDS}`].map((send) => ({
      send,
      headers: { "comet-workspace": "other" },
      ...(send.startsWith("GET") ? {} : { body: { status: "completed", result: 1, type: "Exec", args: 1 } }),
      status: 404,
      message: "Runner not found: <runner>",
    })),
  },
  {
    name: "a command is read as it is, unless the end is waited for",
    given: [bridgeRunner(), pendingCommand()],
    steps: ["", "?wait=false", "?wait=", "?wait=yes", "?wait=1", "?timeout=5"].map((query) => ({
      send: `${COMMAND}${query}`,
      status: 200,
      match: { status: "pending" },
    })),
  },
  {
    name: "a command that has ended is not waited for",
    given: [bridgeRunner(), pickedUpCommand()],
    steps: [
      { send: RESULTS, body: { status: "failed", error: null }, status: 204 },
      { send: `${COMMAND}?wait=true&timeout=120`, status: 200, match: { status: "failed", error: null } },
      { send: `${COMMAND}?wait=TRUE`, status: 200, match: { status: "failed" } },
    ],
  },
  {
    name: "a wait for the end of a command is answered at once",
    ours: "the real server answers one of several waits [opik 8.14]",
    given: [bridgeRunner(), pickedUpCommand()],
    steps: [
      { start: "wait", send: `${COMMAND}?wait=true` },
      { start: "other", send: `${COMMAND}?wait=true` },
      { send: RESULTS, body: { status: "completed", result: { n: 1 } }, status: 204 },
      { finish: "wait", status: 200, match: { status: "completed", result: { n: 1 } } },
      { finish: "other", status: 200, match: { status: "completed", result: { n: 1 } } },
    ],
  },
  {
    name: "a wait without an end is answered with the command after half a minute",
    ours: "the real server answers how the command was when the wait began [opik 8.14]",
    given: [bridgeRunner(), pendingCommand()],
    steps: [
      { start: "wait", send: `${COMMAND}?wait=true` },
      { advance: "29s" },
      { send: NEXT, status: 200, match: { commands: [{ command_id: "<command>" }] } },
      { advance: "1s" },
      { finish: "wait", status: 200, match: { status: "picked_up", picked_up_at: TIMESTAMP } },
    ],
  },
  ...(
    [
      ["1", "999ms"],
      ["0", "999ms"],
      ["-5", "999ms"],
      ["45", "44999ms"],
      ["", "29999ms"],
      ["120", "119999ms"],
      ["500", "119999ms"],
    ] as const
  ).map(([timeout, before]): ConformanceCase => ({
    name: `a wait with a time-out of "${timeout}" takes a moment longer than ${before}`,
    ours: "the real server answers how the command was when the wait began [opik 8.14]",
    given: [bridgeRunner()],
    steps: [
      {
        send: `POST ${COMMANDS}`,
        body: { type: "Exec", args: {}, timeout_seconds: 120 },
        ...SUBMITTED,
        remember: { command: idInLocation },
      },
      { start: "wait", send: `${COMMAND}?wait=true&timeout=${timeout}` },
      { advance: before },
      { send: NEXT, status: 200, match: { commands: [{ command_id: "<command>" }] } },
      { advance: "1ms" },
      { finish: "wait", status: 200, match: { status: "picked_up" } },
    ],
  })),
  {
    name: "a time-out that is no number is a path that is not found",
    given: [bridgeRunner(), pendingCommand()],
    steps: [{ send: `${COMMAND}?wait=true&timeout=soon`, status: 404, message: "HTTP 404 Not Found" }],
  },
  {
    name: "a command that its runner does not report in time has timed out",
    // A real server looks for such commands every minute; when is its own affair.
    alone: true,
    given: [bridgeRunner(), pickedUpCommand()],
    steps: [
      { start: "wait", send: `${COMMAND}?wait=true&timeout=120` },
      { advance: "39999ms" },
      { send: COMMAND, status: 200, match: { status: "picked_up" } },
      { advance: "1ms" },
      { finish: "wait", status: 200, match: { status: "timed_out", completed_at: TIMESTAMP } },
      { send: RESULTS, body: { status: "completed", result: 1 }, status: 409, errors: ["Command already completed"] },
      { send: COMMAND, status: 200, match: { status: "timed_out" }, absent: ["result"] },
    ],
  },
  {
    name: "a command of an endpoint runner times out too",
    ours: "the real server leaves it as it is [opik 8.2]",
    given: [bridgeRunner("runner", "endpoint"), pickedUpCommand()],
    steps: [{ advance: "40s" }, { send: COMMAND, status: 200, match: { status: "timed_out" } }],
  },
  {
    name: "a command that is not picked up is gone after twice its time and a minute",
    ours: "the real server keeps its place occupied [opik 8.15]",
    settings: { bridgeMaxPendingPerRunner: 1 },
    given: [bridgeRunner(), pendingCommand()],
    steps: [
      { advance: "119999ms" },
      { send: COMMAND, status: 200, match: { status: "pending" } },
      { advance: "1ms" },
      { send: COMMAND, status: 404, message: GONE },
      { send: RESULTS, body: { status: "completed", result: 1 }, status: 404, message: GONE },
      BEAT,
      { send: `POST ${COMMANDS}`, body: { type: "Exec", args: {} }, ...SUBMITTED },
    ],
  },
  {
    name: "a command that has ended can be read for an hour",
    given: [bridgeRunner(), pickedUpCommand()],
    steps: [
      { send: RESULTS, body: { status: "completed", result: 1 }, status: 204 },
      { advance: "59m" },
      { send: COMMAND, status: 200, match: { status: "completed" } },
      { advance: "2m" },
      { send: COMMAND, status: 404, message: GONE },
    ],
  },
  {
    name: "a wait for a command is answered when its runner is gone",
    given: [bridgeRunner(), pickedUpCommand()],
    steps: [
      { start: "wait", send: `${COMMAND}?wait=true` },
      { send: "DELETE <runners>/<runner>", status: 204 },
      { finish: "wait", status: 200, match: { status: "timed_out", completed_at: TIMESTAMP } },
      { send: COMMAND, status: 404, message: "Runner not found: <runner>" },
    ],
  },
];
