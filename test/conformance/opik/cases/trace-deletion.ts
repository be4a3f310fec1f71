import { expectStatus } from "../../../support/pairing.ts";
import type { Arrangement, ConformanceCase } from "../../case.ts";
import { fill } from "../../world.ts";
import { newIds, trace } from "../given.ts";

const TRACES = "/v1/private/traces";
const SPANS = "/v1/private/spans";
const TRACE = `GET ${TRACES}/<trace>`;
const SPAN = `GET ${SPANS}/<span>`;
const NO_TRACE = { status: 404, message: "Trace id: <trace> not found" };
const NO_SPAN = { status: 404, message: "Span id: <span> not found" };

/** `<span>`: a span of `<trace>`. */
const span: Arrangement = async (world) => {
  await newIds("span")(world);
  const body = fill(
    { id: "<span>", trace_id: "<trace>", project_name: "<projectname>", start_time: "2026-01-01T00:00:01Z" },
    world,
  );
  expectStatus(await world.call("POST", SPANS, { body }), 201);
};

/** Deleting traces and spans [opik 7.2]. */
export const traceDeletionCases: readonly ConformanceCase[] = [
  {
    name: "a trace is deleted with its spans, also when there is none",
    given: [trace(), span, trace("other")],
    steps: [
      { send: `DELETE ${TRACES}/<trace>`, status: 204, text: "" },
      { send: TRACE, ...NO_TRACE },
      { send: SPAN, ...NO_SPAN },
      { send: `GET ${TRACES}/<other>`, status: 200, match: { id: "<other>" } },
      { send: `DELETE ${TRACES}/<trace>`, status: 204 },
      { send: `DELETE ${TRACES}/<unknown>`, status: 204 },
      { send: `DELETE ${TRACES}/nonsense`, status: 404, message: "HTTP 404 Not Found" },
    ],
  },
  {
    name: "several traces are deleted with their spans",
    given: [trace(), span, trace("other"), trace("third")],
    steps: [
      { send: `POST ${TRACES}/delete`, body: { ids: ["<trace>", "<unknown>", "<other>"] }, status: 204, text: "" },
      { send: TRACE, ...NO_TRACE },
      { send: SPAN, ...NO_SPAN },
      { send: `GET ${TRACES}?project_id=<project>`, status: 200, match: { total: 1, content: [{ id: "<third>" }] } },
    ],
  },
  {
    name: "traces are deleted from one project only when it is named",
    given: [trace(), span],
    steps: [
      { send: `POST ${TRACES}/delete`, body: { ids: ["<trace>"], project_id: "<unknown>" }, status: 204 },
      { send: TRACE, status: 200, match: { id: "<trace>", span_count: 1 } },
      { send: `POST ${TRACES}/delete`, body: { ids: ["<trace>"], project_id: "<project>" }, status: 204 },
      { send: TRACE, ...NO_TRACE },
    ],
  },
  {
    name: "one trace to a thousand are deleted at once",
    given: [trace()],
    steps: [
      { send: `POST ${TRACES}/delete`, body: {}, status: 422, errors: ["ids must not be null"] },
      {
        send: `POST ${TRACES}/delete`,
        body: { ids: [] },
        status: 422,
        errors: ["ids size must be between 1 and 1000"],
      },
      { send: TRACE, status: 200, match: { id: "<trace>" } },
    ],
  },
  {
    name: "a span is not deleted by its id",
    given: [trace(), span],
    steps: [
      { send: `DELETE ${SPANS}/<span>`, status: 501 },
      { send: `DELETE ${SPANS}/nonsense`, status: 501 },
      { send: SPAN, status: 200, match: { id: "<span>" } },
    ],
  },
  {
    name: "a trace of another workspace is not deleted",
    settings: { workspaces: ["any"] },
    given: [trace(), span],
    steps: [
      { send: `DELETE ${TRACES}/<trace>`, headers: { "comet-workspace": "other" }, status: 204 },
      { send: TRACE, status: 200, match: { span_count: 1 } },
    ],
  },
];
