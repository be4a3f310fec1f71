import type { ConformanceCase, Step } from "../case.ts";
import { idInLocation } from "../case.ts";
import { ALIVE } from "../expected.ts";
import { endpointRunner, runningJob } from "../given.ts";

const AGENTS = "PUT <runners>/<runner>/agents";
const JOBS = "POST <runners>/jobs";
const UNREADABLE = /^Unable to process JSON\. /;

function timeoutBecomes(sent: string, returned: number): Step[] {
  return [
    { send: AGENTS, body: `{"echo":{"timeout":${sent}}}`, status: 204 },
    { send: "GET <runners>/<runner>", status: 200, match: { agents: [{ name: "echo", timeout: returned }] } },
  ];
}

function timeoutIsRefused(sent: string): Step {
  return { send: AGENTS, body: `{"echo":{"timeout":${sent}}}`, status: 400, message: UNREADABLE };
}

function maskBecomes(sent: string, returned: string): Step[] {
  return [
    {
      send: JOBS,
      body: `{"agent_name":"echo","project_id":"<project>","mask_id":${sent}}`,
      status: 201,
      remember: { job: idInLocation },
    },
    { send: "GET <runners>/jobs/<job>", status: 200, contains: `"project_id":"<project>",${returned}"timeout"` },
  ];
}

function maskIsRefused(sent: string, message: RegExp): Step {
  return {
    send: JOBS,
    body: `{"agent_name":"echo","project_id":"<project>","mask_id":${sent}}`,
    status: 400,
    message,
  };
}

const MASK = "01a2b3c4-d5e6-7f80-9a1b-2c3d4e5f6071";
const MASK_BASE64 = Buffer.from(MASK.replaceAll("-", ""), "hex").toString("base64");

/** How bodies are read: what is taken for what, and what is refused how (facts 1.4). */
export const jsonValueCases: readonly ConformanceCase[] = [
  {
    name: "numbers and booleans are taken as text where text is wanted",
    given: [endpointRunner("5", "true")],
    steps: [
      { send: JOBS, body: '{"agent_name":5,"project_id":"<project>"}', status: 201, remember: { job: idInLocation } },
      { send: "GET <runners>/jobs/<job>", status: 200, match: { agent_name: "5" } },
      {
        send: JOBS,
        body: '{"agent_name":true,"project_id":"<project>"}',
        status: 201,
        remember: { job: idInLocation },
      },
      { send: "GET <runners>/jobs/<job>", status: 200, match: { agent_name: "true" } },
    ],
  },
  {
    name: "an object or a list is not taken for text",
    given: [endpointRunner("echo")],
    steps: [
      { send: JOBS, body: '{"agent_name":{},"project_id":"<project>"}', status: 400, message: UNREADABLE },
      { send: JOBS, body: '{"agent_name":["echo"],"project_id":"<project>"}', status: 400, message: UNREADABLE },
    ],
  },
  {
    name: "numeric text, fractions, empty text and null are taken for whole numbers",
    given: [endpointRunner()],
    steps: [
      ...timeoutBecomes("60", 60),
      ...timeoutBecomes('"5"', 5),
      ...timeoutBecomes("5.9", 5),
      ...timeoutBecomes("-5.9", -5),
      ...timeoutBecomes('""', 0),
      ...timeoutBecomes("null", 0),
      ...timeoutBecomes("2147483647", 2_147_483_647),
      ...timeoutBecomes("-2147483648", -2_147_483_648),
    ],
  },
  {
    name: "what is no whole number, or too large for one, is refused",
    given: [endpointRunner()],
    steps: [
      timeoutIsRefused("true"),
      timeoutIsRefused('"five"'),
      timeoutIsRefused("[]"),
      timeoutIsRefused("{}"),
      timeoutIsRefused("2147483648"),
      timeoutIsRefused("-2147483649"),
      timeoutIsRefused("NaN"),
    ],
  },
  {
    name: "a list is wanted where a list is wanted",
    given: [endpointRunner()],
    steps: [
      { send: AGENTS, body: '{"echo":{"params":{}}}', status: 400, message: UNREADABLE },
      { send: AGENTS, body: '{"echo":{"params":"x"}}', status: 400, message: UNREADABLE },
      { send: "POST <runners>/<runner>/heartbeats", body: '{"capabilities":"jobs"}', status: 400, message: UNREADABLE },
      {
        send: "POST <runners>/jobs/<unknown>/logs",
        body: '{"stream":"stdout","text":"x"}',
        status: 400,
        message: UNREADABLE,
      },
    ],
  },
  {
    name: "an object is wanted where an object is wanted",
    given: [endpointRunner("echo")],
    steps: [
      { send: AGENTS, body: "[]", status: 400, message: UNREADABLE },
      { send: AGENTS, body: '"echo"', status: 400, message: UNREADABLE },
      { send: JOBS, body: "[]", status: 400, message: UNREADABLE },
      { send: JOBS, body: "5", status: 400, message: UNREADABLE },
      {
        send: JOBS,
        body: '{"agent_name":"echo","project_id":"<project>","metadata":"x"}',
        status: 400,
        message: UNREADABLE,
      },
      {
        send: JOBS,
        body: '{"agent_name":"echo","project_id":"<project>","prompt_masks":[]}',
        status: 400,
        message: UNREADABLE,
      },
    ],
  },
  {
    name: "a UUID is read in capitals and in base64, and empty text is none",
    given: [endpointRunner("echo")],
    steps: [
      ...maskBecomes(`"${MASK}"`, `"mask_id":"${MASK}",`),
      ...maskBecomes(`"${MASK.toUpperCase()}"`, `"mask_id":"${MASK}",`),
      ...maskBecomes(`"${MASK_BASE64}"`, `"mask_id":"${MASK}",`),
      ...maskBecomes('""', ""),
      ...maskBecomes('"  "', ""),
      ...maskBecomes("null", ""),
    ],
  },
  {
    name: "what is no UUID is refused by its text",
    given: [endpointRunner("echo")],
    steps: [
      maskIsRefused(
        '"abc"',
        /^Unable to process JSON\. Cannot deserialize value of type `java\.util\.UUID` from String "abc": UUID has to be represented by standard 36-char representation/,
      ),
      maskIsRefused('"1-2-3-4-5"', UNREADABLE),
      maskIsRefused("5", UNREADABLE),
      maskIsRefused("{}", UNREADABLE),
      maskIsRefused("[]", UNREADABLE),
    ],
  },
  {
    name: "the presence of a parameter is read to the letter",
    given: [endpointRunner()],
    steps: [
      {
        send: AGENTS,
        body: {
          echo: {
            params: [
              { name: "a", type: "str", presence: "optional" },
              { name: "b", type: "str", presence: "required" },
            ],
          },
        },
        status: 204,
      },
      {
        send: AGENTS,
        body: { echo: { params: [{ name: "a", type: "str", presence: "OPTIONAL" }] } },
        status: 400,
        message:
          /^Unable to process JSON\. Cannot construct instance of `.*`, problem: Unknown param presence: OPTIONAL/,
      },
    ],
  },
  {
    name: "the status of a job is read loosely",
    given: [endpointRunner("echo"), runningJob("job"), runningJob("other")],
    steps: [
      { send: "POST <runners>/jobs/<job>/results", body: { status: " Running " }, status: 204 },
      { send: "GET <runners>/jobs/<job>", status: 200, match: { status: "running" } },
      { send: "POST <runners>/jobs/<job>/results", body: { status: "COMPLETED" }, status: 204 },
      { send: "GET <runners>/jobs/<job>", status: 200, match: { status: "completed" } },
      { send: "POST <runners>/jobs/<other>/results", body: { status: "fai led" }, status: 204 },
      { send: "GET <runners>/jobs/<other>", status: 200, match: { status: "failed" } },
    ],
  },
  {
    name: "an unknown status of a job is refused with those there are",
    given: [endpointRunner("echo"), runningJob()],
    steps: [
      {
        send: "POST <runners>/jobs/<job>/results",
        body: { status: "done" },
        status: 400,
        message: /^Unable to process JSON\. .*done was not one of \[PENDING, RUNNING, COMPLETED, FAILED, CANCELLED\]/s,
      },
      { send: "POST <runners>/jobs/<job>/results", body: { status: 1 }, status: 400, message: UNREADABLE },
    ],
  },
  {
    name: "unknown fields are ignored everywhere",
    given: [endpointRunner("echo"), runningJob()],
    steps: [
      {
        send: JOBS,
        body: '{"agent_name":"echo","project_id":"<project>","new":{"x":NaN},"status":"completed"}',
        status: 201,
      },
      { send: AGENTS, body: { echo: { color: "red", params: [{ name: "a", type: "str", unit: "m" }] } }, status: 204 },
      {
        send: "GET <runners>/<runner>",
        status: 200,
        contains: '{"name":"echo","params":[{"name":"a","type":"str"}],"timeout":0}',
      },
      { send: "POST <runners>/<runner>/heartbeats", body: { capabilities: ["jobs"], uptime: 5 }, ...ALIVE },
      { send: "POST <runners>/jobs/<job>/logs", body: [{ stream: "stdout", text: "a", level: "info" }], status: 204 },
      { send: "GET <runners>/jobs/<job>/logs", status: 200, text: '[{"stream":"stdout","text":"a"}]' },
      { send: "POST <runners>/jobs/<job>/results", body: { status: "completed", extra: 1 }, status: 204 },
    ],
  },
  {
    name: "field names in camelCase are unknown ones",
    given: [endpointRunner("echo")],
    steps: [
      {
        send: JOBS,
        body: '{"agentName":"echo","projectId":"<project>"}',
        status: 422,
        errors: ["agentName must not be blank", "projectId must not be null"],
      },
    ],
  },
  {
    name: "of equal field names the last one wins",
    given: [endpointRunner("echo")],
    steps: [
      {
        send: JOBS,
        body: '{"agent_name":"nobody","agent_name":"echo","project_id":"<unknown>","project_id":"<project>"}',
        status: 201,
      },
    ],
  },
  {
    name: "what follows the first JSON value is ignored",
    given: [endpointRunner("echo")],
    steps: [
      { send: JOBS, body: '{"agent_name":"echo","project_id":"<project>"} nonsense', status: 201 },
      { send: JOBS, body: '\n\t {"agent_name":"echo","project_id":"<project>"}{"agent_name":"", ', status: 201 },
    ],
  },
  {
    name: "a body must be there where one is wanted",
    given: [endpointRunner("echo")],
    steps: [
      { send: JOBS, status: 422, errors: ["The request body must not be null"] },
      { send: JOBS, body: "", status: 422, errors: ["The request body must not be null"] },
      { send: JOBS, body: " \n", status: 422, errors: ["The request body must not be null"] },
      { send: JOBS, body: "null", status: 422, errors: ["The request body must not be null"] },
      { send: AGENTS, body: "null", status: 422, errors: ["The request body must not be null"] },
      { send: AGENTS, status: 422, errors: ["The request body must not be null"] },
      { send: "POST <runners>/jobs/<unknown>/logs", status: 422, errors: ["The request body must not be null"] },
      {
        send: "POST <runners>/jobs/<unknown>/results",
        body: "null",
        status: 422,
        errors: ["The request body must not be null"],
      },
      { send: "PATCH <runners>/<runner>/checklist", status: 422, errors: ["The request body must not be null"] },
    ],
  },
  {
    name: "malformed JSON is refused with what is wrong and where",
    given: [endpointRunner("echo")],
    steps: [
      {
        send: JOBS,
        body: "nope",
        status: 400,
        message:
          /^Unable to process JSON\. Unrecognized token 'nope': was expecting \(JSON String[^)]*\)\n at \[Source: .*line: 1, column: \d+\]$/,
      },
      {
        send: JOBS,
        body: '{"agent_name":"echo",\n "inputs":tru}',
        status: 400,
        message: /Unrecognized token 'tru'.*line: 2, column: \d+/s,
      },
      { send: JOBS, body: '{"agent_name":"echo"', status: 400, message: UNREADABLE },
      { send: JOBS, body: '{"agent_name":"ec', status: 400, message: UNREADABLE },
      { send: JOBS, body: "{'agent_name':'echo'}", status: 400, message: UNREADABLE },
      { send: JOBS, body: '{"agent_name":"echo",}', status: 400, message: UNREADABLE },
      { send: JOBS, body: '{"agent_name" "echo"}', status: 400, message: UNREADABLE },
      { send: JOBS, body: '{"inputs":[1 2]}', status: 400, message: UNREADABLE },
      { send: JOBS, body: '{"inputs":[1,]}', status: 400, message: UNREADABLE },
      { send: JOBS, body: '{"inputs":01}', status: 400, message: UNREADABLE },
      { send: JOBS, body: '{"inputs":.5}', status: 400, message: UNREADABLE },
      { send: JOBS, body: '{"inputs":1.}', status: 400, message: UNREADABLE },
      { send: JOBS, body: '{"inputs":+1}', status: 400, message: UNREADABLE },
      { send: JOBS, body: '{"inputs":-}', status: 400, message: UNREADABLE },
      { send: JOBS, body: '{"inputs":"\n"}', status: 400, message: UNREADABLE },
      { send: JOBS, body: String.raw`{"inputs":"\x"}`, status: 400, message: UNREADABLE },
      { send: JOBS, body: String.raw`{"inputs":"\u12"}`, status: 400, message: UNREADABLE },
      { send: JOBS, body: '{"inputs":undefined}', status: 400, message: UNREADABLE },
      { send: JOBS, body: "}", status: 400, message: UNREADABLE },
    ],
  },
  {
    name: "a value of the wrong type wins over a missing one",
    given: [endpointRunner("echo")],
    steps: [{ send: JOBS, body: '{"project_id":"abc"}', status: 400, message: UNREADABLE }],
  },
  {
    name: "own fields that are null are left out of answers",
    given: [endpointRunner("echo")],
    steps: [
      {
        send: JOBS,
        body: '{"agent_name":"echo","project_id":"<project>","mask_id":null,"prompt_masks":null,"blueprint_name":null,"metadata":null}',
        status: 201,
        remember: { job: idInLocation },
      },
      {
        send: "GET <runners>/jobs/<job>",
        status: 200,
        contains: '"status":"pending","project_id":"<project>","timeout":1800,',
      },
    ],
  },
];
