import type { ConformanceCase } from "../../case.ts";
import { ALIVE } from "../../expected.ts";
import { connectRunner, endpointRunner } from "../given.ts";

const AGENTS = "PUT <runners>/<runner>/agents";

function agents(count: number): Record<string, object> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`agent ${index}`, {}]));
}

/** Registering agents [opik 2.4]. */
export const agentCases: readonly ConformanceCase[] = [
  {
    name: "agents are registered and read back under their names, in the order they were sent",
    given: [endpointRunner()],
    steps: [
      {
        send: AGENTS,
        body: {
          zebra: {},
          ape: {
            name: "ignored",
            description: "Says it again",
            language: "python",
            executable: "python agent.py",
            source_file: "agent.py",
            params: [
              { name: "text", type: "str", presence: "required" },
              { name: "times", type: "int" },
            ],
            timeout: 60,
          },
        },
        status: 204,
        text: "",
      },
      {
        send: "GET <runners>/<runner>",
        status: 200,
        match: {
          agents: [
            { name: "zebra", timeout: 0 },
            {
              name: "ape",
              description: "Says it again",
              language: "python",
              executable: "python agent.py",
              source_file: "agent.py",
              params: [
                { name: "text", type: "str", presence: "required" },
                { name: "times", type: "int" },
              ],
              timeout: 60,
            },
          ],
        },
      },
      { send: "GET <runners>/<runner>", status: 200, contains: '{"name":"zebra","timeout":0}' },
    ],
  },
  {
    name: "agents replace those that were registered before",
    given: [endpointRunner("old", "kept")],
    steps: [
      { send: AGENTS, body: { new: {}, kept: { timeout: 5 } }, status: 204 },
      {
        send: "GET <runners>/<runner>",
        status: 200,
        contains: '"agents":[{"name":"new","timeout":0},{"name":"kept","timeout":5}]',
      },
    ],
  },
  {
    name: "an empty object removes all agents",
    given: [endpointRunner("echo")],
    steps: [
      { send: AGENTS, body: {}, status: 204 },
      { send: "GET <runners>/<runner>", status: 200, match: { agents: [] } },
    ],
  },
  {
    name: "a runner for bridge commands may have agents too",
    given: [connectRunner()],
    steps: [
      { send: AGENTS, body: { echo: {} }, status: 204 },
      { send: "GET <runners>/<runner>", status: 200, match: { agents: [{ name: "echo" }] } },
    ],
  },
  {
    name: "a runner that is disconnected may register agents",
    given: [endpointRunner()],
    steps: [
      { advance: "1m" },
      { send: AGENTS, body: { echo: {} }, status: 204 },
      { send: "GET <runners>/<runner>", status: 200, match: { status: "disconnected", agents: [] } },
      { send: "POST <runners>/<runner>/heartbeats", ...ALIVE },
      { send: "GET <runners>/<runner>", status: 200, match: { agents: [{ name: "echo" }] } },
    ],
  },
  {
    name: "no name is special",
    ours: "the real server lists agents in the order of a hash table [opik 8.26]",
    given: [endpointRunner()],
    steps: [
      { send: AGENTS, body: '{"__proto__":{"timeout":1},"10":{},"2":{},"":{},"é 😀":{}}', status: 204 },
      {
        send: "GET <runners>/<runner>",
        status: 200,
        contains:
          '"agents":[{"name":"__proto__","timeout":1},{"name":"10","timeout":0},{"name":"2","timeout":0},{"name":"","timeout":0},{"name":"é 😀","timeout":0}]',
      },
    ],
  },
  {
    name: "a parameter needs a name and a type",
    given: [endpointRunner("echo")],
    steps: [
      {
        send: AGENTS,
        body: { a: { params: [{ name: "", type: "str" }] } },
        status: 422,
        errors: ["params[0].name must not be blank"],
      },
      {
        send: AGENTS,
        body: { a: { params: [{ name: "ok", type: "str" }, {}] } },
        status: 422,
        errors: ["params[1].name must not be blank", "params[1].type must not be blank"],
      },
      {
        send: AGENTS,
        body: { a: { params: [{ name: " \t\n", type: null }] } },
        status: 422,
        errors: ["params[0].name must not be blank", "params[0].type must not be blank"],
      },
      { send: "GET <runners>/<runner>", status: 200, match: { agents: [{ name: "echo" }] } },
    ],
  },
  {
    name: "each blank parameter is an error of its own, though errors do not name their agents",
    given: [endpointRunner()],
    steps: [
      {
        send: AGENTS,
        body: { one: { params: [{ name: "", type: "" }] }, other: { params: [{ name: " ", type: "" }] } },
        status: 422,
        errors: [
          "params[0].name must not be blank",
          "params[0].name must not be blank",
          "params[0].type must not be blank",
          "params[0].type must not be blank",
        ],
      },
    ],
  },
  {
    name: "a no-break space is not blank",
    given: [endpointRunner()],
    steps: [{ send: AGENTS, body: { a: { params: [{ name: "\u00a0", type: "str" }] } }, status: 204 }],
  },
  {
    name: "fifty agents are enough",
    ours: "the real server lists agents in the order of a hash table [opik 8.26]",
    given: [endpointRunner("echo")],
    steps: [
      { send: AGENTS, body: agents(50), status: 204 },
      { send: AGENTS, body: agents(51), status: 400, errors: ["Too many agents. Maximum is 50"] },
      {
        send: "GET <runners>/<runner>",
        status: 200,
        match: { agents: Object.keys(agents(50)).map((name) => ({ name })) },
      },
    ],
  },
  {
    name: "an agent that is null is refused",
    ours: "the real server fails with a 500 [opik 8.12]",
    given: [endpointRunner("echo")],
    steps: [
      { send: AGENTS, body: { other: null }, status: 400, message: /^Unable to process JSON\. / },
      { send: "GET <runners>/<runner>", status: 200, match: { agents: [{ name: "echo" }] } },
    ],
  },
  {
    name: "agents are checked first, then their runner is looked for, then they are counted",
    steps: [
      {
        send: "PUT <runners>/<unknown>/agents",
        body: { a: { params: [{}] } },
        status: 422,
        errors: ["params[0].name must not be blank", "params[0].type must not be blank"],
      },
      { send: "PUT <runners>/<unknown>/agents", body: agents(51), status: 404, message: "Runner not found: <unknown>" },
    ],
  },
];
