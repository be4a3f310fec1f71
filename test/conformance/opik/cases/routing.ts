import type { ConformanceCase } from "../../case.ts";
import { ALIVE } from "../../expected.ts";
import { completedJob, endpointRunner } from "../given.ts";

const NOT_FOUND = { message: "HTTP 404 Not Found", answerHeaders: { allow: undefined } };

/** Routes and methods [opik 1.1]. */
export const routingCases: readonly ConformanceCase[] = [
  {
    name: "an unknown path is not found",
    steps: [
      { send: "GET /v1/private/nothing", status: 404, message: "HTTP 404 Not Found" },
      { send: "POST <runners>/<unknown>/nothing", status: 404, message: "HTTP 404 Not Found" },
      { send: "GET /v2/private/local-runners", status: 404, message: "HTTP 404 Not Found" },
    ],
  },
  {
    name: "an unknown path is not found even in an unknown workspace",
    steps: [
      {
        send: "GET /v1/private/nothing",
        headers: { "comet-workspace": "other" },
        status: 404,
        message: "HTTP 404 Not Found",
      },
    ],
  },
  {
    name: "a wrong method is refused with the methods there are",
    steps: [
      {
        send: "POST <runners>/<unknown>",
        status: 405,
        message: "HTTP 405 Method Not Allowed",
        answerHeaders: { allow: "DELETE,GET,OPTIONS" },
      },
      {
        send: "DELETE <runners>",
        status: 405,
        message: "HTTP 405 Method Not Allowed",
        answerHeaders: { allow: "GET,OPTIONS" },
      },
      {
        send: "GET <runners>/<unknown>/agents",
        status: 405,
        message: "HTTP 405 Method Not Allowed",
        answerHeaders: { allow: "OPTIONS,PUT" },
      },
      {
        send: "POST <runners>/<unknown>/checklist",
        status: 405,
        message: "HTTP 405 Method Not Allowed",
        answerHeaders: { allow: "OPTIONS,PATCH" },
      },
      {
        send: "GET <runners>/<unknown>/heartbeats",
        status: 405,
        message: "HTTP 405 Method Not Allowed",
        answerHeaders: { allow: "POST,OPTIONS" },
      },
      {
        send: "GET <runners>/<unknown>/jobs/next",
        status: 405,
        message: "HTTP 405 Method Not Allowed",
        answerHeaders: { allow: "POST,OPTIONS" },
      },
      {
        send: "PUT <runners>/<unknown>/jobs",
        status: 405,
        message: "HTTP 405 Method Not Allowed",
        answerHeaders: { allow: "GET,OPTIONS" },
      },
      {
        send: "DELETE <runners>/jobs/<unknown>",
        status: 405,
        message: "HTTP 405 Method Not Allowed",
        answerHeaders: { allow: "GET,OPTIONS" },
      },
      {
        send: "GET <runners>/jobs/<unknown>/results",
        status: 405,
        message: "HTTP 405 Method Not Allowed",
        answerHeaders: { allow: "POST,OPTIONS" },
      },
      {
        send: "GET <runners>/jobs/<unknown>/cancel",
        status: 405,
        message: "HTTP 405 Method Not Allowed",
        answerHeaders: { allow: "POST,OPTIONS" },
      },
      {
        send: "PATCH <runners>/jobs/<unknown>/logs",
        status: 405,
        message: "HTTP 405 Method Not Allowed",
        answerHeaders: { allow: "POST,GET,OPTIONS" },
      },
    ],
  },
  {
    name: "a method that a literal path does not have is tried with the path as a parameter, which is no id",
    steps: [
      ...[
        "GET <runners>/jobs",
        "DELETE <runners>/jobs",
        "GET <runners>/<unknown>/bridge/commands/next",
        "POST <runners>/jobs/heartbeats",
        "PUT <runners>/jobs/agents",
        "PATCH <runners>/jobs/checklist",
        "GET /v1/private/projects/retrieve",
        "GET /v1/private/spans/batch",
        "GET /v1/private/traces/batch",
      ].map((send) => ({ send, status: 404, ...NOT_FOUND })),
      { send: "HEAD <runners>/jobs", status: 404, text: "" },
      { send: "HEAD <runners>/<unknown>/bridge/commands/next", status: 404, text: "" },
    ],
  },
  {
    name: "a method that no reading of a path has is refused with the methods of the literal one",
    steps: [
      {
        send: "PUT <runners>/jobs",
        status: 405,
        message: "HTTP 405 Method Not Allowed",
        answerHeaders: { allow: "POST,OPTIONS" },
      },
      { send: "PATCH <runners>/jobs", status: 405, message: "HTTP 405 Method Not Allowed" },
    ],
  },
  {
    name: "a path that is read as another one is looked for in the workspace that is named",
    steps: [
      {
        send: "GET <runners>/jobs",
        headers: { "comet-workspace": "other" },
        status: 404,
        message: "Workspace not found",
      },
    ],
  },
  {
    name: "OPTIONS answers with the methods of a path",
    steps: [
      {
        send: "OPTIONS <runners>/jobs",
        status: 200,
        text: "POST, OPTIONS",
        answerHeaders: {
          allow: "POST,OPTIONS",
          "content-type": "text/plain",
          "access-control-allow-origin": undefined,
        },
      },
      {
        send: "OPTIONS <runners>/<unknown>",
        status: 200,
        text: "DELETE, GET, OPTIONS",
        answerHeaders: { allow: "DELETE,GET,OPTIONS", "content-type": "text/plain" },
      },
      { send: "OPTIONS /v1/private/nothing", status: 404, ...NOT_FOUND },
    ],
  },
  {
    name: "a wrong method is refused before the workspace is looked at",
    steps: [
      {
        send: "PUT <runners>/<unknown>",
        headers: { "comet-workspace": "other" },
        status: 405,
        message: "HTTP 405 Method Not Allowed",
      },
    ],
  },
  {
    name: "a trailing slash makes no difference",
    given: [endpointRunner("echo"), completedJob()],
    steps: [
      { send: "GET <runners>/?project_id=<project>&size=50", status: 200, match: { total: 1, size: 50 } },
      { send: "GET <runners>/<runner>/", status: 200, match: { id: "<runner>" } },
      { send: "GET <runners>/<runner>/jobs/", status: 200, match: { total: 1 } },
      { send: "GET <runners>/jobs/<job>/", status: 200, match: { id: "<job>" } },
      { send: "POST <runners>/<runner>/heartbeats/", body: {}, status: 200, text: '{"cancelled_job_ids":[]}' },
      { send: "POST <runners>/jobs/", body: { agent_name: "echo", project_id: "<project>" }, status: 201 },
    ],
  },
  {
    name: "HEAD answers as GET does, without the body",
    given: [endpointRunner()],
    steps: [
      {
        send: "GET <runners>/<runner>",
        status: 200,
        match: { id: "<runner>" },
        remember: { length: ({ headers }) => headers["content-length"] ?? "" },
      },
      {
        send: "HEAD <runners>/<runner>",
        headers: { "accept-encoding": "gzip" },
        status: 200,
        text: "",
        answerHeaders: { "content-length": "<length>", "content-encoding": undefined },
      },
      { send: "HEAD <runners>?project_id=<project>", status: 200, text: "" },
      { send: "HEAD <runners>/<unknown>", status: 404, text: "" },
      { send: "HEAD <runners>/<unknown>/agents", status: 405, text: "" },
    ],
  },
  {
    name: "a client that accepts no JSON is refused",
    given: [endpointRunner()],
    steps: [
      {
        send: "GET <runners>/<runner>",
        headers: { accept: "application/xml" },
        status: 406,
        message: "HTTP 406 Not Acceptable",
      },
      {
        send: "GET <runners>/<runner>",
        headers: { accept: "text/html" },
        status: 406,
        message: "HTTP 406 Not Acceptable",
      },
    ],
  },
  {
    name: "a client that accepts JSON among others is served",
    given: [endpointRunner()],
    steps: [
      { send: "GET <runners>/<runner>", headers: { accept: "*/*" }, status: 200, match: { id: "<runner>" } },
      {
        send: "GET <runners>/<runner>",
        headers: { accept: "application/json" },
        status: 200,
        match: { id: "<runner>" },
      },
      { send: "GET <runners>/<runner>", headers: { accept: "application/*" }, status: 200, match: { id: "<runner>" } },
      {
        send: "GET <runners>/<runner>",
        headers: { accept: "text/html,application/json;q=0.9" },
        status: 200,
        match: { id: "<runner>" },
      },
      {
        send: "GET <runners>/<runner>",
        headers: { accept: "text/html,*/*;q=0.8" },
        status: 200,
        match: { id: "<runner>" },
      },
      { send: "GET <runners>/<runner>", headers: { accept: "" }, status: 200, match: { id: "<runner>" } },
    ],
  },
  {
    name: "a body that is not JSON is refused by its type",
    given: [endpointRunner()],
    steps: [
      {
        send: "POST <runners>/jobs",
        body: '{"agent_name":"echo"}',
        headers: { "content-type": "application/x-www-form-urlencoded" },
        status: 415,
        message: "HTTP 415 Unsupported Media Type",
      },
      {
        send: "POST <runners>/jobs",
        body: "{}",
        headers: { "content-type": "text/plain" },
        status: 415,
        message: "HTTP 415 Unsupported Media Type",
      },
      {
        send: "POST <runners>/jobs",
        body: "{}",
        headers: { "content-type": undefined },
        status: 415,
        message: "HTTP 415 Unsupported Media Type",
      },
      {
        send: "PUT <runners>/<runner>/agents",
        body: "{}",
        headers: { "content-type": "text/plain" },
        status: 415,
        message: "HTTP 415 Unsupported Media Type",
      },
    ],
  },
  {
    name: "a body of another type is refused also where none is needed",
    given: [endpointRunner()],
    steps: [
      {
        send: "POST <runners>/<runner>/jobs/next",
        body: "x",
        headers: { "content-type": "text/plain" },
        status: 415,
        message: "HTTP 415 Unsupported Media Type",
      },
      {
        send: "POST <runners>/jobs/<unknown>/cancel",
        body: "x",
        headers: { "content-type": "text/plain" },
        status: 415,
        message: "HTTP 415 Unsupported Media Type",
      },
    ],
  },
  {
    name: "another type is refused also without a body",
    given: [endpointRunner()],
    steps: [
      {
        send: "POST <runners>/<runner>/heartbeats",
        headers: { "content-type": "text/plain" },
        status: 415,
        message: "HTTP 415 Unsupported Media Type",
      },
      { send: "POST <runners>/<runner>/heartbeats", headers: { "content-type": "application/json" }, ...ALIVE },
    ],
  },
  {
    name: "a format that is written in JSON is not JSON",
    given: [endpointRunner()],
    steps: [
      {
        send: "POST <runners>/<runner>/heartbeats",
        body: "{}",
        headers: { "content-type": "application/vnd.api+json" },
        status: 415,
        message: "HTTP 415 Unsupported Media Type",
      },
    ],
  },
  {
    name: "a Content-Type that names no type is refused without a body",
    given: [endpointRunner()],
    steps: [
      { send: "POST <runners>/<runner>/heartbeats", body: "{}", headers: { "content-type": "garbage" }, status: 400 },
    ],
  },
  {
    name: "the answer's type has the parameters that the client accepts",
    given: [endpointRunner()],
    steps: [
      {
        send: "GET <runners>/<runner>",
        headers: { accept: "application/json;charset=utf-8" },
        status: 200,
        match: { id: "<runner>" },
        answerHeaders: { "content-type": "application/json;charset=utf-8" },
      },
      {
        send: "GET <runners>/<runner>",
        headers: { accept: "text/html, application/json;q=0.9, */*;q=0.8" },
        status: 200,
        match: { id: "<runner>" },
        answerHeaders: { "content-type": "application/json" },
      },
    ],
  },
  {
    name: "the type of a body is refused before the workspace is looked at",
    steps: [
      {
        send: "POST <runners>/jobs",
        body: "x",
        headers: { "content-type": "text/plain", "comet-workspace": "other" },
        status: 415,
        message: "HTTP 415 Unsupported Media Type",
      },
    ],
  },
  {
    name: "a JSON body may name its character set",
    given: [endpointRunner()],
    steps: [
      {
        send: "POST <runners>/<runner>/heartbeats",
        body: "{}",
        headers: { "content-type": "application/json;charset=utf-8" },
        ...ALIVE,
      },
      {
        send: "POST <runners>/<runner>/heartbeats",
        body: "{}",
        headers: { "content-type": "Application/JSON; charset=UTF-8" },
        ...ALIVE,
      },
    ],
  },
  {
    name: "the health of the server is answered without a workspace",
    steps: [
      {
        send: "GET /is-alive/ping",
        headers: { "comet-workspace": "other" },
        status: 200,
        json: { message: "Healthy Server", healthy: true },
      },
    ],
  },
  {
    name: "a path that can be read in more than one way is refused",
    ours: "the real server answers with a page of html",
    given: [endpointRunner()],
    steps: [
      ...["/<runner>", "%2F<runner>", "/%5C", "/%00", "/x/%2e%2e/<runner>", "/%2e/<runner>", "/{x}"].map((path) => ({
        send: `GET <runners>/${path}`,
        status: 400,
        message: "HTTP 400 Bad Request",
      })),
      { send: "GET <runners>/<runner>", status: 200, match: { id: "<runner>" } },
    ],
  },
  {
    name: "a path with dots is not found",
    given: [endpointRunner()],
    steps: [
      { send: "GET <runners>/x/../<runner>", status: 404, message: "HTTP 404 Not Found" },
      { send: "GET <runners>/./<runner>", status: 404, message: "HTTP 404 Not Found" },
      { send: "DELETE <runners>/x/../<runner>", status: 404, message: "HTTP 404 Not Found" },
      { send: "GET <runners>/<runner>", status: 200, match: { id: "<runner>" } },
    ],
  },
  {
    name: "a path whose percent-encoding is broken is refused",
    ours: "the real server answers with a page of html",
    steps: ["/%zz", "/%", "/%ff"].map((path) => ({
      send: `GET <runners>${path}`,
      status: 400,
      message: "HTTP 400 Bad Request",
    })),
  },
  {
    name: "a URL that is too long is refused",
    ours: "the real server answers with a page of html",
    steps: [
      { send: `GET <runners>/${"x".repeat(20_000)}`, status: 414, message: "HTTP 414 URI Too Long" },
      { send: `GET <runners>?name=${"x".repeat(20_000)}`, status: 414, message: "HTTP 414 URI Too Long" },
    ],
  },
];
