import type { ConformanceCase } from "../../case.ts";
import { ALIVE } from "../../expected.ts";
import { connectRunner, endpointRunner, pendingJob, runningJob } from "../given.ts";

const BEAT = "POST <runners>/<runner>/heartbeats";
const NOTHING = '{"cancelled_job_ids":[]}';

/** Signs of life [opik 2.6, 3.3]. */
export const heartbeatCases: readonly ConformanceCase[] = [
  {
    name: "a heartbeat needs no body",
    given: [endpointRunner()],
    steps: [
      { send: BEAT, status: 200, text: NOTHING },
      { send: BEAT, body: "", status: 200, text: NOTHING },
      { send: BEAT, body: "null", status: 200, text: NOTHING },
      { send: BEAT, body: "{}", status: 200, text: NOTHING },
    ],
  },
  {
    name: "a heartbeat sets the runner's capabilities, literally and in its order",
    given: [endpointRunner()],
    steps: [
      { send: BEAT, body: { capabilities: ["jobs", "bridge", "jobs"] }, status: 200, text: NOTHING },
      { send: "GET <runners>/<runner>", status: 200, contains: '"capabilities":["jobs","bridge","jobs"]' },
      { send: BEAT, body: { capabilities: ["bridge"] }, ...ALIVE },
      { send: "GET <runners>/<runner>", status: 200, contains: '"capabilities":["bridge"]' },
    ],
  },
  {
    name: "a heartbeat without capabilities leaves them as they are",
    given: [endpointRunner()],
    steps: [
      { send: BEAT, body: { capabilities: ["bridge"] }, ...ALIVE },
      { send: BEAT, body: { capabilities: [] }, ...ALIVE },
      { send: BEAT, body: { capabilities: null }, ...ALIVE },
      { send: BEAT, body: {}, ...ALIVE },
      { send: BEAT, ...ALIVE },
      { send: "GET <runners>/<runner>", status: 200, contains: '"capabilities":["bridge"]' },
    ],
  },
  {
    name: "a capability is a word of small letters and underscores",
    given: [endpointRunner()],
    steps: [
      { send: BEAT, body: { capabilities: ["a_b", "_"] }, ...ALIVE },
      { send: BEAT, body: { capabilities: ["jobs", "Jobs"] }, status: 400, errors: ["Invalid capability value: Jobs"] },
      { send: BEAT, body: { capabilities: ["jobs2"] }, status: 400, errors: ["Invalid capability value: jobs2"] },
      { send: BEAT, body: { capabilities: [""] }, status: 400, errors: ["Invalid capability value: "] },
      { send: BEAT, body: { capabilities: ["jobs\n"] }, status: 400, errors: ["Invalid capability value: jobs\n"] },
      { send: BEAT, body: { capabilities: [null] }, status: 400, errors: ["Invalid capability value: null"] },
      { send: BEAT, body: { capabilities: [5] }, status: 400, errors: ["Invalid capability value: 5"] },
      { send: "GET <runners>/<runner>", status: 200, contains: '"capabilities":["a_b","_"]' },
    ],
  },
  {
    name: "a heartbeat with a bad capability is a sign of life all the same",
    given: [endpointRunner()],
    steps: [
      { advance: "20s" },
      { send: BEAT, body: { capabilities: ["?"] }, status: 400, errors: ["Invalid capability value: ?"] },
      { send: "GET <runners>/<runner>", status: 200, match: { status: "connected" } },
    ],
  },
  {
    name: "a heartbeat with a bad capability takes no cancellations with it",
    given: [endpointRunner("echo"), runningJob()],
    steps: [
      { send: "POST <runners>/jobs/<job>/cancel", status: 204 },
      { send: BEAT, body: { capabilities: ["?"] }, status: 400, errors: ["Invalid capability value: ?"] },
      { send: BEAT, body: { capabilities: ["jobs"] }, status: 200, json: { cancelled_job_ids: ["<job>"] } },
    ],
  },
  {
    name: "a runner that is gone learns it from its heartbeat",
    steps: [
      {
        send: "POST <runners>/<unknown>/heartbeats",
        body: {},
        status: 410,
        errors: ["Runner not found: <unknown>"],
      },
      {
        send: "POST <runners>/<unknown>/heartbeats",
        body: { capabilities: ["?"] },
        status: 410,
        errors: ["Runner not found: <unknown>"],
      },
    ],
  },
  {
    name: "a running job that was cancelled is reported by the next heartbeat, once",
    given: [endpointRunner("echo"), runningJob()],
    steps: [
      { send: "POST <runners>/jobs/<job>/cancel", status: 204 },
      { send: BEAT, body: { capabilities: ["jobs"] }, status: 200, json: { cancelled_job_ids: ["<job>"] } },
      { send: BEAT, body: { capabilities: ["jobs"] }, status: 200, text: NOTHING },
    ],
  },
  {
    name: "several cancelled jobs are reported together, the first cancelled first",
    ours: "the real server lists them in no order",
    given: [endpointRunner("echo"), runningJob("first"), runningJob("second")],
    steps: [
      { send: "POST <runners>/jobs/<second>/cancel", status: 204 },
      { advance: "1s" },
      { send: "POST <runners>/jobs/<first>/cancel", status: 204 },
      { send: BEAT, status: 200, json: { cancelled_job_ids: ["<second>", "<first>"] } },
    ],
  },
  {
    name: "a pending job that was cancelled is not reported, because no agent has it",
    given: [endpointRunner("echo"), pendingJob()],
    steps: [
      { send: "POST <runners>/jobs/<job>/cancel", status: 204 },
      { send: BEAT, status: 200, text: NOTHING },
    ],
  },
  {
    name: "a cancellation is reported once to each kind of sender, so that the agent receives it in any order of heartbeats",
    ours: "the real server reports it to the first sender [opik 8.4]",
    given: [endpointRunner("echo"), runningJob()],
    steps: [
      { send: "POST <runners>/jobs/<job>/cancel", status: 204 },
      { send: BEAT, body: { capabilities: ["jobs"] }, status: 200, json: { cancelled_job_ids: ["<job>"] } },
      { send: BEAT, body: { capabilities: ["jobs", "bridge"] }, status: 200, json: { cancelled_job_ids: ["<job>"] } },
      { send: BEAT, status: 200, json: { cancelled_job_ids: ["<job>"] } },
      { send: BEAT, body: { capabilities: ["jobs"] }, status: 200, text: NOTHING },
      { send: BEAT, body: { capabilities: ["jobs", "bridge"] }, status: 200, text: NOTHING },
      { send: BEAT, body: { capabilities: [] }, status: 200, text: NOTHING },
    ],
  },
  {
    name: "a cancellation that all senders have received is deleted",
    ours: "the real server forgets it at once [opik 8.4]",
    given: [endpointRunner("echo"), runningJob()],
    steps: [
      { send: "POST <runners>/jobs/<job>/cancel", status: 204 },
      { send: BEAT, body: { capabilities: ["jobs"] }, status: 200, json: { cancelled_job_ids: ["<job>"] } },
      { advance: "12m" },
      { send: BEAT, body: { capabilities: ["jobs", "bridge"] }, status: 200, text: NOTHING },
    ],
  },
  {
    name: "cancelled jobs are never reported to a runner for bridge commands",
    given: [connectRunner()],
    steps: [{ send: BEAT, body: { capabilities: ["bridge"] }, status: 200, text: NOTHING }],
  },
];
