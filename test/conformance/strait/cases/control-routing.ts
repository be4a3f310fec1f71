import { expect } from "vitest";
import type { ConformanceCase } from "../../case.ts";
import { EMPTY_PAGE, refused } from "../control.ts";
import { invalid } from "../given.ts";

const SECURITY = {
  "x-api-version": "v1",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "x-xss-protection": "0",
  "content-security-policy": "default-src 'none'",
  "referrer-policy": "no-referrer",
  "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=()",
  "x-permitted-cross-domain-policies": "none",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "no-store",
  pragma: "no-cache",
  vary: "Origin",
};
/** A project of the case's own, so that its lists are empty on any server. */
const NEW_PROJECT = { "x-project-id": "<key>" };
const PLAIN = "text/plain; charset=utf-8";
const NO_PAGE = { status: 404, text: "404 page not found\n", answerHeaders: { "content-type": PLAIN } };

/** Paths, methods, media types, headers and bodies of the control plane [strait 0.1]. */
export const controlRoutingCases: readonly ConformanceCase[] = [
  {
    name: "health says the version and the time, to the second",
    alone: true,
    steps: [
      {
        send: "GET /health",
        status: 200,
        match: {
          message: "Healthy Server",
          healthy: true,
          status: "ok",
          version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
          timestamp: "2026-01-01T00:00:00Z",
        },
      },
      { send: "GET /health/ready", status: 200, json: { status: "ready" } },
    ],
  },
  {
    name: "every answer has the same headers, also a refusal",
    steps: [
      { send: "GET /v1/jobs", headers: NEW_PROJECT, ...EMPTY_PAGE, answerHeaders: SECURITY },
      { send: "GET /v1/jobs/<unknown>", ...refused(404, "job not found"), answerHeaders: SECURITY },
      { send: "GET /v1/jobs/<unknown>/none", ...NO_PAGE, answerHeaders: { ...SECURITY, "content-type": PLAIN } },
      { send: "PUT /v1/jobs", status: 405, answerHeaders: SECURITY },
    ],
  },
  {
    name: "an unknown path is answered in plain text",
    steps: [
      { send: "GET /v1/jobs/<unknown>/none", ...NO_PAGE },
      { send: "GET /v1/runs/<unknown>/logs", ...NO_PAGE },
      { send: "POST /v1/runs/<unknown>/retry", ...NO_PAGE },
      { send: "POST /v1/runs/<unknown>/cancel", ...NO_PAGE },
      { send: "GET /v1/nothing", ...NO_PAGE, answerHeaders: { ...SECURITY, "content-type": PLAIN } },
    ],
  },
  ...["PUT /v1/jobs", "PATCH /v1/runs/<unknown>", "DELETE /v1/runs", "GET /v1/jobs/<unknown>/trigger"].map((send) => ({
    name: `${send} is a wrong method, answered without a body`,
    steps: [{ send, status: 405, text: "" }],
  })),
  {
    name: "a refused method is answered with those that the path has",
    steps: [
      {
        send: "PUT /v1/jobs",
        status: 405,
        text: "",
        answerHeaders: { allow: /^(?:POST, GET|GET, POST)$/, "content-type": undefined },
      },
      { send: "HEAD /v1/jobs", status: 405, text: "", answerHeaders: { allow: /GET/ } },
      { send: "HEAD /health/ready", status: 405, text: "", answerHeaders: { allow: "GET" } },
      { send: "OPTIONS /v1/jobs", status: 405, text: "", answerHeaders: { allow: /GET/ } },
    ],
  },
  {
    name: "a preflight is answered, and allows no origin",
    steps: ["/v1/jobs", "/v1/nothing", "/sdk/v1/runs/<unknown>/log"].map((path) => ({
      send: `OPTIONS ${path}`,
      headers: { "access-control-request-method": "POST" },
      status: 200,
      answerHeaders: { vary: /^Origin, *Access-Control-Request-Method/, "access-control-allow-origin": undefined },
    })),
  },
  {
    name: "a slash at the end of a collection or an item does not matter",
    steps: [
      { send: "GET /v1/jobs/", headers: NEW_PROJECT, ...EMPTY_PAGE },
      { send: "GET /v1/runs/<unknown>/", ...refused(404, "run not found") },
    ],
  },
  ...["text/html", "application/xml", "text/event-stream", "application/JSON", "application/jsonp"].map((accept) => ({
    name: `a client that accepts only ${accept} gets nothing`,
    steps: [{ send: "GET /v1/jobs", headers: { accept }, ...refused(406, "this API only serves application/json") }],
  })),
  ...["*/*", "application/*", "text/html, application/json;q=0.1", "application/x-ndjson", "text/csv"].map(
    (accept) => ({
      name: `a client that accepts ${accept} is served`,
      steps: [{ send: "GET /v1/jobs", headers: { ...NEW_PROJECT, accept }, ...EMPTY_PAGE }],
    }),
  ),
  ...[
    ...["text/plain", "application/x-www-form-urlencoded", "application/jsonp", "application/JSON"],
    ...["application/merge-patch+json", "text/json; application/json"],
  ].map((type) => ({
    name: `a body of ${type} is refused`,
    steps: [
      {
        send: "PATCH /v1/jobs/<unknown>",
        headers: { "content-type": type },
        body: "{}",
        ...refused(415, "Content-Type must be application/json"),
      },
      {
        send: "POST /v1/jobs",
        headers: { "content-type": type },
        body: "{}",
        ...refused(415, "Content-Type must be application/json"),
      },
    ],
  })),
  {
    name: "a body must say that it is JSON; none needs not",
    steps: [
      {
        send: "POST /v1/jobs",
        headers: { "content-type": undefined },
        body: "{}",
        ...refused(415, "Content-Type must be application/json"),
      },
      {
        send: "POST /v1/jobs",
        headers: { "content-type": "application/json; charset=utf-8" },
        body: "{}",
        ...invalid("name: failed on 'required'", "slug: failed on 'required'"),
      },
      { send: "POST /v1/jobs", ...invalid("name: failed on 'required'", "slug: failed on 'required'") },
    ],
  },
  {
    name: "an error has a code, a message and the id of its request",
    steps: [
      {
        send: "GET /v1/jobs/<unknown>",
        headers: { "x-request-id": "mine" },
        status: 404,
        text: '{"error":{"code":"not_found","message":"job not found"},"request_id":"mine"}\n',
        answerHeaders: { "x-request-id": undefined },
      },
      {
        send: "GET /v1/jobs/<unknown>",
        status: 404,
        match: { request_id: expect.stringMatching(/^.+\/.+-\d{6}$/) },
      },
    ],
  },
  ...["{", '{"name":"a"', "[1,]", "nonsense"].map((body) => ({
    name: `${body} is no body`,
    steps: [{ send: "POST /v1/jobs", body, status: 400, match: { error: { code: "bad_request" } } }],
  })),
  {
    name: "a body over a MiB is cut, and so is no JSON",
    steps: [
      {
        send: "POST /v1/jobs",
        body: { name: "n", slug: "s", description: "d".repeat(1_048_576) },
        ...refused(400, "invalid request body: unexpected EOF"),
      },
    ],
  },
  {
    name: "what follows the first value is ignored",
    steps: [
      {
        send: "POST /v1/jobs",
        body: '{"name":"j","slug":"j","execution_mode":"worker"} more',
        status: 201,
        match: { slug: "j" },
      },
    ],
  },
  {
    name: "signs of HTML are escaped in answers",
    steps: [
      {
        send: "POST /v1/jobs",
        body: { name: "a < b & c", slug: "s", execution_mode: "worker" },
        status: 201,
        contains: '"name":"a \\u003c b \\u0026 c"',
      },
    ],
  },
  ...["limit=0", "limit=-1", "limit=x", "limit=1.5"].map((query) => ({
    name: `?${query} is no length of a page`,
    steps: [{ send: `GET /v1/jobs?${query}`, ...refused(400, "limit must be a positive integer") }],
  })),
  {
    name: "a page that is too long is cut, and a cursor must be one",
    steps: [
      { send: "GET /v1/jobs?limit=1000", headers: NEW_PROJECT, ...EMPTY_PAGE },
      { send: "GET /v1/jobs?cursor=x", ...refused(400, "invalid cursor format") },
      { send: "GET /v1/runs?cursor=x", ...refused(400, "cursor must be a valid RFC3339 timestamp") },
    ],
  },
];
