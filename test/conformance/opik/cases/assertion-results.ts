import type { ConformanceCase } from "../../case.ts";
import { dataset, datasetItems, experiment, experimentItem, newIds } from "../given.ts";

const PUT = "PUT /v1/private/assertion-results";
const result = (more: object = {}): object => ({
  entity_id: "<trace>",
  name: "polite",
  status: "passed",
  source: "sdk",
  ...more,
});

/** Results of assertions [opik 11.4]. */
export const assertionResultCases: readonly ConformanceCase[] = [
  {
    name: "a result replaces the one of its name",
    given: [dataset(), datasetItems("one"), experiment(), newIds("trace"), experimentItem()],
    steps: [
      { send: PUT, body: { entity_type: "TRACE", assertion_results: [result({ reason: "first" })] }, status: 204 },
      { send: PUT, body: { entity_type: "TRACE", assertion_results: [result({ status: "failed" })] }, status: 204 },
      {
        send: "GET /v1/private/datasets/<dataset>/items/experiments/items?experiment_ids=[%22<experiment>%22]",
        status: 200,
        match: {
          content: [
            { experiment_items: [{ assertion_results: [{ value: "polite", passed: false }], status: "failed" }] },
          ],
        },
      },
    ],
  },
  {
    name: "what is said of results is checked",
    given: [newIds("trace")],
    steps: [
      {
        send: PUT,
        body: {},
        status: 422,
        errors: ["entityType must not be null", "assertionResults must not be null"],
      },
      {
        send: PUT,
        body: { entity_type: "SPAN", assertion_results: [] },
        status: 422,
        errors: ["assertionResults size must be between 1 and 1000"],
      },
      {
        send: PUT,
        body: { entity_type: "SPAN", assertion_results: [{}] },
        status: 422,
        errors: [
          "assertionResults[0].entityId must not be null",
          "assertionResults[0].name must not be blank",
          "assertionResults[0].status must not be null",
          "assertionResults[0].source must not be null",
        ],
      },
      {
        send: PUT,
        body: { entity_type: "THREAD", assertion_results: [result()] },
        status: 400,
        message: "Unsupported entity_type 'THREAD' for assertion-results — supported types: [TRACE, SPAN]",
      },
      {
        send: PUT,
        body: {
          entity_type: "SPAN",
          assertion_results: [result({ entity_id: "11111111-1111-4111-8111-111111111111" })],
        },
        status: 400,
        json: { code: 400, message: "Invalid UUID for id", details: "span id must be a version 7 UUID" },
      },
      {
        send: PUT,
        body: { entity_type: "SPAN", assertion_results: [result({ project_id: "<unknown>" })] },
        status: 404,
        errors: ["Project not found"],
      },
    ],
  },
];
