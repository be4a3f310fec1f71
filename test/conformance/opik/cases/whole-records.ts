import { expect } from "vitest";
import { type ConformanceCase, idInLocation } from "../../case.ts";
import { TIMESTAMP } from "../../expected.ts";
import { endpointRunner, newIds, trace } from "../given.ts";

const START = "2026-01-01T00:00:01Z";
const END = "2026-01-01T00:00:02.500Z";
const ERROR = { exception_type: "ValueError", message: "no", traceback: "line 1" };

/** What traces and spans have in common, with every field that a client can send [opik 7.2]. */
const COMMON = {
  name: "agent",
  start_time: START,
  end_time: END,
  input: { q: 1 },
  output: [2],
  metadata: { a: { b: 3 } },
  tags: ["x"],
  error_info: ERROR,
  ttft: 12.5,
  source: "sdk",
  environment: "production",
};
const WRITTEN_BY = {
  created_at: TIMESTAMP,
  created_by: "admin",
  last_updated_at: TIMESTAMP,
  last_updated_by: "admin",
};
const MASK = "01a2b3c4-d5e6-7f80-9a1b-2c3d4e5f6071";

/** Records with every field they can have. */
export const wholeRecordCases: readonly ConformanceCase[] = [
  {
    name: "a trace and its span show all that was sent, but not by which prices a cost was computed",
    given: [newIds("trace", "span", "parent")],
    steps: [
      {
        send: "POST /v1/private/traces",
        body: { id: "<trace>", project_name: "<projectname>", thread_id: "thread", ...COMMON },
        status: 201,
      },
      {
        send: "POST /v1/private/spans",
        body: {
          id: "<span>",
          trace_id: "<trace>",
          parent_span_id: "<parent>",
          project_name: "<projectname>",
          ...COMMON,
          type: "llm",
          model: "m",
          provider: "p",
          usage: { total_tokens: 3 },
          total_estimated_cost: 0.5,
          total_estimated_cost_version: "1",
        },
        status: 201,
      },
      {
        send: "GET /v1/private/spans/<span>",
        status: 200,
        json: {
          id: "<span>",
          trace_id: "<trace>",
          parent_span_id: "<parent>",
          project_id: "<project>",
          project_name: "<projectname>",
          ...COMMON,
          metadata: { ...COMMON.metadata, provider: "p" },
          duration: 1500,
          type: "llm",
          model: "m",
          provider: "p",
          usage: { total_tokens: 3 },
          total_estimated_cost: 0.5,
          ...WRITTEN_BY,
        },
      },
      {
        send: "GET /v1/private/traces/<trace>",
        status: 200,
        json: {
          id: "<trace>",
          project_id: "<project>",
          thread_id: "thread",
          ...COMMON,
          metadata: { ...COMMON.metadata, providers: ["p"] },
          duration: 1500,
          usage: { total_tokens: 3 },
          total_estimated_cost: 0.5,
          span_count: 1,
          llm_span_count: 1,
          has_tool_spans: false,
          providers: ["p"],
          visibility_mode: "default",
          ...WRITTEN_BY,
        },
      },
    ],
  },
  {
    name: "a project shows when its last trace was updated",
    given: [trace()],
    steps: [{ send: "GET /v1/private/projects/<project>", status: 200, match: { last_updated_trace_at: TIMESTAMP } }],
  },
  {
    name: "a job shows all of its request",
    given: [endpointRunner("echo")],
    steps: [
      {
        send: "POST <runners>/jobs",
        body: {
          agent_name: "echo",
          project_id: "<project>",
          inputs: { n: 1 },
          mask_id: MASK,
          prompt_masks: { [MASK]: MASK },
          blueprint_name: " v1 ",
          metadata: {
            dataset_id: MASK,
            dataset_version_id: MASK,
            dataset_item_version_id: MASK,
            dataset_item_id: MASK,
          },
        },
        status: 201,
        remember: { job: idInLocation },
      },
      {
        send: "GET <runners>/jobs/<job>",
        status: 200,
        json: {
          id: "<job>",
          runner_id: "<runner>",
          agent_name: "echo",
          status: "pending",
          inputs: { n: 1 },
          project_id: "<project>",
          mask_id: MASK,
          prompt_masks: { [MASK]: MASK },
          blueprint_name: "v1",
          metadata: {
            dataset_id: MASK,
            dataset_version_id: MASK,
            dataset_item_version_id: MASK,
            dataset_item_id: MASK,
          },
          timeout: 1800,
          created_at: TIMESTAMP,
        },
      },
    ],
  },
  {
    name: "the version that the server speaks is a semantic one",
    ours: "the real server answers with a variable of its environment, such as latest",
    steps: [
      {
        send: "GET /is-alive/ver",
        status: 200,
        json: { version: expect.stringMatching(/^\d+\.\d+\.\d+$/) },
      },
    ],
  },
];
