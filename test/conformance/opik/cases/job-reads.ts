import type { ConformanceCase } from "../../case.ts";
import { completedJob, endpointRunner, pendingJob, runningJob } from "../given.ts";

const THREE_JOBS = [endpointRunner("echo"), completedJob("first"), runningJob("second"), pendingJob("third")];

/** Listing and reading jobs [opik 2.8, 2.10]. */
export const jobReadCases: readonly ConformanceCase[] = [
  {
    name: "a runner's jobs are listed, newest first",
    given: THREE_JOBS,
    steps: [
      {
        send: "GET <runners>/<runner>/jobs",
        status: 200,
        match: {
          page: 0,
          size: 25,
          total: 3,
          content: [
            { id: "<third>", status: "pending" },
            { id: "<second>", status: "running" },
            { id: "<first>", status: "completed", result: { answer: 42 } },
          ],
        },
      },
    ],
  },
  {
    name: "pages of jobs count from zero",
    given: THREE_JOBS,
    steps: [
      {
        send: "GET <runners>/<runner>/jobs?page=0&size=2",
        status: 200,
        match: { page: 0, size: 2, total: 3, content: [{ id: "<third>" }, { id: "<second>" }] },
      },
      {
        send: "GET <runners>/<runner>/jobs?page=1&size=2",
        status: 200,
        match: { page: 1, size: 2, total: 3, content: [{ id: "<first>" }] },
      },
      { send: "GET <runners>/<runner>/jobs?page=2&size=2", status: 200, match: { total: 3, content: [] } },
    ],
  },
  {
    name: "the farthest page of jobs there can be is empty",
    ours: "the real server's page times size overflows [opik 8.19]",
    given: [endpointRunner("echo"), pendingJob()],
    steps: [
      {
        send: "GET <runners>/<runner>/jobs?page=2147483647&size=2147483647",
        status: 200,
        match: { total: 1, content: [] },
      },
    ],
  },
  {
    name: "a runner's jobs are listed by project",
    given: THREE_JOBS,
    steps: [
      { send: "GET <runners>/<runner>/jobs?project_id=<project>", status: 200, match: { total: 3 } },
      {
        send: "GET <runners>/<runner>/jobs?project_id=<unknown>",
        status: 200,
        text: '{"page":0,"size":25,"total":0,"content":[]}',
      },
    ],
  },
  {
    name: "a runner without jobs has an empty list",
    given: [endpointRunner()],
    steps: [{ send: "GET <runners>/<runner>/jobs", status: 200, text: '{"page":0,"size":25,"total":0,"content":[]}' }],
  },
  {
    name: "the jobs of an unknown runner are not found",
    steps: [{ send: "GET <runners>/<unknown>/jobs", status: 404, message: "Runner not found: <unknown>" }],
  },
  {
    name: "an unknown job is not found",
    steps: [{ send: "GET <runners>/jobs/<unknown>", status: 404, message: "Job not found: '<unknown>'" }],
  },
  {
    name: "jobs that ended are kept for seven days",
    settings: { reaperIntervalMs: 3_600_000, runReaperIntervalMs: 3_600_000, deadRunnerPurgeMs: 30 * 86_400_000 },
    given: [endpointRunner("echo"), completedJob("done"), pendingJob("cancelled"), pendingJob("waiting")],
    steps: [
      { send: "POST <runners>/jobs/<cancelled>/cancel", status: 204 },
      { send: "POST <runners>/jobs/<done>/logs", body: [{ stream: "stdout", text: "bye" }], status: 204 },
      { advance: "7d" },
      { send: "GET <runners>/jobs/<done>", status: 200, match: { status: "completed" } },
      { advance: "2h" },
      { send: "GET <runners>/jobs/<done>", status: 404, message: "Job not found: '<done>'" },
      { send: "GET <runners>/jobs/<done>/logs", status: 404, message: "Job not found: '<done>'" },
      { send: "GET <runners>/jobs/<cancelled>", status: 404, message: "Job not found: '<cancelled>'" },
      { send: "GET <runners>/jobs/<waiting>", status: 200, match: { status: "pending" } },
      { send: "GET <runners>/<runner>/jobs", status: 200, match: { total: 1, content: [{ id: "<waiting>" }] } },
    ],
  },
];
