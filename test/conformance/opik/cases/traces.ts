import { type ConformanceCase, idInLocation } from "../../case.ts";
import { TIMESTAMP } from "../../expected.ts";
import { newIds } from "../given.ts";

const TRACES = "/v1/private/traces";
const CREATE = `POST ${TRACES}`;
const BATCH = `POST ${TRACES}/batch`;
const TRACE = `GET ${TRACES}/<trace>`;
const START = "2026-01-01T00:00:01.000001Z";
const ROW = { id: "<trace>", project_name: "<projectname>", start_time: START };
const TOO_OLD_AN_ID = { code: 400, message: "Invalid UUID for id", details: "Trace id must be a version 7 UUID" };
const VERSION_4 = "0190babc-62a0-41d2-832a-0feffa4676eb";
const FIRST_TIME = "1970-01-01T00:00:00.000000Z";
const NOT_IN_THIS_ERA = [`startTime must be after or equal ${FIRST_TIME} and before 2262-04-11T23:47:16.000000000Z`];
const FAILS = "the real server answers 500, for want of a check";
const MERGES = "the real server keeps the newer row and loses what only the older one had [opik 7.2]";

/** Writing traces, alone and in batches [opik 7.5, 7.2]. */
export const traceCases: readonly ConformanceCase[] = [
  {
    name: "a batch of traces is written, and each is read as it was sent",
    given: [newIds("trace")],
    steps: [
      {
        send: BATCH,
        gzip: true,
        body: `{"traces":[{"id":"<trace>","project_name":"<projectname>","name":"agent","start_time":"${START}",
          "end_time":"2026-01-01T00:00:02.5Z","input":{"b":1.0,"a":9007199254740993},"output":[1],"metadata":{"k":"v"},
          "tags":["x"],"thread_id":"t","unknown":1}]}`,
        status: 204,
        text: "",
      },
      {
        send: TRACE,
        status: 200,
        json: {
          id: "<trace>",
          project_id: "<project>",
          name: "agent",
          start_time: START,
          end_time: "2026-01-01T00:00:02.500Z",
          duration: 1499.999,
          // oxlint-disable-next-line no-loss-of-precision -- as every reader in JavaScript sees it
          input: { b: 1, a: 9007199254740993 },
          output: [1],
          metadata: { k: "v" },
          tags: ["x"],
          thread_id: "t",
          environment: "",
          providers: [],
          created_at: TIMESTAMP,
          created_by: "admin",
          last_updated_at: TIMESTAMP,
          last_updated_by: "admin",
          span_count: 0,
          llm_span_count: 0,
          has_tool_spans: false,
          visibility_mode: "default",
        },
      },
      { send: TRACE, status: 200, contains: '"input":{"b":1.0,"a":9007199254740993}' },
    ],
  },
  {
    name: "a batch has one trace to a thousand",
    steps: [
      { send: BATCH, body: {}, status: 422, errors: ["traces must not be null"] },
      { send: BATCH, body: { traces: [] }, status: 422, errors: ["traces size must be between 1 and 1000"] },
      {
        send: BATCH,
        body: { traces: Array.from({ length: 1001 }, () => ({ start_time: START })) },
        status: 422,
        errors: ["traces size must be between 1 and 1000"],
      },
      { send: BATCH, body: { traces: {} }, status: 400, message: /^Unable to process JSON\. / },
      { send: BATCH, status: 422, errors: ["The request body must not be null"] },
    ],
  },
  {
    name: "what is null in a batch or among tags is refused",
    ours: FAILS,
    given: [newIds("trace")],
    steps: [
      { send: BATCH, body: { traces: [ROW, null] }, status: 422, errors: ["traces[1] must not be null"] },
      { send: CREATE, body: { ...ROW, tags: [null] }, status: 400, message: /^Unable to process JSON\. / },
      { send: TRACE, status: 404, message: "Trace id: <trace> not found" },
    ],
  },
  {
    name: "a trace needs the time of its start",
    given: [newIds("trace")],
    steps: [
      { send: CREATE, body: { id: "<trace>" }, status: 422, errors: ["startTime must not be null"] },
      {
        send: BATCH,
        body: { traces: [ROW, { start_time: null }] },
        status: 422,
        errors: ["traces[1].startTime must not be null"],
      },
      { send: CREATE, body: { ...ROW, start_time: "" }, status: 422, errors: ["startTime must not be null"] },
      { send: CREATE, body: { ...ROW, start_time: "yesterday" }, status: 400, message: /^Unable to process JSON\. / },
      { send: TRACE, status: 404, message: "Trace id: <trace> not found" },
    ],
  },
  {
    name: "a project name may be left out, but not be blank",
    steps: [
      {
        send: BATCH,
        body: { traces: [{ start_time: START, project_name: "  " }] },
        status: 422,
        errors: ["traces[0].projectName must not be blank"],
      },
      {
        send: CREATE,
        body: { start_time: START, project_name: "" },
        status: 422,
        errors: ["projectName must not be blank"],
      },
    ],
  },
  {
    name: "an id has the time at which it was made, or the whole batch is refused",
    given: [newIds("trace")],
    steps: [
      { send: CREATE, body: { id: VERSION_4, start_time: START }, status: 400, json: TOO_OLD_AN_ID },
      { send: BATCH, body: { traces: [ROW, { ...ROW, id: VERSION_4 }] }, status: 400, json: TOO_OLD_AN_ID },
      { send: TRACE, status: 404, message: "Trace id: <trace> not found" },
      { send: `PATCH ${TRACES}/${VERSION_4}`, body: { name: "n" }, status: 400, json: TOO_OLD_AN_ID },
    ],
  },
  {
    name: "one trace is created once",
    given: [newIds("trace")],
    steps: [
      {
        send: CREATE,
        body: { ...ROW, name: "first" },
        status: 201,
        text: "",
        answerHeaders: { location: /^https?:\/\/[^/]+\/(?:api\/)?v1\/private\/traces\/[0-9a-f-]{36}$/ },
        remember: { located: idInLocation },
      },
      { send: CREATE, body: { ...ROW, name: "second" }, status: 409, errors: ["Trace already exists"] },
      { send: `GET ${TRACES}/<located>`, status: 200, match: { id: "<trace>", name: "first" } },
    ],
  },
  {
    name: "a trace without an id gets one",
    steps: [
      {
        send: CREATE,
        body: { project_name: "<projectname>", start_time: START },
        status: 201,
        remember: { trace: idInLocation },
      },
      { send: TRACE, status: 200, match: { project_id: "<project>" } },
    ],
  },
  {
    name: "a trace stays in its project",
    given: [newIds("trace")],
    steps: [
      { send: CREATE, body: ROW, status: 201 },
      {
        send: CREATE,
        body: { ...ROW, project_name: "<projectname> two" },
        status: 409,
        errors: ["Project name and workspace name do not match the existing trace"],
      },
      { send: TRACE, status: 200, match: { project_id: "<project>" } },
    ],
  },
  {
    name: "of two rows the one that was changed later counts, whichever comes first",
    given: [newIds("trace")],
    steps: [
      {
        send: BATCH,
        body: { traces: [{ ...ROW, name: "new", last_updated_at: "2026-01-01T00:00:09.000002Z" }] },
        status: 204,
      },
      {
        send: BATCH,
        body: { traces: [{ ...ROW, name: "old", last_updated_at: "2026-01-01T00:00:09.000001Z" }] },
        status: 204,
      },
      { send: TRACE, status: 200, match: { name: "new", last_updated_at: "2026-01-01T00:00:09.000002Z" } },
      {
        send: BATCH,
        body: { traces: [{ ...ROW, name: "newest", last_updated_at: "2026-01-01T00:00:09.000003Z" }] },
        status: 204,
      },
      { send: TRACE, status: 200, match: { name: "newest" } },
    ],
  },
  {
    name: "of two rows of one time the one that comes later counts, also within a batch",
    given: [newIds("trace")],
    steps: [
      {
        send: BATCH,
        body: {
          traces: ["first", "second"].map((name) => ({ ...ROW, name, last_updated_at: "2026-01-01T00:00:09Z" })),
        },
        status: 204,
      },
      { send: TRACE, status: 200, match: { name: "second" } },
    ],
  },
  {
    name: "a late first row adds the fields that the last one lacks",
    ours: MERGES,
    given: [newIds("trace")],
    steps: [
      {
        send: BATCH,
        body: { traces: [{ ...ROW, output: 1, last_updated_at: "2026-01-01T00:00:09Z" }] },
        status: 204,
      },
      {
        send: BATCH,
        body: { traces: [{ ...ROW, output: 0, input: 2, last_updated_at: "2026-01-01T00:00:08Z" }] },
        status: 204,
      },
      { send: TRACE, status: 200, match: { output: 1, input: 2 } },
    ],
  },
  {
    name: "numbers that JSON has no text for are taken",
    given: [newIds("trace")],
    steps: [
      {
        send: BATCH,
        body: `{"traces":[{"id":"<trace>","start_time":"${START}","output":{"x":NaN,"y":-Infinity}}]}`,
        status: 204,
      },
      { send: TRACE, status: 200, match: { output: { x: "NaN", y: "-Infinity" } } },
    ],
  },
  {
    name: "nulls say nothing, but free-form JSON may be null",
    given: [newIds("trace")],
    steps: [
      {
        send: CREATE,
        body: {
          ...ROW,
          name: "agent",
          input: null,
          output: null,
          tags: null,
          end_time: null,
          source: null,
          ttft: null,
        },
        status: 201,
      },
      {
        send: TRACE,
        status: 200,
        match: { name: "agent", input: null, output: null },
        absent: ["metadata", "tags", "end_time", "source", "ttft", "error_info"],
      },
    ],
  },
  {
    name: "blank texts are read as if they were absent",
    given: [newIds("trace")],
    steps: [
      { send: CREATE, body: { ...ROW, name: "", thread_id: " ", environment: "", ttft: "" }, status: 201 },
      { send: TRACE, status: 200, match: { environment: "" }, absent: ["name", "thread_id", "ttft"] },
    ],
  },
  {
    name: "the time to the first token is a number that is not negative",
    given: [newIds("trace")],
    steps: [
      { send: CREATE, body: { ...ROW, ttft: -1 }, status: 422, errors: ["ttft must be greater than or equal to 0"] },
      { send: CREATE, body: { ...ROW, ttft: "x" }, status: 400, message: /^Unable to process JSON\. / },
      { send: CREATE, body: { ...ROW, ttft: "0" }, status: 201 },
      { send: TRACE, status: 200, contains: '"ttft":0.0,' },
    ],
  },
  {
    name: "numbers have a fraction, and times three digits of the second, or six",
    given: [newIds("trace")],
    steps: [
      {
        send: CREATE,
        body: { ...ROW, start_time: "2026-01-01T00:00:01.0001Z", end_time: "2026-01-01T00:00:02.50010Z" },
        status: 201,
      },
      { send: TRACE, status: 200, contains: '"start_time":"2026-01-01T00:00:01.000100Z"' },
      { send: TRACE, status: 200, contains: '"end_time":"2026-01-01T00:00:02.500100Z"' },
      { send: TRACE, status: 200, contains: '"duration":1500.0' },
    ],
  },
  {
    name: "the source of a trace is read loosely",
    given: [newIds("trace")],
    steps: [
      { send: CREATE, body: { ...ROW, source: "SDK" }, status: 201 },
      { send: TRACE, status: 200, match: { source: "sdk" } },
      {
        send: CREATE,
        body: { start_time: START, source: "sky" },
        status: 400,
        message: /^Unable to process JSON\. .*sky was not one of/,
      },
    ],
  },
  {
    name: "a time is in UTC with the precision it was given in, and in this era",
    given: [newIds("trace")],
    steps: [
      { send: CREATE, body: { ...ROW, start_time: "2026-01-01T02:00:00.123456+02:00" }, status: 201 },
      { send: TRACE, status: 200, match: { start_time: "2026-01-01T00:00:00.123456Z" } },
      { send: CREATE, body: { start_time: "1969-12-31T23:59:59Z" }, status: 422, errors: NOT_IN_THIS_ERA },
      { send: CREATE, body: { start_time: "2262-04-11T23:47:16Z" }, status: 422, errors: NOT_IN_THIS_ERA },
      {
        send: CREATE,
        body: { start_time: START, last_updated_at: "2300-01-01T00:00:00Z" },
        status: 422,
        errors: [`lastUpdatedAt must be after or equal ${FIRST_TIME} and before 2300-01-01T00:00:00.000000Z`],
      },
    ],
  },
  {
    name: "a time may be seconds since the epoch",
    given: [newIds("trace")],
    steps: [
      { send: CREATE, body: { ...ROW, start_time: 1767225600, end_time: "1767225600.25" }, status: 201 },
      {
        send: TRACE,
        status: 200,
        match: { start_time: "2026-01-01T00:00:00Z", end_time: "2026-01-01T00:00:00.250Z" },
      },
    ],
  },
];
