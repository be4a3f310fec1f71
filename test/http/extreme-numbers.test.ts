import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createOpikLocal } from "../../src/server.ts";
import { bodyFor, type FieldPath, isNumber, numbersIn, type Operation } from "../support/requests-from-document.ts";

/*
 * Sends extreme numbers in every field of the OpenAPI document that is a number, in otherwise valid requests (F9). Any
 * answer in the API's shape will do but a failure, and what was made can be read afterwards.
 */

/** Numbers that are good for most fields, to see that the request is a good one otherwise. */
const ORDINARY = ["1", "300"];
const EXTREMES = [
  ...ORDINARY,
  ...["0", "-0", "-1", "0.5", "1e-7", "2147483647", "2147483648", "-2147483649", "4294967296", "9007199254740993"],
  ...["1e15", "9223372036854775807", "9223372036854775808", "1e21", "1e308", "1e400", "-1e400"],
];

const JSON_HEADERS = { "content-type": "application/json" };
const RUNNER = "00000000-0000-7000-8000-000000000001";
const FIXTURE = `
projects: [{ name: numbers, id: "00000000-0000-7000-8000-000000000002" }]
runners:
  - { name: laptop, id: "${RUNNER}", project: numbers, keep_alive: true, agents: [{ name: echo }] }
  - { name: editor, id: "00000000-0000-7000-8000-000000000003", project: numbers, type: connect, keep_alive: true, capabilities: [jobs, bridge] }
jobs: [{ name: job, id: "00000000-0000-7000-8000-000000000004", runner: laptop, agent: echo }]
bridge_commands: [{ name: command, id: "00000000-0000-7000-8000-000000000005", runner: editor, type: Exec, args: {} }]
`;

/** Fields of bodies that have to be something in particular, as JSON. */
const KNOWN: Readonly<Record<string, string>> = {
  start_time: '"2026-01-01T00:00:00Z"',
  project_name: '"numbers"',
  endpoint_url: '"http://127.0.0.1:9/executor"',
  execution_mode: '"worker"',
  expires_in_days: "30",
  scopes: '"jobs:read"',
  status: '"completed"',
  result: "{}",
  agent_name: '"echo"',
  activation_key: JSON.stringify(Buffer.alloc(32).toString("base64")),
  args: "{}",
  type: '"Exec"',
};

const server = createOpikLocal({ config: { database: ":memory:" } });
afterAll(() => server.stop());

/** A number of a request: a query parameter, or a field of its body. */
interface Place {
  label: string;
  method: string;
  path: string;
  operation: Operation;
  parameter?: string;
  field?: FieldPath;
}

async function send(method: string, path: string, body?: string, headers: Record<string, string> = {}) {
  const response = await server.request(path, {
    method,
    headers: { ...JSON_HEADERS, ...headers },
    ...(body === undefined ? {} : { body }),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

const document = (await (await server.request("/openapi.json")).json()) as {
  paths: Record<string, Record<string, Operation>>;
};
const places: Place[] = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).flatMap(([name, operation]): Place[] => {
    const method = name.toUpperCase();
    const schema = operation.requestBody?.content["application/json"]?.schema;
    const parameters = (operation.parameters ?? []).filter(
      ({ in: where, schema: of }) => where === "query" && isNumber(of),
    );
    return [
      ...parameters.map((parameter) => ({
        label: `${method} ${path}?${parameter.name}`,
        ...{ method, path, operation, parameter: parameter.name },
      })),
      ...(schema === undefined ? [] : numbersIn(schema)).map((field) => ({
        label: `${method} ${path} ${field.join(".")}`,
        ...{ method, path, operation, field },
      })),
    ];
  }),
);

let count = 0;

/** A new job and a run of it, with its token: each request of an executor may end or suspend its run. */
async function newRun(): Promise<{ job: string; run: string; token: string }> {
  const slug = `n${(count += 1)}`;
  const job = JSON.parse(
    (await send("POST", "/v1/jobs", JSON.stringify({ name: slug, slug, execution_mode: "worker" }))).text,
  ) as { id: string };
  const triggered = await send("POST", `/v1/jobs/${job.id}/trigger`, "{}");
  const { id, run_token } = JSON.parse(triggered.text) as { id: string; run_token: string };
  return { job: job.id, run: id, token: run_token };
}

async function newKey(): Promise<string> {
  const body = JSON.stringify({ project_id: "default", name: "key", scopes: ["jobs:read"], expires_in_days: 1 });
  return (JSON.parse((await send("POST", "/v1/api-keys", body)).text) as { id: string }).id;
}

/** Sends the request of a place with a number at it. */
async function sendNumber({ method, path, operation, parameter, field }: Place, number: string) {
  const { job, run, token } = await newRun();
  const isStrait = !path.startsWith("/v1/private");
  const isBridge = path.includes("/bridge/") || path.endsWith("/heartbeats");
  const ids: Record<string, string> = {
    runnerId: isBridge ? "00000000-0000-7000-8000-000000000003" : RUNNER,
    jobId: isStrait ? job : "00000000-0000-7000-8000-000000000004",
    commandId: "00000000-0000-7000-8000-000000000005",
    keyId: path.includes("{keyId}") ? await newKey() : "",
    runId: run,
    id: `01900000-0000-7000-8000-${String(count).padStart(12, "0")}`,
    key: `k${count}`,
  };
  const target = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? "unknown");
  const query = isStrait ? "?" : "?project_name=numbers&project_id=00000000-0000-7000-8000-000000000002";
  const withNumber = parameter === undefined ? "" : `&${parameter}=${encodeURIComponent(number)}`;
  const known = {
    ...KNOWN,
    ...{
      slug: `"s${count}"`,
      name: `"s${count}"`,
      job_slug: `"n${count}"`,
      project_id: isStrait ? '"default"' : '"00000000-0000-7000-8000-000000000002"',
    },
    ...{ id: `"${ids["id"]}"`, trace_id: `"${ids["id"]}"`, ids: `"${ids["id"]}"` },
    ...(path.includes("/pairing/") ? { type: '"connect"' } : {}),
    ...(path.includes("/spans") ? { type: '"llm"' } : {}),
  };
  const schema = operation.requestBody?.content["application/json"]?.schema;
  const body = schema && bodyFor(schema, { at: field, json: number, known });
  const headers = path.startsWith("/sdk/") ? { authorization: `Bearer ${token}` } : {};
  return { target, body, answer: await send(method, `${target}${query}${withNumber}`, body, headers) };
}

beforeAll(() => {
  server.fixtures.load([{ name: "numbers.yaml", text: FIXTURE }]);
});

describe("extreme numbers are accepted or refused, and never a failure", () => {
  test("the document has numbers", () => {
    expect(places.length).toBeGreaterThan(90);
  });

  test.for(places)("$label", async (place) => {
    const failures: string[] = [];
    let accepted = 0;
    let last = "";
    for (const number of place.path.endsWith("/bridge/commands/next") ? EXTREMES.slice(0, 1) : EXTREMES) {
      const { answer, target, body } = await sendNumber(place, number);
      // Nothing to replay is no fault of the number.
      if (answer.status < 400 || answer.status === 409) accepted += 1;
      last = `${target} ${body} -> ${answer.status} ${answer.text}`;
      const isShaped = answer.status < 400 || /^\{"(?:code|errors|error)"/.test(answer.text);
      if (answer.status >= 500 || !isShaped)
        failures.push(`${number}: ${target} ${body} -> ${answer.status} ${answer.text}`);
      if (answer.status < 400 && !target.includes("/stream")) {
        const read = await send("GET", target.replace(/\/(?:trigger|rotate|bulk|progress|spawn).*$/, ""));
        if (read.status >= 500) failures.push(`${number}: GET ${target} -> ${read.status} ${read.text}`);
      }
    }
    expect(failures).toEqual([]);
    // A request that no number makes valid proves nothing.
    expect(accepted, `some number is accepted: ${last}`).toBeGreaterThan(0);
  });
});

describe("lists", () => {
  test.for([
    "/v1/jobs",
    "/v1/runs",
    "/v1/api-keys",
    "/v1/events",
    "/v1/private/projects",
    "/v1/private/traces?project_name=numbers",
  ])("%s can be read afterwards", async (path) => {
    expect((await send("GET", path)).status).toBe(200);
  });
});
