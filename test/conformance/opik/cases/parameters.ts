import type { Arrangement, ConformanceCase } from "../../case.ts";
import { completedJob, endpointRunner } from "../given.ts";

const NOT_FOUND = { status: 404, message: "HTTP 404 Not Found" } as const;

const runnerInCapitals: Arrangement = ({ things }) => {
  things.set("upper", (things.get("runner") ?? "").toUpperCase());
  return Promise.resolve();
};

/** Path and query parameters [opik 1.5]. */
export const parameterCases: readonly ConformanceCase[] = [
  {
    name: "an id in the path that is no UUID is a path that is not found",
    steps: [
      { send: "GET <runners>/abc", ...NOT_FOUND },
      { send: "DELETE <runners>/abc", ...NOT_FOUND },
      { send: "PUT <runners>/abc/agents", body: {}, ...NOT_FOUND },
      { send: "PATCH <runners>/abc/checklist", body: {}, ...NOT_FOUND },
      { send: "POST <runners>/abc/heartbeats", body: {}, ...NOT_FOUND },
      { send: "GET <runners>/abc/jobs", ...NOT_FOUND },
      { send: "POST <runners>/abc/jobs/next", ...NOT_FOUND },
      { send: "GET <runners>/jobs/abc", ...NOT_FOUND },
      { send: "GET <runners>/jobs/abc/logs", ...NOT_FOUND },
      { send: "POST <runners>/jobs/abc/logs", body: [], ...NOT_FOUND },
      { send: "POST <runners>/jobs/abc/results", body: { status: "failed" }, ...NOT_FOUND },
      { send: "POST <runners>/jobs/abc/cancel", ...NOT_FOUND },
    ],
  },
  {
    name: "a bad id in the path wins over a bad body",
    steps: [
      { send: "PUT <runners>/abc/agents", body: "nope", ...NOT_FOUND },
      { send: "PATCH <runners>/abc/checklist", body: "", ...NOT_FOUND },
      { send: "POST <runners>/jobs/abc/results", body: {}, ...NOT_FOUND },
    ],
  },
  {
    name: "an id in the path is read as leniently as Java does",
    steps: [
      {
        send: "GET <runners>/1-2-3-4-5",
        status: 404,
        message: "Runner not found: 00000001-0002-0003-0004-000000000005",
      },
      {
        send: "GET <runners>/ABCDEF01-2345-7890-ABCD-EF0123456789",
        status: 404,
        message: "Runner not found: abcdef01-2345-7890-abcd-ef0123456789",
      },
      {
        send: "GET <runners>/jobs/1-2-3-4-5",
        status: 404,
        message: "Job not found: '00000001-0002-0003-0004-000000000005'",
      },
      {
        send: "GET <runners>/123456789-2-3-4-5",
        status: 404,
        message: "Runner not found: 23456789-0002-0003-0004-000000000005",
      },
      { send: "GET <runners>/1-2-3-4", ...NOT_FOUND },
      { send: "GET <runners>/1-2-3-4-5-6", ...NOT_FOUND },
      { send: "GET <runners>/1-2-3-4-", ...NOT_FOUND },
      { send: "GET <runners>/g-2-3-4-5", ...NOT_FOUND },
      { send: "GET <runners>/000000000000000000000000000001-2-3-4-5", ...NOT_FOUND },
    ],
  },
  {
    name: "an id in the path is read in capitals",
    given: [endpointRunner(), runnerInCapitals],
    steps: [{ send: "GET <runners>/<upper>", status: 200, match: { id: "<runner>" } }],
  },
  {
    name: "an id in the query that is no UUID is a path that is not found",
    given: [endpointRunner()],
    steps: [
      { send: "GET <runners>?project_id=abc", ...NOT_FOUND },
      { send: "GET <runners>/<runner>/jobs?project_id=abc", ...NOT_FOUND },
    ],
  },
  {
    name: "an empty id in the query is none",
    given: [endpointRunner("echo"), completedJob()],
    steps: [
      { send: "GET <runners>?project_id=", status: 400, errors: ["query param project_id must not be null"] },
      { send: "GET <runners>/<runner>/jobs?project_id=", status: 200, match: { total: 1 } },
    ],
  },
  {
    name: "a number in the query that is none is a path that is not found",
    given: [endpointRunner("echo"), completedJob()],
    steps: [
      { send: "GET <runners>?project_id=<project>&page=x", ...NOT_FOUND },
      { send: "GET <runners>?project_id=<project>&size=1.5", ...NOT_FOUND },
      { send: "GET <runners>?project_id=<project>&size=1e3", ...NOT_FOUND },
      { send: "GET <runners>?project_id=<project>&page=2147483648", ...NOT_FOUND },
      { send: "GET <runners>?project_id=<project>&page=-2147483649", ...NOT_FOUND },
      { send: "GET <runners>/<runner>/jobs?page=x", ...NOT_FOUND },
      { send: "GET <runners>/jobs/<job>/logs?offset=x", ...NOT_FOUND },
    ],
  },
  {
    name: "a blank number in the query is its default",
    given: [endpointRunner("echo"), completedJob()],
    steps: [
      { send: "GET <runners>?project_id=<project>&page=&size=", status: 200, match: { page: 0, size: 25, total: 1 } },
      {
        send: "GET <runners>?project_id=<project>&page=%20&size=%20",
        status: 200,
        match: { page: 0, size: 25, total: 1 },
      },
      { send: "GET <runners>/jobs/<job>/logs?offset=", status: 200, text: "[]" },
      { send: "GET <runners>/jobs/<job>/logs?offset=%20", status: 200, text: "[]" },
    ],
  },
  {
    name: "a number in the query may have a sign, and digits of any script",
    given: [endpointRunner()],
    steps: [
      { send: "GET <runners>?project_id=<project>&page=%2B0&size=%2B5", status: 200, match: { page: 0, size: 5 } },
      { send: "GET <runners>?project_id=<project>&size=%D9%A3", status: 200, match: { page: 0, size: 3 } },
    ],
  },
  {
    name: "a number in the query that is too small is refused by the name of its parameter",
    given: [endpointRunner("echo"), completedJob()],
    steps: [
      {
        send: "GET <runners>?project_id=<project>&page=-1",
        status: 400,
        errors: ["query param page must be greater than or equal to 0"],
      },
      {
        send: "GET <runners>?project_id=<project>&size=0",
        status: 400,
        errors: ["query param size must be greater than or equal to 1"],
      },
      {
        send: "GET <runners>/<runner>/jobs?page=-2147483648&size=-1",
        status: 400,
        errors: [
          "query param page must be greater than or equal to 0",
          "query param size must be greater than or equal to 1",
        ],
      },
      {
        send: "GET <runners>/jobs/<job>/logs?offset=-1",
        status: 400,
        errors: ["query param offset must be greater than or equal to 0"],
      },
    ],
  },
  {
    name: "all constraints of the query are checked after all parameters are read",
    steps: [
      {
        send: "GET <runners>?page=-1",
        status: 400,
        errors: ["query param project_id must not be null", "query param page must be greater than or equal to 0"],
      },
      { send: "GET <runners>?page=x", ...NOT_FOUND },
      { send: "GET <runners>?project_id=<project>&page=-1&size=x", ...NOT_FOUND },
      {
        send: "GET <runners>?status=sleeping",
        status: 400,
        message: "query param status must be one of [PAIRING, CONNECTED, DISCONNECTED]",
      },
    ],
  },
  {
    name: "the constraints of the query are checked before the runner is looked for",
    steps: [
      {
        send: "GET <runners>/<unknown>/jobs?size=0",
        status: 400,
        errors: ["query param size must be greater than or equal to 1"],
      },
      {
        send: "GET <runners>/jobs/<unknown>/logs?offset=-1",
        status: 400,
        errors: ["query param offset must be greater than or equal to 0"],
      },
    ],
  },
  {
    name: "a choice in the query is read loosely, and empty is none",
    given: [endpointRunner()],
    steps: [
      { send: "GET <runners>?project_id=<project>&status=connected", status: 200, match: { total: 1 } },
      { send: "GET <runners>?project_id=<project>&status=CONNECTED", status: 200, match: { total: 1 } },
      { send: "GET <runners>?project_id=<project>&status=%20Connected", status: 200, match: { total: 1 } },
      { send: "GET <runners>?project_id=<project>&status=", status: 200, match: { total: 1 } },
    ],
  },
  {
    name: "an unknown choice in the query is refused with those there are",
    steps: [
      {
        send: "GET <runners>?project_id=<project>&status=sleeping",
        status: 400,
        message: "query param status must be one of [PAIRING, CONNECTED, DISCONNECTED]",
      },
    ],
  },
  {
    name: "unknown parameters of the query are ignored",
    given: [endpointRunner()],
    steps: [{ send: "GET <runners>?project_id=<project>&color=red&broken=%zz&flag", status: 200, match: { total: 1 } }],
  },
  {
    name: "of a repeated parameter the first one counts",
    given: [endpointRunner()],
    steps: [
      {
        send: "GET <runners>?project_id=<project>&project_id=<unknown>&size=3&size=4",
        status: 200,
        match: { total: 1, size: 3 },
      },
    ],
  },
];
