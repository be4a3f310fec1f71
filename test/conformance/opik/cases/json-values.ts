import type { ConformanceCase, Step } from "../../case.ts";
import { idInLocation } from "../../case.ts";
import { ALIVE, SUBMITTED, UUID } from "../../expected.ts";
import { ACTIVATION_KEY, bridgeRunner, endpointRunner, pendingCommand, pickedUpCommand, runningJob } from "../given.ts";

const AGENTS = "PUT <runners>/<runner>/agents";
const JOBS = "POST <runners>/jobs";
const SESSIONS = "POST /v1/private/pairing/sessions";
const COMMANDS = "POST <runners>/<runner>/bridge/commands";
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

const MISSING_IN_JOB = ["agentName must not be blank", "projectId must not be null"];

interface Encoding {
  encode: (text: string) => Buffer;
  headers: Record<string, string>;
}

function utf16be(text: string): Buffer {
  return Buffer.from(text, "utf16le").swap16();
}

function utf32(text: string, write: "writeUInt32LE" | "writeUInt32BE"): Buffer {
  const characters = [...text];
  const bytes = Buffer.alloc(characters.length * 4);
  for (const [index, character] of characters.entries()) bytes[write](character.codePointAt(0) ?? 0, index * 4);
  return bytes;
}

/** Encodings of bodies [opik 1.4]. */
const ENCODINGS: readonly Encoding[] = [
  { encode: (text) => Buffer.from(`\uFEFF${text}`), headers: {} },
  { encode: (text) => Buffer.from(text, "utf16le"), headers: {} },
  { encode: (text) => Buffer.from(`\uFEFF${text}`, "utf16le"), headers: {} },
  { encode: utf16be, headers: {} },
  { encode: (text) => utf16be(`\uFEFF${text}`), headers: {} },
  { encode: (text) => utf32(text, "writeUInt32LE"), headers: {} },
  { encode: (text) => utf32(`\uFEFF${text}`, "writeUInt32LE"), headers: {} },
  { encode: (text) => utf32(text, "writeUInt32BE"), headers: {} },
  { encode: (text) => utf32(`\uFEFF${text}`, "writeUInt32BE"), headers: {} },
  { encode: (text) => Buffer.from(text), headers: { "content-type": "application/json;charset=iso-8859-1" } },
];

/** A job whose agent has a name of these bytes. */
function notUtf8(bytes: readonly number[]): Buffer {
  return Buffer.concat([Buffer.from('{"agent_name":"'), Buffer.from(bytes), Buffer.from('"}')]);
}

/** How bodies are read: what is taken for what, and what is refused how [opik 1.4]. */
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
      ...timeoutBecomes("NaN", 0),
      ...timeoutBecomes('" +8 "', 8),
      ...timeoutBecomes('"٣"', 3),
      ...timeoutBecomes('"null"', 0),
    ],
  },
  {
    name: "NaN is taken for 0 where a whole number may be left out",
    given: [bridgeRunner(), pendingCommand()],
    steps: [
      { send: COMMANDS, body: '{"type":"Exec","args":{},"timeout_seconds":NaN}', status: 201, json: SUBMITTED.json },
      {
        send: `${COMMANDS}/next`,
        body: '{"max_commands":NaN}',
        status: 200,
        match: { commands: [{ command_id: "<command>" }, { type: "Exec", timeout_seconds: 30 }] },
      },
      {
        send: SESSIONS,
        body: `{"project_id":"<project>","activation_key":"${ACTIVATION_KEY}","type":"endpoint","ttl_seconds":NaN}`,
        status: 422,
        errors: ["ttlSeconds must be greater than or equal to 60"],
      },
    ],
  },
  {
    name: "blank text is taken for a whole number that is left out",
    given: [bridgeRunner(), pickedUpCommand()],
    steps: [
      ...['""', '" "', '"null"', '"+60"'].map((ttl) => ({
        send: SESSIONS,
        body: `{"project_id":"<project>","activation_key":"${ACTIVATION_KEY}","type":"endpoint","ttl_seconds":${ttl}}`,
        status: 201,
        json: { session_id: UUID, runner_id: UUID },
      })),
      {
        send: `${COMMANDS}/<command>/results`,
        body: '{"status":"completed","result":1,"duration_ms":""}',
        status: 204,
      },
      {
        send: "GET <runners>/<runner>/bridge/commands/<command>",
        status: 200,
        match: { status: "completed" },
        absent: ["duration_ms"],
      },
    ],
  },
  {
    name: "a number that is taken as text keeps its letters",
    given: [endpointRunner("5.50")],
    steps: [
      { send: JOBS, body: '{"agent_name":5.50,"project_id":"<project>"}', status: 201 },
      {
        send: JOBS,
        body: '{"agent_name":1e3,"project_id":"<project>"}',
        status: 400,
        errors: ["Agent '1e3' is not registered on this runner"],
      },
    ],
  },
  {
    name: "a parameter of an agent that is null is kept",
    given: [endpointRunner()],
    steps: [
      { send: AGENTS, body: '{"echo":{"params":[null]}}', status: 204 },
      {
        send: "GET <runners>/<runner>",
        status: 200,
        contains: '"agents":[{"name":"echo","params":[null],"timeout":0}]',
      },
    ],
  },
  {
    name: "infinities have several names",
    given: [endpointRunner("echo")],
    steps: [
      ...["-INF", "+INF", "+Infinity"].map((word) => ({
        send: JOBS,
        body: `{"agent_name":"echo","project_id":"<project>","inputs":${word}}`,
        status: 201,
      })),
      ...["INF", "-NaN", "+NaN"].map((word) => ({
        send: JOBS,
        body: `{"agent_name":"echo","project_id":"<project>","inputs":${word}}`,
        status: 400,
        message: UNREADABLE,
      })),
    ],
  },
  {
    name: "JSON is read in every encoding of Unicode, whatever the charset says",
    given: [endpointRunner("é😀")],
    steps: ENCODINGS.flatMap(({ headers, encode }) => [
      { send: JOBS, body: encode("{}"), headers, status: 422, errors: MISSING_IN_JOB },
      {
        send: JOBS,
        body: encode('{"agent_name":"é😀","project_id":"01a2b3c4-d5e6-7f80-9a1b-2c3d4e5f6071"}'),
        headers,
        status: 404,
        errors: ["No runner configured. Pair one from the Runners page."],
      },
    ]),
  },
  {
    name: "bytes that are no UTF-8 are refused",
    given: [endpointRunner("echo")],
    steps: [
      { send: JOBS, body: notUtf8([0xff, 0xfe]), status: 400, message: /Invalid UTF-8 start byte 0xff/ },
      { send: JOBS, body: notUtf8([0xc3]), status: 400, message: /Invalid UTF-8 middle byte 0x22/ },
      {
        send: JOBS,
        body: notUtf8([0xe9]),
        headers: { "content-type": "application/json;charset=iso-8859-1" },
        status: 400,
        message: /Invalid UTF-8 middle byte 0x22/,
      },
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
      timeoutIsRefused("2147483647.5"),
      timeoutIsRefused('"2147483648"'),
      timeoutIsRefused('"NaN"'),
      timeoutIsRefused('"5.0"'),
      timeoutIsRefused('"+"'),
      timeoutIsRefused("-Infinity"),
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
    name: "anything but white space after the JSON value is refused",
    given: [endpointRunner("echo")],
    steps: [
      {
        send: JOBS,
        body: '{"agent_name":"echo","project_id":"<project>"} nonsense',
        status: 400,
        message: /^Unable to process JSON\. Unrecognized token 'nonsense'/,
      },
      {
        send: JOBS,
        body: "{}{}",
        status: 400,
        message: /^Unable to process JSON\. Trailing token \(of type START_OBJECT\) found after value/,
      },
      { send: JOBS, body: "{} //c", status: 400, message: UNREADABLE },
      { send: AGENTS, body: "{}]", status: 400, message: UNREADABLE },
      { send: AGENTS, body: "{} 1", status: 400, message: /of type VALUE_NUMBER_INT/ },
      { send: "POST <runners>/jobs/<unknown>/logs", body: "[] x", status: 400, message: UNREADABLE },
      { send: "PATCH <runners>/<runner>/checklist", body: "{},", status: 400, message: UNREADABLE },
      { send: SESSIONS, body: "{} null", status: 400, message: UNREADABLE },
      { send: JOBS, body: '\n\t {"agent_name":"echo","project_id":"<project>"} \r\n', status: 201 },
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
          /^Unable to process JSON\. Unrecognized token 'nope': was expecting \(JSON String, Number \(or 'NaN'\/'\+INF'\/'-INF'\), Array, Object or token 'null', 'true' or 'false'\)\n at \[Source: REDACTED \(`StreamReadFeature\.INCLUDE_SOURCE_IN_LOCATION` disabled\); line: 1, column: \d+\]$/,
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
