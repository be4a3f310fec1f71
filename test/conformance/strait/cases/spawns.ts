import { expect } from "vitest";
import type { ConformanceCase } from "../../case.ts";
import { executing, invalid, sdk, workerJob } from "../given.ts";

/** Runs that make runs [strait 2.10]. */
export const spawnCases: readonly ConformanceCase[] = [
  {
    name: "a run spawns a run of another job, named by its slug or its id",
    given: [executing(), workerJob({}, "2")],
    steps: [
      sdk(
        "POST /spawn",
        { job_slug: "<slug2>", payload: [1] },
        {
          status: 201,
          json: {
            id: expect.any(String),
            job_id: "<job2>",
            parent_run_id: "<run>",
            project_id: "default",
            status: "queued",
            triggered_by: "spawn",
          },
          remember: { child: ({ json }) => (json as { id: string }).id },
        },
      ),
      {
        send: "GET /v1/runs/<child>",
        status: 200,
        match: { payload: [1], priority: 0, job_version: 0, triggered_by: "spawn" },
      },
      sdk("POST /spawn", { job_id: "<job2>", priority: 3 }, { status: 201, match: { job_id: "<job2>" } }),
      { send: "GET /v1/runs/<run>/children", status: 200, match: { data: [{ priority: 0 }, { priority: 3 }] } },
      { send: "GET /v1/runs/<run>", status: 200, match: { status: "executing" } },
    ],
  },
  {
    name: "what cannot be spawned is refused",
    given: [executing()],
    steps: [
      sdk("POST /spawn", {}, invalid("job_slug: failed on 'required'")),
      sdk("POST /spawn", { job_slug: "<unknown>" }, { status: 404, refusal: "job not found" }),
      sdk("POST /spawn", { job_id: "<unknown>" }, { status: 404, refusal: "job not found" }),
      sdk(
        "POST /spawn",
        { job_slug: "<slug>", await_timeout_secs: 2_592_001 },
        {
          status: 400,
          refusal: "await_timeout_secs must be 2592000 seconds or fewer",
        },
      ),
      sdk(
        "POST /spawn",
        { job_slug: "<slug>", project_id: "elsewhere" },
        {
          status: 400,
          refusal: "target_api_key is required for cross-project spawn",
        },
      ),
      sdk(
        "POST /spawn",
        { job_slug: "<slug>", project_id: "elsewhere", target_api_key: "strait_no" },
        {
          status: 401,
          refusal: "invalid target api key",
        },
      ),
    ],
  },
  {
    name: "a run that awaits a child waits for it",
    given: [executing()],
    steps: [
      sdk(
        "POST /spawn",
        { job_slug: "<slug>", await_completion: true },
        {
          status: 201,
          match: { await_completion: true, await_event_key: expect.stringMatching(/^spawn-await:/), status: "queued" },
          remember: { waitkey: (reply) => (reply.json as { await_event_key: string }).await_event_key },
        },
      ),
      { send: "GET /v1/runs/<run>", status: 200, match: { status: "waiting" } },
      {
        send: "GET /v1/events/<waitkey>",
        status: 200,
        match: { status: "waiting", job_run_id: "<run>", timeout_secs: 3_600 },
      },
    ],
  },
];
