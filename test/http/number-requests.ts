import type { OpikLocalParts } from "../../src/server.ts";
import { bodyFor, type FieldPath, isNumber, numbersIn, type Operation } from "../support/requests-from-document.ts";

/** A number of a request: a query parameter, or a field of its body. */
export interface Place {
  label: string;
  method: string;
  path: string;
  operation: Operation;
  parameter?: string;
  field?: FieldPath;
}

/** The places of all numbers of an OpenAPI document. */
export function placesIn(paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>): Place[] {
  return Object.entries(paths).flatMap(([path, item]) =>
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
}

const JSON_HEADERS = { "content-type": "application/json" };

/** The id of something that `FIXTURE` or `THINGS` makes. */
const idOf = (number: number): string => `00000000-0000-7000-8000-${String(number).padStart(12, "0")}`;
const [RUNNER, PROJECT, EDITOR, JOB, COMMAND] = [1, 2, 3, 4, 5].map(idOf) as [string, string, string, string, string];
const [TRACE, SPAN, ENVIRONMENT, DATASET] = [6, 7, 8, 9].map(idOf) as [string, string, string, string];
const [ITEM, EXPERIMENT, QUEUE] = [10, 11, 12].map(idOf) as [string, string, string];

/** The address of the server, as the attachments' `path` has it. */
const DIRECTORY = JSON.stringify(Buffer.from("http://127.0.0.1/").toString("base64"));

const FIXTURE = `
projects: [{ name: numbers, id: "${PROJECT}" }]
runners:
  - { name: laptop, id: "${RUNNER}", project: numbers, keep_alive: true, agents: [{ name: echo }] }
  - { name: editor, id: "${EDITOR}", project: numbers, type: connect, keep_alive: true, capabilities: [jobs, bridge] }
jobs: [{ name: job, id: "${JOB}", runner: laptop, agent: echo }]
bridge_commands: [{ name: command, id: "${COMMAND}", runner: editor, type: Exec, args: {}, timeout_seconds: 86400 }]
`;

const start_time = "2026-01-01T00:00:00Z";
const item = { id: ITEM, source: "trace", trace_id: TRACE, data: { question: "why?" } };
const blueprint = { type: "blueprint", values: [{ key: "model", value: "large", type: "string" }] };

/** What requests are about and no fixture has: requests that make it. */
const THINGS: ReadonlyArray<readonly [method: string, path: string, body: object]> = [
  ["POST", "traces", { id: TRACE, project_name: "numbers", start_time }],
  ["POST", "spans", { id: SPAN, trace_id: TRACE, project_name: "numbers", type: "llm", start_time }],
  ["POST", "environments", { id: ENVIRONMENT, name: "numbers" }],
  ["POST", "datasets", { id: DATASET, name: "numbers", project_id: PROJECT }],
  ["PUT", "datasets/items", { dataset_id: DATASET, items: [item] }],
  ["POST", "experiments", { id: EXPERIMENT, dataset_name: "numbers", project_id: PROJECT }],
  ["POST", "annotation-queues", { id: QUEUE, project_id: PROJECT, name: "numbers", scope: "trace" }],
  ["POST", "agent-configs/blueprints", { project_id: PROJECT, blueprint }],
];

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
  dataset_name: '"numbers"',
  experiment_id: JSON.stringify(EXPERIMENT),
  dataset_item_id: JSON.stringify(ITEM),
};

/** Fields and parameters that have to be something else where the path begins so; all that fit are used, in order. */
const KNOWN_BY_PATH: ReadonlyArray<readonly [path: string, fields: Readonly<Record<string, string>>]> = [
  // No request of another test may fulfil the rule.
  ["/__local/faults", { path: '"/nowhere"', status: "404" }],
  ["/__local/bridge", { runner: JSON.stringify(EDITOR) }],
  ["/__local/requests", { status: "201", timeout: '"1ms"' }],
  ["/v1/private/annotation-queues", { project_id: JSON.stringify(PROJECT), scope: '"trace"' }],
  ["/v1/private/attachment", { entity_type: '"trace"', entity_id: JSON.stringify(TRACE), path: DIRECTORY }],
  ["/v1/private/datasets", { source: '"trace"', data: '{"a":1}' }],
  ["/v1/private/datasets/items/batch", { ids: JSON.stringify(ITEM) }],
  ["/v1/private/datasets/{id}/items/changes", { override: "true" }],
  ["/v1/private/datasets/{id}/items/from-spans", { span_ids: JSON.stringify(SPAN) }],
  ["/v1/private/datasets/{id}/items/from-traces", { trace_ids: JSON.stringify(TRACE) }],
  ["/v1/private/datasets/{id}/items/experiments", { experiment_ids: JSON.stringify([EXPERIMENT]) }],
  ["/v1/private/experiments", { type: '"regular"' }],
  ["/v1/private/experiments/items/bulk", { type: '"llm"', trace: "{}" }],
  ["/v1/private/experiments/batch", { ids: JSON.stringify(EXPERIMENT) }],
  ["/v1/private/feedback-definitions", { type: '"numerical"', min: "0", max: "2" }],
  ["/v1/private/pairing/", { type: '"connect"' }],
  ["/v1/private/spans", { type: '"llm"' }],
];

/** The `{id}` in paths that need something that exists. */
const ID_BY_PATH: ReadonlyArray<readonly [path: string, id: string]> = [
  ["/v1/private/traces/{id}/feedback-scores", TRACE],
  ["/v1/private/spans/{id}/feedback-scores", SPAN],
  ["/v1/private/environments/{id}", ENVIRONMENT],
  ["/v1/private/annotation-queues/{id}", QUEUE],
  ["/v1/private/datasets/{id}", DATASET],
  ["/v1/private/experiments/{id}", EXPERIMENT],
  // The one that every workspace begins with.
  ["/v1/private/feedback-definitions/{id}", "0190babc-62a0-71d2-832a-0feffa4676eb"],
];

/** Sends requests that are valid but for one number. */
export class NumberRequests {
  readonly #server: OpikLocalParts;
  /** The version of the dataset that changes begin from. */
  #version = "";
  #count = 0;

  constructor(server: OpikLocalParts) {
    this.#server = server;
  }

  /** Makes what the requests are about. */
  async prepare(): Promise<void> {
    this.#server.fixtures.load([{ name: "numbers.yaml", text: FIXTURE }]);
    for (const [method, path, body] of THINGS) {
      const { status, text } = await this.send(method, `/v1/private/${path}`, JSON.stringify(body));
      if (status >= 400) throw new Error(`${method} ${path}: ${status} ${text}`);
    }
    const versions = await this.send("GET", `/v1/private/datasets/${DATASET}/versions`);
    this.#version = /"id":("[^"]+")/.exec(versions.text)![1]!;
  }

  async send(method: string, path: string, body?: string, headers: Record<string, string> = {}) {
    const response = await this.#server.request(path, {
      method,
      headers: { ...JSON_HEADERS, ...headers },
      ...(body === undefined ? {} : { body }),
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  }

  /** Sends the request of a place with a number at it. */
  async sendNumber({ method, path, operation, parameter, field }: Place, number: string) {
    const { job, run, token } = await this.#newRun();
    const isOpik = path.startsWith("/v1/private");
    const isBridge = path.includes("/bridge/") || path.endsWith("/heartbeats");
    const id = `01900000-0000-7000-8000-${String(this.#count).padStart(12, "0")}`;
    const ids: Record<string, string> = {
      runnerId: isBridge ? EDITOR : RUNNER,
      jobId: isOpik ? JOB : job,
      commandId: COMMAND,
      keyId: path.includes("{keyId}") ? await this.#newKey() : "",
      runId: run,
      itemId: ITEM,
      projectId: PROJECT,
      project_id: PROJECT,
      id: ID_BY_PATH.find(([start]) => path.startsWith(start))?.[1] ?? id,
      key: `k${this.#count}`,
    };
    const ofPath = Object.assign(
      {},
      ...KNOWN_BY_PATH.flatMap(([start, fields]) => (path.startsWith(start) ? [fields] : [])),
    ) as Readonly<Record<string, string>>;
    const known: Readonly<Record<string, string>> = {
      ...KNOWN,
      ...{ slug: `"s${this.#count}"`, name: `"s${this.#count}"`, job_slug: `"n${this.#count}"` },
      project_id: isOpik ? JSON.stringify(PROJECT) : '"default"',
      base_version: this.#version,
      ...{ id: `"${id}"`, trace_id: `"${id}"`, ids: `"${id}"` },
      ...ofPath,
    };
    const target = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? "unknown");
    const query = new URLSearchParams(isOpik ? { project_name: "numbers", project_id: PROJECT } : {});
    for (const { in: where, name, required } of operation.parameters ?? []) {
      if (where !== "query" || !(required === true || name in ofPath)) continue;
      const json = known[name] ?? '"text"';
      const value: unknown = JSON.parse(json);
      query.set(name, typeof value === "string" ? value : json);
    }
    if (parameter !== undefined) query.set(parameter, number);
    const schema = operation.requestBody?.content["application/json"]?.schema;
    const body = schema && bodyFor(schema, { at: field, json: number, known });
    const headers = path.startsWith("/sdk/") ? { authorization: `Bearer ${token}` } : {};
    return { target, body, answer: await this.send(method, `${target}?${query}`, body, headers) };
  }

  /** A new job and a run of it, with its token: each request of an executor may end or suspend its run. */
  async #newRun(): Promise<{ job: string; run: string; token: string }> {
    const slug = `n${(this.#count += 1)}`;
    const job = JSON.parse(
      (await this.send("POST", "/v1/jobs", JSON.stringify({ name: slug, slug, execution_mode: "worker" }))).text,
    ) as { id: string };
    const triggered = await this.send("POST", `/v1/jobs/${job.id}/trigger`, "{}");
    const { id, run_token } = JSON.parse(triggered.text) as { id: string; run_token: string };
    return { job: job.id, run: id, token: run_token };
  }

  async #newKey(): Promise<string> {
    const body = JSON.stringify({ project_id: "default", name: "key", scopes: ["jobs:read"], expires_in_days: 1 });
    return (JSON.parse((await this.send("POST", "/v1/api-keys", body)).text) as { id: string }).id;
  }
}
