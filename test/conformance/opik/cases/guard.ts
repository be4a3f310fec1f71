import type { ConformanceCase } from "../../case.ts";
import { connectRunner, endpointRunner } from "../given.ts";

const OURS = "the real server is protected by what stands before it, ours runs on a developer's machine";
const REFUSED_HOST = /^The host .* is not one of this server's/;
const REFUSED_PAGE = /^Requests from web pages of other origins are refused/;

/** The headers that let a page of an origin read an answer. */
const readableBy = (origin: string): Record<string, string> => ({
  "access-control-allow-origin": origin,
  "access-control-allow-credentials": "true",
  "access-control-expose-headers": "location, retry-after",
  vary: "origin, accept-encoding",
});

/** The requests that a server on a developer's machine accepts. */
export const guardCases: readonly ConformanceCase[] = [
  {
    name: "a foreign Host is refused, as after DNS rebinding",
    ours: OURS,
    given: [endpointRunner()],
    steps: [
      { send: "GET <runners>/<runner>", headers: { host: "evil.example" }, status: 403, message: REFUSED_HOST },
      {
        send: "GET <runners>/<runner>",
        headers: { host: "localhost.evil.example" },
        status: 403,
        message: REFUSED_HOST,
      },
      { send: "GET <runners>/<runner>", headers: { host: "evil.example:5173" }, status: 403, message: REFUSED_HOST },
      { send: "GET /is-alive/ping", headers: { host: "evil.example" }, status: 403, message: REFUSED_HOST },
    ],
  },
  {
    name: "names of this machine and addresses are welcome as Host",
    ours: OURS,
    given: [endpointRunner()],
    steps: [
      { send: "GET <runners>/<runner>", headers: { host: "localhost:5173" }, status: 200, match: { id: "<runner>" } },
      { send: "GET <runners>/<runner>", headers: { host: "LOCALHOST" }, status: 200, match: { id: "<runner>" } },
      { send: "GET <runners>/<runner>", headers: { host: "127.0.0.1:1234" }, status: 200, match: { id: "<runner>" } },
      { send: "GET <runners>/<runner>", headers: { host: "[::1]:5173" }, status: 200, match: { id: "<runner>" } },
      {
        send: "GET <runners>/<runner>",
        headers: { host: "opik.localhost:5173" },
        status: 200,
        match: { id: "<runner>" },
      },
    ],
  },
  {
    name: "a Host named in the settings is welcome",
    settings: { allowedHosts: ["opik.test"] },
    given: [endpointRunner()],
    steps: [
      { send: "GET <runners>/<runner>", headers: { host: "opik.test:5173" }, status: 200, match: { id: "<runner>" } },
      { send: "GET <runners>/<runner>", headers: { host: "Opik.Test" }, status: 200, match: { id: "<runner>" } },
      { send: "GET <runners>/<runner>", headers: { host: "other.test" }, status: 403, message: REFUSED_HOST },
    ],
  },
  {
    name: "a web page on another computer can neither read nor write, also when it has no name",
    ours: OURS,
    given: [endpointRunner()],
    steps: [
      {
        send: "GET <runners>/<runner>",
        headers: { origin: "http://203.0.113.5" },
        status: 403,
        message: REFUSED_PAGE,
      },
      {
        send: "GET <runners>/<runner>",
        headers: { origin: "http://[2001:db8::1]:5173" },
        status: 403,
        message: REFUSED_PAGE,
      },
      {
        send: "GET <runners>/<runner>",
        headers: { host: "192.0.2.7:5173", origin: "http://192.0.2.7:8080" },
        status: 403,
        message: REFUSED_PAGE,
      },
    ],
  },
  {
    name: "a web page of the host and port that is called may call",
    ours: OURS,
    given: [endpointRunner()],
    steps: ["localhost:5173", "LOCALHOST:5173", "127.0.0.1:5173", "192.0.2.7:5173", "[2001:db8::1]:5173"].flatMap(
      (host) =>
        ["http", "https"].map((scheme) => ({
          send: "GET <runners>/<runner>",
          headers: { host, origin: `${scheme}://${host.toLowerCase()}`, "sec-fetch-site": "same-origin" },
          status: 200,
          match: { id: "<runner>" },
        })),
    ),
  },
  {
    name: "the port of a scheme need not be written",
    ours: OURS,
    given: [endpointRunner()],
    steps: [
      { host: "localhost:80", origin: "http://localhost" },
      { host: "localhost", origin: "http://localhost" },
      { host: "localhost:443", origin: "https://localhost" },
    ].map((headers) => ({ send: "GET <runners>/<runner>", headers, status: 200, match: { id: "<runner>" } })),
  },
  {
    name: "a web page of another site can neither read nor write",
    ours: OURS,
    given: [connectRunner()],
    steps: [
      {
        send: "GET <runners>/<runner>",
        headers: { origin: "https://evil.example" },
        status: 403,
        message: REFUSED_PAGE,
      },
      {
        send: "DELETE <runners>/<runner>",
        headers: { origin: "https://evil.example" },
        status: 403,
        message: REFUSED_PAGE,
      },
      { send: "DELETE <runners>/<runner>", headers: { origin: "null" }, status: 403, message: REFUSED_PAGE },
      {
        send: "DELETE <runners>/<runner>",
        headers: { origin: "http://localhost.evil.example" },
        status: 403,
        message: REFUSED_PAGE,
      },
      {
        send: "DELETE <runners>/<runner>",
        headers: { "sec-fetch-site": "cross-site" },
        status: 403,
        message: REFUSED_PAGE,
      },
      { send: "GET <runners>/<runner>", status: 200, match: { id: "<runner>" } },
    ],
  },
  {
    name: "a web page of another port of this machine changes nothing",
    ours: OURS,
    given: [connectRunner()],
    steps: [
      ...["http://localhost:3000", "http://127.0.0.1:8080", "http://127.1.2.3", "http://[::1]:8080"].flatMap(
        (origin) => [
          { send: "DELETE <runners>/<runner>", headers: { origin }, status: 403, message: REFUSED_PAGE },
          { send: "GET <runners>/<runner>", headers: { origin }, status: 403, message: REFUSED_PAGE },
          {
            send: "POST <runners>/<runner>/jobs/next",
            headers: { origin, "sec-fetch-site": "same-site", "content-type": "text/plain" },
            body: "{}",
            status: 403,
            message: REFUSED_PAGE,
          },
        ],
      ),
      {
        send: "DELETE <runners>/<runner>",
        headers: { "sec-fetch-site": "same-site" },
        status: 403,
        message: REFUSED_PAGE,
      },
      { send: "GET <runners>/<runner>", status: 200, match: { id: "<runner>" } },
    ],
  },
  {
    name: "what a browser sends without an origin may read",
    ours: OURS,
    given: [endpointRunner()],
    steps: ["same-origin", "same-site", "none"].map((site) => ({
      send: "GET <runners>/<runner>",
      headers: { "sec-fetch-site": site },
      status: 200,
      match: { id: "<runner>" },
    })),
  },
  {
    name: "a web page of an origin named in the settings may call, and read every answer",
    settings: { allowedOrigins: ["http://localhost:3000", "https://ui.example"] },
    given: [endpointRunner()],
    steps: [
      {
        send: "GET <runners>/<runner>",
        headers: { origin: "http://localhost:3000", "sec-fetch-site": "same-site" },
        status: 200,
        match: { id: "<runner>" },
        answerHeaders: readableBy("http://localhost:3000"),
      },
      {
        send: "GET <runners>/<unknown>",
        headers: { origin: "https://ui.example", "sec-fetch-site": "cross-site" },
        status: 404,
        message: "Runner not found: <unknown>",
        answerHeaders: readableBy("https://ui.example"),
      },
      {
        send: "OPTIONS <runners>/jobs",
        headers: {
          origin: "http://localhost:3000",
          "access-control-request-method": "POST",
          "access-control-request-headers": "content-type,comet-workspace",
        },
        status: 204,
        answerHeaders: {
          ...readableBy("http://localhost:3000"),
          "access-control-allow-methods": "GET, HEAD, POST, PUT, PATCH, DELETE",
          "access-control-allow-headers": "content-type,comet-workspace",
          "access-control-max-age": "600",
        },
      },
      {
        send: "GET <runners>/<runner>",
        headers: { origin: "http://localhost:3001" },
        status: 403,
        message: REFUSED_PAGE,
      },
    ],
  },
];
