import type { ConformanceCase, Step } from "../../case.ts";
import { inAnyOrder } from "../../expected.ts";
import { newIds, trace } from "../given.ts";

const TRACES = "/v1/private/traces";
const TRACE = `GET ${TRACES}/<trace>`;
const PATCH = `PATCH ${TRACES}/<trace>`;
const START = "2026-01-01T00:00:01Z";
const HERE = { project_name: "<projectname>" };
const MISMATCH = ["Project name and workspace name do not match the existing trace"];
const MERGES = "the real server lets the row of the batch replace the update [opik 7.2]";

function update(body: object): Step {
  return { send: PATCH, body: { ...HERE, ...body }, status: 204, text: "" };
}

/** Updating traces [opik 7.5, 7.2]. */
export const traceUpdateCases: readonly ConformanceCase[] = [
  {
    name: "an update changes its fields, and nothing else",
    given: [trace()],
    steps: [
      update({ output: { b: 2 }, end_time: "2026-01-01T00:00:03Z" }),
      {
        send: TRACE,
        status: 200,
        match: {
          name: "agent",
          start_time: START,
          metadata: { a: 1 },
          output: { b: 2 },
          duration: 2000,
          tags: inAnyOrder("x", "y"),
        },
      },
    ],
  },
  {
    name: "an update replaces JSON as a whole",
    given: [trace()],
    steps: [
      update({ metadata: { b: 2 } }),
      { send: TRACE, status: 200, contains: '"metadata":{"b":2},' },
      update({ metadata: null, input: null, output: null, name: null }),
      { send: TRACE, status: 200, match: { metadata: null, input: null, output: null, name: "agent" } },
    ],
  },
  {
    name: "an update with blank texts changes nothing but the environment",
    given: [trace()],
    steps: [
      update({ thread_id: "thread", environment: "production" }),
      update({ name: "", thread_id: "", environment: "" }),
      { send: TRACE, status: 200, match: { name: "agent", thread_id: "thread", environment: "" } },
    ],
  },
  {
    name: "an update without a body is refused",
    ours: "the real server answers 500, for want of a check",
    given: [trace()],
    steps: [
      { send: PATCH, status: 422, errors: ["The request body must not be null"] },
      { send: TRACE, status: 200, match: { name: "agent" } },
    ],
  },
  {
    name: "a row that its author has dated ahead stays the newest when it is updated",
    given: [newIds("trace")],
    steps: [
      {
        send: `POST ${TRACES}/batch`,
        body: {
          traces: [{ id: "<trace>", ...HERE, start_time: START, name: "row", last_updated_at: "2299-01-01T00:00:00Z" }],
        },
        status: 204,
      },
      update({ name: "update" }),
      { send: TRACE, status: 200, match: { name: "row", last_updated_at: "2299-01-01T00:00:00Z" } },
    ],
  },
  {
    name: "tags are replaced, and tags to add and to remove are ignored",
    given: [trace()],
    steps: [
      update({ tags_to_add: ["z", "x"], tags_to_remove: ["y"] }),
      { send: TRACE, status: 200, match: { tags: inAnyOrder("x", "y") } },
      update({ tags: ["n"], tags_to_add: ["z"] }),
      { send: TRACE, status: 200, match: { tags: ["n"] } },
      update({ tags: [] }),
      { send: TRACE, status: 200, match: { name: "agent" }, absent: ["tags"] },
    ],
  },
  ...(
    [
      ["tags", "tags", "tags"],
      ["tags_to_add", "tagsToAdd", "tags to add"],
      ["tags_to_remove", "tagsToRemove", "tags to remove"],
    ] as const
  ).map(([field, property, noun]): ConformanceCase => ({
    name: `there are fifty ${field} at most, each of a hundred characters`,
    given: [trace()],
    steps: [
      {
        send: PATCH,
        body: { ...HERE, [field]: Array.from({ length: 51 }, (_, index) => `t${index}`) },
        status: 422,
        errors: [`${property} Cannot have more than 50 ${noun}`],
      },
      {
        send: PATCH,
        body: { ...HERE, [field]: ["x".repeat(101)] },
        status: 422,
        errors: [`${property}[].<iterable element> Tag cannot exceed 100 characters`],
      },
      {
        send: PATCH,
        body: { ...HERE, [field]: ["x", " "] },
        status: 422,
        errors: [`${property}[].<iterable element> Tag must not be blank`],
      },
      { send: TRACE, status: 200, match: { tags: inAnyOrder("x", "y") } },
      { send: PATCH, body: { ...HERE, [field]: Array.from({ length: 50 }, (_, index) => `t${index}`) }, status: 204 },
      { send: PATCH, body: { ...HERE, [field]: ["x".repeat(100)] }, status: 204 },
    ],
  })),
  {
    name: "an environment has a length",
    given: [trace()],
    steps: [
      {
        send: PATCH,
        body: { ...HERE, environment: "x".repeat(151) },
        status: 422,
        errors: ["environment cannot exceed 150 characters"],
      },
      update({ environment: "x".repeat(150) }),
      { send: TRACE, status: 200, match: { environment: "x".repeat(150) } },
    ],
  },
  {
    name: "a trace cannot be moved to another project",
    given: [trace()],
    steps: [
      { send: PATCH, body: { project_name: "<projectname> two", name: "n" }, status: 409, errors: MISMATCH },
      { send: PATCH, body: { name: "n" }, status: 409, errors: MISMATCH },
      { send: PATCH, body: { project_name: " <projectname> ", name: "n" }, status: 204 },
      { send: PATCH, body: { project_id: "<project>", name: "m" }, status: 204 },
      { send: TRACE, status: 200, match: { name: "m", project_id: "<project>" } },
    ],
  },
  {
    name: "an update for an unknown project id is refused",
    given: [trace()],
    steps: [
      { send: PATCH, body: { project_id: "<unknown>", name: "n" }, status: 404, errors: ["Project not found"] },
      { send: TRACE, status: 200, match: { name: "agent" } },
    ],
  },
  {
    name: "an update of a trace that has not come yet makes a part of it",
    given: [newIds("trace")],
    steps: [
      update({ output: 1, tags: ["late"] }),
      {
        send: TRACE,
        status: 200,
        match: { project_id: "<project>", start_time: "1970-01-01T00:00:00Z", output: 1, tags: ["late"] },
        absent: ["visibility_mode", "duration"],
      },
    ],
  },
  {
    name: "a trace that is created after its update keeps the fields of the update",
    given: [newIds("trace")],
    steps: [
      update({ output: "update" }),
      {
        send: `POST ${TRACES}`,
        body: { id: "<trace>", ...HERE, start_time: START, name: "agent", output: "row" },
        status: 201,
      },
      { send: TRACE, status: 200, match: { start_time: START, name: "agent", output: "update" } },
      {
        send: `POST ${TRACES}`,
        body: { id: "<trace>", ...HERE, start_time: START },
        status: 409,
        errors: ["Trace already exists"],
      },
    ],
  },
  {
    name: "a batch that comes after an update of its trace keeps the fields of the update",
    ours: MERGES,
    given: [newIds("trace")],
    steps: [
      update({ output: "update" }),
      {
        send: `POST ${TRACES}/batch`,
        body: {
          traces: [
            {
              id: "<trace>",
              ...HERE,
              start_time: START,
              name: "agent",
              output: "row",
              last_updated_at: "2025-12-31T00:00:00Z",
            },
          ],
        },
        status: 204,
      },
      { send: TRACE, status: 200, match: { start_time: START, name: "agent", output: "update" } },
    ],
  },
];
