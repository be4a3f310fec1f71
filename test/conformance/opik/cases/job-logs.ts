import type { ConformanceCase } from "../../case.ts";
import { completedJob, endpointRunner, pendingJob, runningJob } from "../given.ts";

const LOGS = "<runners>/jobs/<job>/logs";

function lines(count: number): object[] {
  return Array.from({ length: count }, (_, index) => ({ stream: "stdout", text: `line ${index}` }));
}

/** Appending and reading logs [opik 2.11, 2.12]. */
export const jobLogCases: readonly ConformanceCase[] = [
  {
    name: "log entries are read in the order they arrived",
    given: [endpointRunner("echo"), runningJob()],
    steps: [
      { send: `GET ${LOGS}`, status: 200, text: "[]" },
      { send: `POST ${LOGS}`, body: [{ stream: "stdout", text: "one\n" }], status: 204, text: "" },
      {
        send: `POST ${LOGS}`,
        body: [
          { stream: "stderr", text: "two" },
          { stream: "stdout", text: "one\n" },
        ],
        status: 204,
      },
      {
        send: `GET ${LOGS}`,
        status: 200,
        text: String.raw`[{"stream":"stdout","text":"one\n"},{"stream":"stderr","text":"two"},{"stream":"stdout","text":"one\n"}]`,
      },
    ],
  },
  {
    name: "log entries are read from an offset on",
    given: [endpointRunner("echo"), runningJob()],
    steps: [
      { send: `POST ${LOGS}`, body: lines(3), status: 204 },
      { send: `GET ${LOGS}?offset=0`, status: 200, json: lines(3) },
      { send: `GET ${LOGS}?offset=2`, status: 200, json: lines(3).slice(2) },
      { send: `GET ${LOGS}?offset=3`, status: 200, text: "[]" },
      { send: `GET ${LOGS}?offset=2147483647`, status: 200, text: "[]" },
    ],
  },
  {
    name: "log entries are taken in any state of the job",
    given: [endpointRunner("echo"), completedJob("done"), pendingJob("waiting")],
    steps: [
      { send: "POST <runners>/jobs/<done>/logs", body: lines(1), status: 204 },
      { send: "GET <runners>/jobs/<done>/logs", status: 200, json: lines(1) },
      { send: "POST <runners>/jobs/<waiting>/logs", body: lines(1), status: 204 },
      { send: "GET <runners>/jobs/<waiting>/logs", status: 200, json: lines(1) },
      { send: "GET <runners>/jobs/<waiting>", status: 200, match: { status: "pending" } },
      { send: "POST <runners>/jobs/<waiting>/cancel", status: 204 },
      { send: "POST <runners>/jobs/<waiting>/logs", body: lines(1), status: 204 },
    ],
  },
  {
    name: "a batch of log entries may be empty",
    given: [endpointRunner("echo"), runningJob()],
    steps: [
      { send: `POST ${LOGS}`, body: "[]", status: 204 },
      { send: `GET ${LOGS}`, status: 200, text: "[]" },
    ],
  },
  {
    name: "a stream may have any name, and a no-break space is text",
    given: [endpointRunner("echo"), runningJob()],
    steps: [
      { send: `POST ${LOGS}`, body: [{ stream: "my stream", text: "\u00a0" }], status: 204 },
      { send: `GET ${LOGS}`, status: 200, text: '[{"stream":"my stream","text":"\u00a0"}]' },
    ],
  },
  {
    name: "one blank entry refuses the whole batch, without saying which",
    given: [endpointRunner("echo"), runningJob()],
    steps: [
      {
        send: `POST ${LOGS}`,
        body: [...lines(1), { stream: "stdout", text: "\n" }],
        status: 422,
        errors: ["text must not be blank"],
      },
      { send: `POST ${LOGS}`, body: [null], status: 422, errors: ["<list element> must not be null"] },
      { send: `POST ${LOGS}`, body: [{ text: "x" }], status: 422, errors: ["stream must not be blank"] },
      {
        send: `POST ${LOGS}`,
        body: [{ stream: " ", text: "" }, { stream: "" }],
        status: 422,
        errors: [
          "stream must not be blank",
          "stream must not be blank",
          "text must not be blank",
          "text must not be blank",
        ],
      },
      { send: `GET ${LOGS}`, status: 200, text: "[]" },
    ],
  },
  {
    name: "a batch has at most a thousand entries, and is counted before its job is looked for",
    given: [endpointRunner("echo"), runningJob()],
    steps: [
      { send: `POST ${LOGS}`, body: lines(1_000), status: 204 },
      {
        send: `POST ${LOGS}`,
        body: lines(1_001),
        status: 400,
        errors: ["Too many log entries. Maximum per batch is 1000"],
      },
      {
        send: "POST <runners>/jobs/<unknown>/logs",
        body: lines(1_001),
        status: 400,
        errors: ["Too many log entries. Maximum per batch is 1000"],
      },
      { send: `GET ${LOGS}`, status: 200, json: lines(1_000) },
    ],
  },
  {
    name: "entries are checked before they are counted",
    steps: [
      {
        send: "POST <runners>/jobs/<unknown>/logs",
        body: [...lines(1_001), { stream: "stdout", text: "" }],
        status: 422,
        errors: ["text must not be blank"],
      },
    ],
  },
  {
    name: "the logs of an unknown job are not found",
    steps: [
      { send: "GET <runners>/jobs/<unknown>/logs", status: 404, message: "Job not found: '<unknown>'" },
      { send: "POST <runners>/jobs/<unknown>/logs", body: "[]", status: 404, message: "Job not found: '<unknown>'" },
    ],
  },
];
