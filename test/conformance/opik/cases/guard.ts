import type { ConformanceCase } from "../../case.ts";
import { connectRunner, endpointRunner } from "../given.ts";

const OURS = "the real server is protected by what stands before it, ours runs on a developer's machine";
const REFUSED_HOST = /^The host .* is not one of this server's/;
const REFUSED_PAGE = /^Requests from web pages of other sites are refused/;

/** Who may call a server on a developer's machine (design.md, "The server on the wire"). */
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
    name: "a web page of this machine, or of the address that is called, is welcome",
    ours: OURS,
    given: [endpointRunner()],
    steps: [
      {
        send: "GET <runners>/<runner>",
        headers: { origin: "http://127.0.0.1:8080" },
        status: 200,
        match: { id: "<runner>" },
      },
      {
        send: "GET <runners>/<runner>",
        headers: { origin: "http://127.1.2.3" },
        status: 200,
        match: { id: "<runner>" },
      },
      {
        send: "GET <runners>/<runner>",
        headers: { origin: "http://[::1]:8080" },
        status: 200,
        match: { id: "<runner>" },
      },
      {
        send: "GET <runners>/<runner>",
        headers: { host: "192.0.2.7:5173", origin: "http://192.0.2.7:5173" },
        status: 200,
        match: { id: "<runner>" },
      },
      {
        send: "GET <runners>/<runner>",
        headers: { host: "[2001:db8::1]:5173", origin: "http://[2001:db8::1]:5173" },
        status: 200,
        match: { id: "<runner>" },
      },
    ],
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
    name: "a web page of this machine may call",
    ours: OURS,
    given: [endpointRunner()],
    steps: [
      {
        send: "GET <runners>/<runner>",
        headers: { origin: "http://localhost:3000" },
        status: 200,
        match: { id: "<runner>" },
      },
      {
        send: "GET <runners>/<runner>",
        headers: { origin: "http://127.0.0.1:5173" },
        status: 200,
        match: { id: "<runner>" },
      },
      {
        send: "GET <runners>/<runner>",
        headers: { "sec-fetch-site": "same-origin" },
        status: 200,
        match: { id: "<runner>" },
      },
      { send: "GET <runners>/<runner>", headers: { "sec-fetch-site": "none" }, status: 200, match: { id: "<runner>" } },
    ],
  },
];
