import { expect } from "vitest";
import type { ConformanceCase } from "../../case.ts";
import { executing, sdk, workerJob } from "../given.ts";

/** The ids of the runs that follow a run. */
const CHILDREN = "GET /v1/runs/<run>/children";

/** What follows the end of a run (`OnCompleteTrigger` of the real server). */
export const chainCases: readonly ConformanceCase[] = [
  {
    name: "a completed run is followed by one of the job that its job names, with what is mapped of its result",
    ours: "the real server follows only runs that it has pushed",
    given: [
      workerJob({}, "2"),
      executing({
        definition: { on_complete_trigger_job: "<slug2>", on_complete_payload_mapping: { id: "user.id", n: "list.1" } },
      }),
    ],
    steps: [
      {
        send: "GET /v1/jobs/<job>",
        status: 200,
        match: { on_complete_trigger_job: "<slug2>", on_complete_payload_mapping: { id: "user.id", n: "list.1" } },
      },
      sdk("POST /complete", '{"result":{"user":{"id":12345678901234567890},"list":[1,2.0],"more":true}}', {
        status: 200,
        match: { status: "completed" },
      }),
      {
        send: CHILDREN,
        status: 200,
        contains: '"payload":{"id":12345678901234567890,"n":2.0}',
        match: {
          data: [
            {
              id: expect.any(String),
              job_id: "<job2>",
              status: "queued",
              triggered_by: "job_chain",
              parent_run_id: "<run>",
              lineage_depth: 1,
              tags: { source_job_id: "<job>", source_run_id: "<run>" },
            },
          ],
          has_more: false,
        },
      },
    ],
  },
  {
    name: "a failed run is followed by one that receives the reason",
    ours: "the real server follows only runs that it has pushed",
    given: [
      workerJob({}, "2"),
      executing({ definition: { on_failure_trigger_job: "<slug2>" }, payload: { order: 7 } }),
    ],
    steps: [
      sdk("POST /fail", { error: "sold out" }, { status: 200, match: { status: "failed" } }),
      {
        send: CHILDREN,
        status: 200,
        match: {
          data: [
            {
              job_id: "<job2>",
              triggered_by: "job_failure",
              payload: {
                source_job_id: "<job>",
                source_run_id: "<run>",
                error: "sold out",
                error_class: "",
                status: "failed",
                attempt: 1,
                original_input: { order: 7 },
              },
            },
          ],
        },
      },
    ],
  },
  {
    name: "a run ends as well when nothing can follow it, and nothing follows one that is called off",
    given: [
      executing({ definition: { on_complete_trigger_job: "<unknown>", on_complete_payload_mapping: [1] } }),
      workerJob({}, "3"),
      executing({ definition: { on_complete_trigger_job: "<slug3>", on_failure_trigger_job: "<slug3>" } }, "2"),
    ],
    steps: [
      sdk("POST /complete", { result: 1 }, { status: 200, match: { status: "completed", result: 1 } }),
      { send: CHILDREN, status: 200, json: { data: [], has_more: false } },
      { send: "DELETE /v1/runs/<run2>", status: 200, match: { status: "canceled" } },
      { send: "GET /v1/runs/<run2>/children", status: 200, json: { data: [], has_more: false } },
    ],
  },
];
