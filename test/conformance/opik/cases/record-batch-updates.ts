import type { ConformanceCase } from "../../case.ts";
import { inAnyOrder } from "../../expected.ts";
import { newIds, trace } from "../given.ts";

const TRACES = "/v1/private/traces";
const SPANS = "/v1/private/spans";
const PATCH = `PATCH ${TRACES}/batch`;
const TRACE = `GET ${TRACES}/<trace>`;
const SPAN = `GET ${SPANS}/<span>`;
const START = "2026-01-01T00:00:01Z";
const UNKNOWN = "0190babc-62a0-71d2-832a-0feffa4676eb";

/** Ids of nothing, so many. */
function ids(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `0190babc-62a0-71d2-832a-${String(index).padStart(12, "0")}`);
}

/** Tags, so many, from a letter on. */
function tags(letter: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${letter}${index}`);
}

/** Updating several traces or spans [opik 7.2]. */
export const recordBatchUpdateCases: readonly ConformanceCase[] = [
  {
    name: "an update of several traces changes the given fields of those that exist",
    given: [trace(), trace("other"), trace("third")],
    steps: [
      {
        send: PATCH,
        body: {
          ids: ["<trace>", "<other>", UNKNOWN],
          update: { name: "updated", output: 1, project_name: "elsewhere" },
        },
        status: 204,
        text: "",
      },
      ...["<trace>", "<other>"].map((id) => ({
        send: `GET ${TRACES}/${id}`,
        status: 200,
        match: { name: "updated", output: 1, metadata: { a: 1 }, project_id: "<project>", start_time: START },
      })),
      { send: `GET ${TRACES}/<third>`, status: 200, match: { name: "agent" }, absent: ["output"] },
      { send: `GET ${TRACES}/${UNKNOWN}`, status: 404, message: `Trace id: ${UNKNOWN} not found` },
    ],
  },
  {
    name: "an update of several traces adds and removes tags, or replaces or merges them",
    given: [trace()],
    steps: [
      {
        send: PATCH,
        body: { ids: ["<trace>"], update: { tags_to_add: ["z", "x"], tags_to_remove: ["y"], tags: ["n"] } },
        status: 204,
      },
      { send: TRACE, status: 200, match: { tags: inAnyOrder("x", "z") } },
      { send: PATCH, body: { ids: ["<trace>"], update: { tags_to_remove: ["x"] } }, status: 204 },
      { send: TRACE, status: 200, match: { tags: ["z"] } },
      { send: PATCH, body: { ids: ["<trace>"], merge_tags: true, update: { tags: ["m"] } }, status: 204 },
      { send: TRACE, status: 200, match: { tags: inAnyOrder("m", "z") } },
      { send: PATCH, body: { ids: ["<trace>"], update: { tags: ["r"] } }, status: 204 },
      { send: TRACE, status: 200, match: { tags: ["r"] } },
      { send: PATCH, body: { ids: ["<trace>"], update: { name: "n" } }, status: 204 },
      { send: TRACE, status: 200, match: { name: "n", tags: ["r"] } },
    ],
  },
  {
    name: "no trace has more than fifty tags after an update of several, or none is changed",
    given: [trace(), trace("other")],
    steps: [
      { send: `PATCH ${TRACES}/<other>`, body: { project_name: "<projectname>", tags: tags("a", 30) }, status: 204 },
      {
        send: PATCH,
        body: { ids: ["<trace>", "<other>"], update: { name: "n", tags_to_add: tags("b", 21) } },
        status: 422,
        errors: ["Tag limit exceeded: maximum 50 tags per item"],
      },
      { send: TRACE, status: 200, match: { name: "agent", tags: inAnyOrder("x", "y") } },
      { send: PATCH, body: { ids: ["<other>"], update: { tags_to_add: tags("b", 20) } }, status: 204 },
    ],
  },
  ...([TRACES, SPANS] as const).map((base): ConformanceCase => ({
    name: `an update of several needs their ids and what to change: ${base}`,
    steps: [
      {
        send: `PATCH ${base}/batch`,
        body: {},
        status: 422,
        errors: ["ids must not be empty", "ids must not be null", "update must not be null"],
      },
      {
        send: `PATCH ${base}/batch`,
        body: { ids: [], update: { trace_id: UNKNOWN } },
        status: 422,
        errors: ["ids must not be empty", "ids size must be between 1 and 1000"],
      },
      {
        send: `PATCH ${base}/batch`,
        body: { ids: ids(1001), update: { trace_id: UNKNOWN } },
        status: 422,
        errors: ["ids size must be between 1 and 1000"],
      },
      {
        send: `PATCH ${base}/batch`,
        body: { ids: [UNKNOWN], update: { trace_id: UNKNOWN, tags_to_add: tags("a", 51) } },
        status: 422,
        errors: ["update.tagsToAdd Cannot have more than 50 tags to add"],
      },
      { send: `PATCH ${base}/batch`, body: { ids: ["x"] }, status: 400, message: /^Unable to process JSON\. / },
      { send: `PATCH ${base}/batch`, body: { ids: [UNKNOWN], update: { trace_id: UNKNOWN } }, status: 204 },
    ],
  })),
  {
    name: "an update of several spans leaves them with their traces",
    given: [newIds("trace", "parent", "span")],
    steps: [
      {
        send: `POST ${SPANS}`,
        body: {
          id: "<span>",
          trace_id: "<trace>",
          parent_span_id: "<parent>",
          project_name: "<projectname>",
          start_time: START,
          tags: ["x"],
        },
        status: 201,
      },
      {
        send: `PATCH ${SPANS}/batch`,
        body: { ids: ["<span>"], update: { trace_id: UNKNOWN, model: "m", tags_to_add: ["y"] } },
        status: 204,
        text: "",
      },
      {
        send: SPAN,
        status: 200,
        match: { trace_id: "<trace>", parent_span_id: "<parent>", model: "m", tags: inAnyOrder("x", "y") },
      },
      {
        send: `PATCH ${SPANS}/batch`,
        body: { ids: ["<span>"], update: { model: "n" } },
        status: 422,
        errors: ["update.traceId must not be null"],
      },
      { send: SPAN, status: 200, match: { model: "m" } },
    ],
  },
  {
    name: "an update of several traces changes none of another workspace",
    settings: { workspaces: ["any"] },
    given: [trace()],
    steps: [
      {
        send: PATCH,
        headers: { "comet-workspace": "other" },
        body: { ids: ["<trace>"], update: { name: "n" } },
        status: 204,
      },
      { send: TRACE, status: 200, match: { name: "agent" } },
    ],
  },
];
