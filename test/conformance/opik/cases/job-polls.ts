import { type ConformanceCase, idInLocation } from "../../case.ts";
import { TIMESTAMP } from "../../expected.ts";
import { connectRunner, endpointRunner, pendingJob, runner, runningJob } from "../given.ts";

const NEXT = "POST <runners>/<runner>/jobs/next";
const CREATE = { send: "POST <runners>/jobs", body: '{"agent_name":"echo","project_id":"<project>"}' } as const;

/** Taking jobs [opik 2.9, 4.1]. */
export const jobPollCases: readonly ConformanceCase[] = [
  {
    name: "a poll takes a waiting job at once, and it runs",
    given: [endpointRunner("echo"), pendingJob()],
    steps: [
      {
        send: NEXT,
        status: 200,
        json: {
          id: "<job>",
          runner_id: "<runner>",
          agent_name: "echo",
          status: "running",
          inputs: { n: 1 },
          project_id: "<project>",
          timeout: 1800,
          created_at: TIMESTAMP,
          started_at: TIMESTAMP,
        },
      },
      { send: "GET <runners>/jobs/<job>", status: 200, match: { status: "running", started_at: TIMESTAMP } },
    ],
  },
  {
    name: "jobs are taken in the order they were created, each once",
    given: [endpointRunner("echo"), pendingJob("first"), pendingJob("second"), pendingJob("third")],
    steps: [
      { send: NEXT, status: 200, match: { id: "<first>" } },
      { send: NEXT, status: 200, match: { id: "<second>" } },
      { send: NEXT, status: 200, match: { id: "<third>" } },
      { start: "poll", send: NEXT },
      { advance: "10s" },
      { finish: "poll", status: 200, text: "null" },
    ],
  },
  {
    name: "a poll waits ten seconds for a job, then the answer is the word null",
    given: [endpointRunner("echo")],
    steps: [
      { start: "poll", send: NEXT },
      { advance: "9999ms" },
      { start: "other", send: NEXT },
      { advance: "1ms" },
      { finish: "poll", status: 200, text: "null", answerHeaders: { "content-type": /^application\/json/ } },
      { advance: "9999ms" },
      { finish: "other", status: 200, text: "null" },
    ],
  },
  {
    name: "how long a poll waits is a setting",
    settings: { nextJobPollTimeoutMs: 1_000 },
    given: [endpointRunner("echo")],
    steps: [{ start: "poll", send: NEXT }, { advance: "1s" }, { finish: "poll", status: 200, text: "null" }],
  },
  {
    name: "a poll that waits gets a job the moment it is created",
    given: [endpointRunner("echo")],
    steps: [
      { start: "poll", send: NEXT },
      { ...CREATE, status: 201, remember: { job: idInLocation } },
      { finish: "poll", status: 200, match: { id: "<job>", status: "running" } },
    ],
  },
  {
    name: "polls that wait are served first come, first served, and each job goes to one",
    given: [endpointRunner("echo")],
    steps: [
      { start: "first", send: NEXT },
      { start: "second", send: NEXT },
      { start: "third", send: NEXT },
      { ...CREATE, status: 201, remember: { one: idInLocation } },
      { ...CREATE, status: 201, remember: { two: idInLocation } },
      { finish: "first", status: 200, match: { id: "<one>" } },
      { finish: "second", status: 200, match: { id: "<two>" } },
      { ...CREATE, status: 201, remember: { three: idInLocation } },
      { finish: "third", status: 200, match: { id: "<three>" } },
    ],
    ours: "two requests may overtake each other on their way to a server that we cannot look into",
  },
  {
    name: "a job is for the runner of its project only",
    given: [endpointRunner("echo"), runner("bridge", "connect")],
    steps: [
      { start: "bridge", send: "POST <runners>/<bridge>/jobs/next" },
      { start: "poll", send: NEXT },
      { ...CREATE, status: 201, remember: { job: idInLocation } },
      { finish: "poll", status: 200, match: { id: "<job>" } },
      { advance: "10s" },
      { finish: "bridge", status: 200, text: "null" },
    ],
  },
  {
    name: "a runner for bridge commands may poll, and gets nothing",
    given: [connectRunner()],
    steps: [{ start: "poll", send: NEXT }, { advance: "10s" }, { finish: "poll", status: 200, text: "null" }],
  },
  {
    name: "a runner that is disconnected may take the jobs that wait for it",
    given: [endpointRunner("echo"), pendingJob()],
    steps: [
      { advance: "1m" },
      { send: "GET <runners>/<runner>", status: 200, match: { status: "disconnected" } },
      { send: NEXT, status: 200, match: { id: "<job>" } },
    ],
  },
  {
    name: "waiting jobs wait as long as it takes",
    settings: { deadRunnerPurgeMs: 30 * 86_400_000, reaperIntervalMs: 3_600_000, runReaperIntervalMs: 3_600_000 },
    given: [endpointRunner("echo"), pendingJob()],
    steps: [
      { advance: "20d" },
      { send: "GET <runners>/jobs/<job>", status: 200, match: { status: "pending" } },
      { send: NEXT, status: 200, match: { id: "<job>" } },
    ],
  },
  {
    name: "an unknown runner cannot poll",
    steps: [{ send: "POST <runners>/<unknown>/jobs/next", status: 404, message: "Runner not found: <unknown>" }],
  },
  {
    name: "a poll needs no body and reads none",
    given: [endpointRunner("echo"), pendingJob("first"), pendingJob("second")],
    steps: [
      { send: NEXT, status: 200, match: { id: "<first>" } },
      { send: NEXT, body: "{}", status: 200, match: { id: "<second>" } },
    ],
  },
  {
    name: "a job that was cancelled while it waited is never taken",
    given: [endpointRunner("echo"), pendingJob("cancelled"), pendingJob("job")],
    steps: [
      { send: "POST <runners>/jobs/<cancelled>/cancel", status: 204 },
      { send: NEXT, status: 200, match: { id: "<job>" } },
    ],
  },
  {
    name: "a job that ended while it waited is never taken",
    ours: "the real server assigns it again [opik 8.6]",
    given: [endpointRunner("echo"), pendingJob("ended"), pendingJob("job")],
    steps: [
      { send: "POST <runners>/jobs/<ended>/results", body: { status: "completed" }, status: 204 },
      { send: NEXT, status: 200, match: { id: "<job>" } },
    ],
  },
  {
    name: "a job that runs is not assigned again",
    given: [endpointRunner("echo"), runningJob()],
    steps: [{ start: "poll", send: NEXT }, { advance: "10s" }, { finish: "poll", status: 200, text: "null" }],
  },
];
