import type { ConformanceCase } from "../../case.ts";
import { endpointRunner, pendingJob } from "../given.ts";

const GZIP = { "accept-encoding": "gzip" };
const COMPRESSED = { "content-encoding": "gzip", vary: "Accept-Encoding" };
const PLAIN = { "content-encoding": undefined, vary: "Accept-Encoding" };
const LONG = "x".repeat(300);

/** Which answers are compressed [opik 1.6]. */
export const compressionCases: readonly ConformanceCase[] = [
  {
    name: "a job with long inputs is compressed for a client that accepts gzip",
    given: [endpointRunner("echo")],
    steps: [
      {
        send: "POST <runners>/jobs",
        body: { agent_name: "echo", project_id: "<project>", inputs: { text: LONG } },
        headers: GZIP,
        status: 201,
        answerHeaders: PLAIN,
        remember: { job: ({ headers }) => headers.location?.split("/").at(-1) ?? "" },
      },
      {
        send: "GET <runners>/jobs/<job>",
        headers: { "accept-encoding": "deflate, gzip;q=0.5" },
        status: 200,
        match: { id: "<job>", inputs: { text: LONG } },
        answerHeaders: COMPRESSED,
      },
      {
        send: "GET <runners>/jobs/<job>",
        headers: { "accept-encoding": "gzip;q=0, br" },
        status: 200,
        match: { id: "<job>", inputs: { text: LONG } },
        answerHeaders: PLAIN,
      },
      {
        send: "GET <runners>/jobs/<job>",
        status: 200,
        match: { id: "<job>", inputs: { text: LONG } },
        answerHeaders: PLAIN,
      },
    ],
  },
  {
    name: "a job is assigned in a compressed answer to a client that accepts gzip",
    given: [endpointRunner("echo"), pendingJob()],
    steps: [
      {
        send: "POST <runners>/<runner>/jobs/next",
        headers: GZIP,
        status: 200,
        match: { id: "<job>", inputs: { n: 1 } },
        answerHeaders: COMPRESSED,
      },
    ],
  },
  {
    name: "a short body and an error are not compressed",
    given: [endpointRunner()],
    steps: [
      {
        send: "POST <runners>/<runner>/heartbeats",
        body: {},
        headers: GZIP,
        status: 200,
        json: { cancelled_job_ids: [] },
        answerHeaders: PLAIN,
      },
      {
        send: "GET <runners>/<unknown>",
        headers: GZIP,
        status: 404,
        message: "Runner not found: <unknown>",
        answerHeaders: PLAIN,
      },
    ],
  },
  {
    name: "answers to GET and POST vary by the encoding, others do not",
    given: [endpointRunner()],
    steps: [
      { send: "GET <runners>/<runner>", status: 200, match: { id: "<runner>" }, answerHeaders: PLAIN },
      {
        send: "PUT <runners>/<runner>/agents",
        body: {},
        headers: GZIP,
        status: 204,
        answerHeaders: { vary: undefined },
      },
      { send: "DELETE <runners>/<runner>", headers: GZIP, status: 204, answerHeaders: { vary: undefined } },
    ],
  },
];
