import { expect } from "vitest";
import type { ConformanceCase } from "../../case.ts";
import { ALIVE, TIMESTAMP } from "../../expected.ts";
import { completedJob, connectRunner, endpointRunner, pendingJob, runner, runningJob } from "../given.ts";

const GONE = { status: 404, message: "Runner not found: <runner>" } as const;

/** Listing, reading and disconnecting runners [opik 2.1 to 2.3], and how they come and go (3.1). */
export const runnerCases: readonly ConformanceCase[] = [
  {
    name: "a runner that was just paired is connected and has no agents",
    given: [endpointRunner()],
    steps: [
      {
        send: "GET <runners>/<runner>",
        status: 200,
        json: {
          id: "<runner>",
          name: "runner",
          project_id: "<project>",
          status: "connected",
          connected_at: TIMESTAMP,
          agents: [],
          capabilities: ["jobs"],
          type: "endpoint",
        },
      },
    ],
  },
  {
    name: "an unknown runner is not found",
    steps: [{ send: "GET <runners>/<unknown>", status: 404, message: "Runner not found: <unknown>" }],
  },
  {
    name: "runners are listed, newest first",
    given: [runner("first", "endpoint"), runner("second", "connect")],
    steps: [
      {
        send: "GET <runners>?project_id=<project>",
        status: 200,
        json: {
          page: 0,
          size: 25,
          total: 2,
          content: [
            {
              id: "<second>",
              name: "second",
              project_id: "<project>",
              status: "connected",
              connected_at: TIMESTAMP,
              agents: [],
              capabilities: ["jobs"],
              type: "connect",
            },
            expect.objectContaining({ name: "first", type: "endpoint" }),
          ],
        },
      },
    ],
  },
  {
    name: "pages count from zero, and the total counts all of them",
    given: [runner("first", "endpoint"), runner("second", "connect")],
    steps: [
      {
        send: "GET <runners>?project_id=<project>&page=0&size=1",
        status: 200,
        match: { page: 0, size: 1, total: 2, content: [{ id: "<second>" }] },
      },
      {
        send: "GET <runners>?project_id=<project>&page=1&size=1",
        status: 200,
        match: { page: 1, size: 1, total: 2, content: [{ id: "<first>" }] },
      },
      {
        send: "GET <runners>?project_id=<project>&page=2&size=1",
        status: 200,
        json: { page: 2, size: 1, total: 2, content: [] },
      },
    ],
  },
  {
    name: "the farthest page there can be is empty",
    ours: "the real server's page times size overflows [opik 8.19]",
    given: [endpointRunner()],
    steps: [
      {
        send: "GET <runners>?project_id=<project>&page=2147483647&size=2147483647",
        status: 200,
        json: { page: 2_147_483_647, size: 1_000, total: 1, content: [] },
      },
    ],
  },
  {
    name: "an unknown project has an empty list",
    steps: [
      { send: "GET <runners>?project_id=<unknown>", status: 200, text: '{"page":0,"size":25,"total":0,"content":[]}' },
    ],
  },
  {
    name: "runners are not listed without a project",
    steps: [{ send: "GET <runners>", status: 400, errors: ["query param project_id must not be null"] }],
  },
  {
    name: "runners are listed by their status",
    given: [runner("silent", "endpoint"), runner("alive", "connect")],
    steps: [
      { advance: "10s" },
      { send: "POST <runners>/<alive>/heartbeats", ...ALIVE },
      { advance: "10s" },
      {
        send: "GET <runners>?project_id=<project>&status=connected",
        status: 200,
        match: { total: 1, content: [{ id: "<alive>" }] },
      },
      {
        send: "GET <runners>?project_id=<project>&status=disconnected",
        status: 200,
        match: { total: 1, content: [{ id: "<silent>" }] },
      },
      { send: "GET <runners>?project_id=<project>&status=pairing", status: 200, match: { total: 0, content: [] } },
      { send: "GET <runners>?project_id=<project>", status: 200, match: { total: 2 } },
    ],
  },
  {
    name: "a runner disconnects when its last sign of life is fifteen seconds old, and hides its agents",
    given: [endpointRunner("echo")],
    steps: [
      { advance: "14s" },
      { send: "GET <runners>/<runner>", status: 200, match: { status: "connected", agents: [{ name: "echo" }] } },
      { advance: "1s" },
      { send: "GET <runners>/<runner>", status: 200, match: { status: "disconnected", agents: [] } },
      { send: "POST <runners>/<runner>/heartbeats", ...ALIVE },
      { send: "GET <runners>/<runner>", status: 200, match: { status: "connected", agents: [{ name: "echo" }] } },
    ],
  },
  {
    name: "the time after which a runner counts as disconnected is a setting",
    settings: { heartbeatTtlMs: 2_000 },
    given: [endpointRunner()],
    steps: [
      { advance: "1999ms" },
      { send: "GET <runners>/<runner>", status: 200, match: { status: "connected" } },
      { advance: "1ms" },
      { send: "GET <runners>/<runner>", status: 200, match: { status: "disconnected" } },
    ],
  },
  {
    name: "a poll is no sign of life",
    settings: { nextJobPollTimeoutMs: 20_000 },
    given: [endpointRunner("echo")],
    steps: [
      { start: "poll", send: "POST <runners>/<runner>/jobs/next" },
      { advance: "20s" },
      { finish: "poll", status: 200, text: "null" },
      { send: "GET <runners>/<runner>", status: 200, match: { status: "disconnected" } },
    ],
  },
  {
    name: "a runner that disconnects is gone, with its jobs",
    given: [endpointRunner("echo"), completedJob("done"), runningJob("running"), pendingJob("pending")],
    steps: [
      { send: "DELETE <runners>/<runner>", status: 204, text: "", answerHeaders: { "content-type": undefined } },
      { send: "GET <runners>/<runner>", ...GONE },
      { send: "GET <runners>?project_id=<project>", status: 200, match: { total: 0 } },
      { send: "POST <runners>/<runner>/heartbeats", status: 410, errors: ["Runner not found: <runner>"] },
      { send: "POST <runners>/<runner>/jobs/next", ...GONE },
      { send: "GET <runners>/<runner>/jobs", ...GONE },
      { send: "PUT <runners>/<runner>/agents", body: {}, ...GONE },
      { send: "PATCH <runners>/<runner>/checklist", body: {}, ...GONE },
      { send: "GET <runners>/jobs/<done>", status: 404, message: "Job not found: '<done>'" },
      { send: "GET <runners>/jobs/<running>", status: 404, message: "Job not found: '<running>'" },
      { send: "GET <runners>/jobs/<pending>/logs", status: 404, message: "Job not found: '<pending>'" },
      {
        send: "POST <runners>/jobs/<running>/results",
        body: { status: "completed" },
        status: 404,
        message: "Job not found: '<running>'",
      },
      { send: "POST <runners>/jobs/<pending>/cancel", status: 404, message: "Job not found: '<pending>'" },
      {
        send: "POST <runners>/jobs",
        body: { agent_name: "echo", project_id: "<project>" },
        status: 404,
        errors: ["No runner configured. Pair one from the Runners page."],
      },
      { send: "DELETE <runners>/<runner>", status: 204 },
    ],
  },
  {
    name: "disconnecting an unknown runner changes nothing and answers as always",
    steps: [{ send: "DELETE <runners>/<unknown>", status: 204, text: "" }],
  },
  {
    name: "a newer runner of the same type takes the place of the older one",
    given: [endpointRunner("echo"), pendingJob(), runner("newer", "endpoint", ["echo"])],
    steps: [
      { send: "GET <runners>/<runner>", ...GONE },
      { send: "POST <runners>/<runner>/heartbeats", status: 410, errors: ["Runner not found: <runner>"] },
      { send: "POST <runners>/<runner>/jobs/next", ...GONE },
      { send: "GET <runners>/jobs/<job>", status: 404, message: "Job not found: '<job>'" },
      {
        send: "GET <runners>?project_id=<project>",
        status: 200,
        match: { total: 1, content: [{ id: "<newer>", status: "connected" }] },
      },
      { start: "poll", send: "POST <runners>/<newer>/jobs/next" },
      { advance: "10s" },
      { finish: "poll", status: 200, text: "null" },
    ],
  },
  {
    name: "a newer runner of the other type leaves the older one alone",
    given: [endpointRunner("echo"), pendingJob(), runner("other", "connect")],
    steps: [
      { send: "POST <runners>/<runner>/heartbeats", ...ALIVE },
      { send: "POST <runners>/<other>/heartbeats", ...ALIVE },
      { send: "GET <runners>/jobs/<job>", status: 200, match: { status: "pending", runner_id: "<runner>" } },
    ],
  },
  {
    name: "a poll of a runner that goes is answered with nothing",
    ours: "the real server lets it wait until its time is over [opik 8.27]",
    given: [endpointRunner("echo")],
    steps: [
      { start: "poll", send: "POST <runners>/<runner>/jobs/next" },
      { send: "DELETE <runners>/<runner>", status: 204 },
      { finish: "poll", status: 200, text: "null" },
    ],
  },
  {
    name: "a runner that was dead for a day is removed",
    given: [endpointRunner("echo"), pendingJob()],
    steps: [
      { advance: "24h" },
      { send: "GET <runners>/<runner>", status: 200, match: { status: "disconnected" } },
      { advance: "2m" },
      { send: "GET <runners>/<runner>", ...GONE },
      { send: "GET <runners>/jobs/<job>", status: 404, message: "Job not found: '<job>'" },
      { send: "POST <runners>/<runner>/heartbeats", status: 410, errors: ["Runner not found: <runner>"] },
    ],
  },
  {
    name: "a sign of life starts the day anew",
    given: [endpointRunner()],
    steps: [
      { advance: "23h" },
      { send: "POST <runners>/<runner>/heartbeats", ...ALIVE },
      { advance: "23h" },
      { send: "GET <runners>/<runner>", status: 200, match: { status: "disconnected" } },
      { advance: "62m" },
      { send: "GET <runners>/<runner>", ...GONE },
    ],
  },
  {
    name: "a runner for bridge commands is no runner for jobs",
    given: [connectRunner()],
    steps: [
      { send: "PUT <runners>/<runner>/agents", body: { echo: {} }, status: 204 },
      {
        send: "POST <runners>/jobs",
        body: { agent_name: "echo", project_id: "<project>" },
        status: 404,
        errors: ["No runner configured. Pair one from the Runners page."],
      },
    ],
  },
];
