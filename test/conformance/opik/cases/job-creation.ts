import { expect } from "vitest";
import { type ConformanceCase, idInLocation } from "../../case.ts";
import { TIMESTAMP } from "../../expected.ts";
import { endpointRunner, pendingJob, runningJob } from "../given.ts";

const JOBS = "POST <runners>/jobs";
const CREATE = '{"agent_name":"echo","project_id":"<project>"}';
const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const UUID_1 = "11111111-1111-7111-8111-111111111111";
const UUID_2 = "22222222-2222-7222-8222-222222222222";

function create(fields: string): { send: string; body: string } {
  return { send: JOBS, body: `{"agent_name":"echo","project_id":"<project>",${fields}}` };
}

/** Creating jobs [opik 2.7]. */
export const jobCreationCases: readonly ConformanceCase[] = [
  {
    name: "a new job waits, and the answer says where it is",
    given: [endpointRunner("echo")],
    steps: [
      {
        send: JOBS,
        body: CREATE,
        status: 201,
        text: "",
        answerHeaders: {
          location: /^http:\/\/[^/]+\/v1\/private\/local-runners\/jobs\/[0-9a-f-]{36}$/,
          "content-type": undefined,
        },
        remember: { job: idInLocation },
      },
      {
        send: "GET <runners>/jobs/<job>",
        status: 200,
        json: {
          id: expect.stringMatching(UUID_V7),
          runner_id: "<runner>",
          agent_name: "echo",
          status: "pending",
          project_id: "<project>",
          timeout: 1800,
          created_at: TIMESTAMP,
        },
      },
    ],
  },
  {
    name: "a new job keeps all that it was given",
    given: [endpointRunner("echo")],
    steps: [
      {
        ...create(
          `"inputs":{"text":"hello","n":1.0},"mask_id":"${UUID_1}","prompt_masks":{"${UUID_2}":"${UUID_1}"},"blueprint_name":"v1","metadata":{"dataset_id":"${UUID_1}","dataset_version_id":"${UUID_2}","dataset_item_version_id":"${UUID_1}","dataset_item_id":"${UUID_2}"}`,
        ),
        status: 201,
        remember: { job: idInLocation },
      },
      {
        send: "GET <runners>/jobs/<job>",
        status: 200,
        contains: `"inputs":{"text":"hello","n":1.0},"project_id":"<project>","mask_id":"${UUID_1}","prompt_masks":{"${UUID_2}":"${UUID_1}"},"blueprint_name":"v1","metadata":{"dataset_id":"${UUID_1}","dataset_version_id":"${UUID_2}","dataset_item_version_id":"${UUID_1}","dataset_item_id":"${UUID_2}"},"timeout":1800`,
      },
    ],
  },
  {
    name: "the project need not exist, it only needs a runner",
    given: [endpointRunner("echo")],
    steps: [
      {
        send: JOBS,
        body: '{"agent_name":"echo","project_id":"<unknown>"}',
        status: 404,
        errors: ["No runner configured. Pair one from the Runners page."],
      },
    ],
  },
  {
    name: "a job needs an agent's name and a project",
    given: [endpointRunner("echo")],
    steps: [
      {
        send: JOBS,
        body: "{}",
        status: 422,
        errors: ["agentName must not be blank", "projectId must not be null"],
      },
      { send: JOBS, body: '{"project_id":"<project>"}', status: 422, errors: ["agentName must not be blank"] },
      {
        send: JOBS,
        body: '{"agent_name":"","project_id":"<project>"}',
        status: 422,
        errors: ["agentName must not be blank"],
      },
      {
        send: JOBS,
        body: '{"agent_name":" \\t","project_id":"<project>"}',
        status: 422,
        errors: ["agentName must not be blank"],
      },
      {
        send: JOBS,
        body: '{"agent_name":null,"project_id":"<project>"}',
        status: 422,
        errors: ["agentName must not be blank"],
      },
      { send: JOBS, body: '{"agent_name":"echo"}', status: 422, errors: ["projectId must not be null"] },
      {
        send: JOBS,
        body: '{"agent_name":"echo","project_id":null}',
        status: 422,
        errors: ["projectId must not be null"],
      },
      {
        send: JOBS,
        body: '{"agent_name":"echo","project_id":""}',
        status: 422,
        errors: ["projectId must not be null"],
      },
    ],
  },
  {
    name: "a blueprint's name is stripped and may not be blank",
    given: [endpointRunner("echo")],
    steps: [
      { ...create('"blueprint_name":"  v 1\\n"'), status: 201, remember: { job: idInLocation } },
      { send: "GET <runners>/jobs/<job>", status: 200, match: { blueprint_name: "v 1" } },
      { ...create('"blueprint_name":""'), status: 422, errors: ["blueprintName must not be blank"] },
      { ...create('"blueprint_name":" \\t"'), status: 422, errors: ["blueprintName must not be blank"] },
    ],
  },
  {
    name: "empty prompt masks are dropped, empty metadata is kept",
    given: [endpointRunner("echo")],
    steps: [
      { ...create('"prompt_masks":{},"metadata":{}'), status: 201, remember: { job: idInLocation } },
      {
        send: "GET <runners>/jobs/<job>",
        status: 200,
        contains: '"project_id":"<project>","metadata":{},"timeout":1800',
      },
    ],
  },
  {
    name: "metadata keeps what is known of it",
    given: [endpointRunner("echo")],
    steps: [
      {
        ...create(`"metadata":{"dataset_item_id":"${UUID_2}","color":1}`),
        status: 201,
        remember: { job: idInLocation },
      },
      { send: "GET <runners>/jobs/<job>", status: 200, contains: `"metadata":{"dataset_item_id":"${UUID_2}"},` },
      { ...create('"metadata":{"dataset_id":"abc"}'), status: 400, message: /^Unable to process JSON\. / },
    ],
  },
  {
    name: "prompt masks are UUIDs by UUIDs",
    given: [endpointRunner("echo")],
    steps: [
      { ...create(`"prompt_masks":{"abc":"${UUID_1}"}`), status: 400, message: /^Unable to process JSON\. / },
      { ...create(`"prompt_masks":{"${UUID_1}":"abc"}`), status: 400, message: /^Unable to process JSON\. / },
      { ...create(`"prompt_masks":{"${UUID_1}":5}`), status: 400, message: /^Unable to process JSON\. / },
    ],
  },
  {
    name: "without a runner there is no job",
    steps: [
      {
        send: JOBS,
        body: CREATE,
        status: 404,
        errors: ["No runner configured. Pair one from the Runners page."],
      },
    ],
  },
  {
    name: "without a connected runner there is no job",
    given: [endpointRunner("echo")],
    steps: [
      { advance: "15s" },
      {
        send: JOBS,
        body: CREATE,
        status: 409,
        errors: ["Your runner is not connected. Start it with: opik connect"],
      },
    ],
  },
  {
    name: "an agent that is not registered gets no job",
    given: [endpointRunner("echo")],
    steps: [
      {
        send: JOBS,
        body: '{"agent_name":"Echo","project_id":"<project>"}',
        status: 400,
        errors: ["Agent 'Echo' is not registered on this runner"],
      },
    ],
  },
  {
    name: "so many jobs may wait for a runner, and those that run do not count",
    settings: { maxPendingJobsPerRunner: 2 },
    given: [endpointRunner("echo"), runningJob("running"), pendingJob("first"), pendingJob("second")],
    steps: [
      { send: JOBS, body: CREATE, status: 429, errors: ["Too many pending jobs for this runner"] },
      { send: "GET <runners>/<runner>/jobs", status: 200, match: { total: 3 } },
      { send: "POST <runners>/jobs/<first>/cancel", status: 204 },
      { send: JOBS, body: CREATE, status: 201 },
      { send: JOBS, body: CREATE, status: 429, errors: ["Too many pending jobs for this runner"] },
    ],
  },
  {
    name: "a hundred jobs may wait for a runner",
    given: [endpointRunner("echo"), ...Array.from({ length: 100 }, (_, index) => pendingJob(`job ${index}`))],
    steps: [{ send: JOBS, body: CREATE, status: 429, errors: ["Too many pending jobs for this runner"] }],
  },
  {
    name: "a job is checked in this order: its form, runner, connection, agent, queue",
    settings: { maxPendingJobsPerRunner: 1 },
    given: [endpointRunner("echo"), pendingJob()],
    steps: [
      {
        send: JOBS,
        body: '{"agent_name":"","project_id":"<unknown>"}',
        status: 422,
        errors: ["agentName must not be blank"],
      },
      {
        send: JOBS,
        body: '{"agent_name":"other","project_id":"<project>"}',
        status: 400,
        errors: ["Agent 'other' is not registered on this runner"],
      },
      { advance: "15s" },
      {
        send: JOBS,
        body: '{"agent_name":"other","project_id":"<project>"}',
        status: 409,
        errors: ["Your runner is not connected. Start it with: opik connect"],
      },
      {
        send: JOBS,
        body: '{"agent_name":"","project_id":"<project>"}',
        status: 422,
        errors: ["agentName must not be blank"],
      },
    ],
  },
  {
    name: "a job may take as long as its agent says, at the time it is created",
    given: [endpointRunner()],
    steps: [
      { send: "PUT <runners>/<runner>/agents", body: { echo: { timeout: 60 } }, status: 204 },
      { send: JOBS, body: CREATE, status: 201, remember: { job: idInLocation } },
      { send: "PUT <runners>/<runner>/agents", body: { echo: { timeout: 90 } }, status: 204 },
      { send: "GET <runners>/jobs/<job>", status: 200, match: { timeout: 60 } },
    ],
  },
  {
    name: "a job of an agent that says nothing may take as long as the settings say",
    settings: { jobTimeoutMs: 90_000 },
    given: [endpointRunner("echo"), pendingJob()],
    steps: [
      { send: "GET <runners>/jobs/<job>", status: 200, match: { timeout: 90 } },
      { send: "PUT <runners>/<runner>/agents", body: { echo: { timeout: -5 } }, status: 204 },
      { send: JOBS, body: CREATE, status: 201, remember: { job: idInLocation } },
      { send: "GET <runners>/jobs/<job>", status: 200, match: { timeout: 90 } },
    ],
  },
];
