import type { ConformanceCase } from "../../case.ts";
import { completedJob, endpointRunner } from "../given.ts";

const CREATE_JOB = '{"agent_name":"echo","project_id":"<project>"}';
const OTHER = { "comet-workspace": "other" };

/** Workspaces and users [opik 1.2]. */
export const tenancyCases: readonly ConformanceCase[] = [
  {
    name: "the workspace default may be named, left empty or left out",
    given: [endpointRunner()],
    steps: [
      { send: "GET <runners>/<runner>", status: 200, match: { id: "<runner>" } },
      {
        send: "GET <runners>/<runner>",
        headers: { "comet-workspace": "default" },
        status: 200,
        match: { id: "<runner>" },
      },
      { send: "GET <runners>/<runner>", headers: { "comet-workspace": "" }, status: 200, match: { id: "<runner>" } },
    ],
  },
  {
    name: "a workspace that does not exist is not found",
    given: [endpointRunner()],
    steps: [
      { send: "GET <runners>/<runner>", headers: OTHER, status: 404, message: "Workspace not found" },
      { send: "POST <runners>/<runner>/heartbeats", headers: OTHER, status: 404, message: "Workspace not found" },
      { send: "DELETE <runners>/<runner>", headers: OTHER, status: 404, message: "Workspace not found" },
      { send: "GET <runners>/<runner>", status: 200, match: { id: "<runner>" } },
    ],
  },
  {
    name: "the name of a workspace has its case",
    steps: [
      {
        send: "GET <runners>/<unknown>",
        headers: { "comet-workspace": "Default" },
        status: 404,
        message: "Workspace not found",
      },
    ],
  },
  {
    name: "the workspace is looked at before path, query and body",
    steps: [
      { send: "GET <runners>/not-a-uuid", headers: OTHER, status: 404, message: "Workspace not found" },
      { send: "GET <runners>?page=x", headers: OTHER, status: 404, message: "Workspace not found" },
      { send: "POST <runners>/jobs", body: "nope", headers: OTHER, status: 404, message: "Workspace not found" },
    ],
  },
  {
    name: "any credentials are as good as none",
    given: [endpointRunner()],
    steps: [
      {
        send: "GET <runners>/<runner>",
        headers: { authorization: "whatever", cookie: "session=x" },
        status: 200,
        match: { id: "<runner>" },
      },
      { send: "GET <runners>/<runner>", headers: { authorization: "" }, status: 200, match: { id: "<runner>" } },
    ],
  },
  {
    name: "what belongs to one workspace does not exist for another",
    settings: { workspaces: ["any"] },
    given: [endpointRunner("echo"), completedJob()],
    steps: [
      { send: "GET <runners>/<runner>", headers: OTHER, status: 404, message: "Runner not found: <runner>" },
      { send: "GET <runners>?project_id=<project>", headers: OTHER, status: 200, match: { total: 0, content: [] } },
      {
        send: "PUT <runners>/<runner>/agents",
        body: {},
        headers: OTHER,
        status: 404,
        message: "Runner not found: <runner>",
      },
      {
        send: "PATCH <runners>/<runner>/checklist",
        body: {},
        headers: OTHER,
        status: 404,
        message: "Runner not found: <runner>",
      },
      {
        send: "POST <runners>/<runner>/heartbeats",
        body: {},
        headers: OTHER,
        status: 410,
        errors: ["Runner not found: <runner>"],
      },
      { send: "POST <runners>/<runner>/jobs/next", headers: OTHER, status: 404, message: "Runner not found: <runner>" },
      { send: "GET <runners>/<runner>/jobs", headers: OTHER, status: 404, message: "Runner not found: <runner>" },
      {
        send: "POST <runners>/jobs",
        body: CREATE_JOB,
        headers: OTHER,
        status: 404,
        errors: ["No runner configured. Pair one from the Runners page."],
      },
      { send: "GET <runners>/jobs/<job>", headers: OTHER, status: 404, message: "Job not found: '<job>'" },
      { send: "GET <runners>/jobs/<job>/logs", headers: OTHER, status: 404, message: "Job not found: '<job>'" },
      {
        send: "POST <runners>/jobs/<job>/logs",
        body: [],
        headers: OTHER,
        status: 404,
        message: "Job not found: '<job>'",
      },
      {
        send: "POST <runners>/jobs/<job>/results",
        body: { status: "failed" },
        headers: OTHER,
        status: 404,
        message: "Job not found: '<job>'",
      },
      { send: "POST <runners>/jobs/<job>/cancel", headers: OTHER, status: 404, message: "Job not found: '<job>'" },
      { send: "DELETE <runners>/<runner>", headers: OTHER, status: 204 },
      { send: "GET <runners>/<runner>", status: 200, match: { id: "<runner>" } },
      { send: "GET <runners>/jobs/<job>", status: 200, match: { status: "completed" } },
    ],
  },
];
