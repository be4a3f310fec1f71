import { Validator } from "@seriousme/openapi-schema-validator";
import { beforeAll, describe, expect, test } from "vitest";
import { createOpikLocal } from "../../src/server.ts";

type Schema = Record<string, unknown>;

interface Body {
  content?: Record<string, { schema: Schema }>;
  $ref?: string;
}

interface Operation {
  operationId: string;
  parameters?: Array<{ name: string; in: string; schema: Schema }>;
  requestBody?: Body;
  responses: Record<string, Body>;
}

interface Document {
  openapi: string;
  components: { responses: Record<string, Body> };
  paths: Record<string, Record<string, Operation>>;
}

const JSON_SCHEMA_KEYWORDS: ReadonlySet<string> = new Set([
  ...["type", "format", "enum", "const", "default", "anyOf", "items", "properties", "required", "propertyNames"],
  ...["additionalProperties", "minimum", "maximum", "minLength", "maxLength", "pattern", "description"],
]);

/** Opik's own operation ids of runners, jobs, bridge commands and pairing. */
const OPIK_OPERATIONS = [
  "listRunners",
  "getRunner",
  "disconnectRunner",
  "registerAgents",
  "patchChecklist",
  "heartbeat",
  "createJob",
  "listJobs",
  "nextJob",
  "getJob",
  "getJobLogs",
  "appendJobLogs",
  "reportJobResult",
  "cancelJob",
  "createBridgeCommand",
  "nextBridgeCommands",
  "getBridgeCommand",
  "reportBridgeResult",
  "createPairingSession",
  "activatePairingSession",
];

/** Under `/sdk/v1/runs/{runId}`. */
const EXECUTOR_ENDPOINTS = [
  "GET /payload",
  ...["wait-for-event", "log", "progress", "heartbeat", "annotate", "checkpoint", "usage", "tool-call"].map(post),
  ...["output", "complete", "fail", "spawn", "continue", "state", "resources", "stream"].map(post),
  ...["iteration", "resource-snapshot"].map(post),
  ...["GET /state", "GET /state/{key}", "DELETE /state/{key}"],
  ...["GET /memory", "POST /memory/{key}", "GET /memory/{key}", "DELETE /memory/{key}"],
];

/** Endpoints that only this server has. */
const OWN_ENDPOINTS = [
  ...["GET", "PUT", "DELETE"].map((method) => `${method} /__local/state`),
  ...["GET /__local/fixtures", "POST /__local/fixtures", "POST /__local/reset", "POST /__local/stop"],
  ...["PUT /__local/snapshots/{name}", "POST /__local/snapshots/{name}/restore"],
  "GET /__local/clock",
  ...["set", "advance", "freeze", "resume", "run-until-idle"].map((action) => `POST /__local/clock/${action}`),
  ...["GET /__local/wait", "GET /__local/why", "GET /__local/events", "GET /metrics"],
  ...["GET /__local/requests", "DELETE /__local/requests"],
  ...["count", "find", "wait"].map((action) => `POST /__local/requests/${action}`),
  ...["GET", "POST", "DELETE"].map((method) => `${method} /__local/faults`),
  ...["GET /__local/pairings", "POST /__local/pairings", "GET /__local/bridge", "POST /__local/bridge"],
];

const CONTROL_ENDPOINTS = [
  ...["GET /health", "GET /health/ready", "POST /v1/sse-token"],
  ...["POST /v1/projects", "GET /v1/projects", "GET /v1/projects/{projectId}"],
  ...["POST /v1/api-keys", "GET /v1/api-keys", "DELETE /v1/api-keys/{keyId}"],
  ...["POST /v1/jobs", "GET /v1/jobs"],
  ...["GET", "PATCH", "DELETE"].map((method) => `${method} /v1/jobs/{jobId}`),
  ...["pause", "resume", "clone", "endpoint", "endpoint/verify"].map((name) => `POST /v1/jobs/{jobId}/${name}`),
  ...["trigger", "trigger/bulk"].map((name) => `POST /v1/jobs/{jobId}/${name}`),
  ...["versions", "versions/{versionId}"].map((name) => `GET /v1/jobs/{jobId}/${name}`),
  ...["GET /v1/runs", "GET /v1/runs/dlq", "GET /v1/runs/{runId}", "DELETE /v1/runs/{runId}"],
  ...["bulk-cancel", "bulk-cancel-all", "bulk-replay", "bulk-dlq-replay"].map((name) => `POST /v1/runs/${name}`),
  ...["replay", "dlq-replay", "pause", "resume", "restart", "reschedule", "debug"].map(
    (name) => `POST /v1/runs/{runId}/${name}`,
  ),
  "DELETE /v1/runs/{runId}/idempotency-key",
  ...["children", "lineage", "events", "checkpoints", "outputs", "state", "resources", "debug-bundle"].map(read),
  ...["dependency-status", "usage", "tool-calls", "iterations", "stream", "stream/chunks", "stream/logs"].map(read),
  ...["GET /v1/events", "GET /v1/events/stats", "POST /v1/events/purge", "POST /v1/events/prefix/{prefix}/send"],
  ...["POST /v1/events/{eventKey}/send", "GET /v1/events/{eventKey}", "DELETE /v1/events/{eventKey}"],
  "GET /v1/events/{eventKey}/stream",
];

function post(name: string): string {
  return `POST /${name}`;
}

function read(name: string): string {
  return `GET /v1/runs/{runId}/${name}`;
}

describe("GET /openapi.json", () => {
  let document: Document;
  /** Operations by method and path. */
  let operations: Map<string, Operation>;

  beforeAll(async () => {
    await using server = createOpikLocal({ config: { database: ":memory:" } });
    document = (await (await server.app.request("/openapi.json")).json()) as Document;
    operations = new Map(
      Object.entries(document.paths).flatMap(([path, item]) =>
        Object.entries(item).map(([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const),
      ),
    );
  });

  test("is a valid OpenAPI 3.1 document", async () => {
    const validator = new Validator();
    expect(await validator.validate(structuredClone({ ...document }))).toEqual({ valid: true });
    expect(validator.version).toBe("3.1");
  });

  test("holds JSON Schemas, and nothing of what checks the requests besides", () => {
    const keywords = new Set<string>();
    const look = (value: unknown): void => {
      if (typeof value !== "object" || value === null) return;
      for (const [keyword, child] of Object.entries(value)) {
        keywords.add(keyword);
        if (keyword === "required") expect(child, JSON.stringify(value)).toEqual(expect.any(Array));
        if (keyword === "minimum" || keyword === "maximum") expect(child).toEqual(expect.any(Number));
        if (keyword === "properties" || keyword === "anyOf") Object.values(child as object).forEach(look);
        else if (keyword === "items" || keyword === "additionalProperties") look(child);
      }
    };
    for (const { requestBody, responses, parameters = [] } of operations.values()) {
      const bodies = [requestBody, ...Object.values(responses)];
      for (const body of bodies) look(body?.content?.["application/json"]?.schema);
      for (const { schema } of parameters) look(schema);
    }
    expect([...keywords].filter((keyword) => !JSON_SCHEMA_KEYWORDS.has(keyword))).toEqual([]);
  });

  test.for([
    ["GET /v1/private/local-runners/{runnerId}", "/v1/private/local-runners/nobody"],
    ["GET /v1/runs/{runId}", "/v1/runs/none"],
  ] as const)("describes how %s answers an error", async ([name, path]) => {
    await using server = createOpikLocal({ config: { database: ":memory:" } });
    const error = (await (await server.app.request(path)).json()) as object;
    const reference = operations.get(name)?.responses["default"]?.$ref?.split("/").at(-1) ?? "";
    const schema = document.components.responses[reference]?.content?.["application/json"]?.schema as Schema;
    const shapes = (schema["anyOf"] ?? [schema]) as Array<{ required: string[] }>;
    expect(shapes.map(({ required }) => required.toSorted())).toContainEqual(Object.keys(error).toSorted());
  });

  test("gives every operation an id of its own, and describes each parameter in its path", () => {
    const ids = [...operations.values()].map((operation) => operation.operationId);
    expect(ids.toSorted()).toEqual([...new Set(ids)].toSorted());
    for (const [name, { parameters = [] }] of operations) {
      const inPath = parameters.filter((parameter) => parameter.in === "path").map((parameter) => parameter.name);
      const named = [...name.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      expect(inPath.toSorted(), name).toEqual(named.toSorted());
    }
  });

  test.for(OPIK_OPERATIONS)("describes Opik's operation %s", (id) => {
    expect([...operations.values()].map((operation) => operation.operationId)).toContain(id);
  });

  test.for(EXECUTOR_ENDPOINTS)("describes the executor's %s", (endpoint) => {
    expect([...operations.keys()]).toContain(endpoint.replace(" ", " /sdk/v1/runs/{runId}"));
  });

  test.for(OWN_ENDPOINTS)("describes %s, one of our own", (endpoint) => {
    expect([...operations.keys()]).toContain(endpoint);
  });

  test.for(CONTROL_ENDPOINTS)("describes %s", (endpoint) => {
    expect([...operations.keys()]).toContain(endpoint);
  });

  test.for([
    ["POST /v1/private/local-runners/jobs", ["agent_name", "project_id"]],
    ["POST /v1/private/local-runners/jobs/{jobId}/results", ["status"]],
    ["POST /v1/private/local-runners/{runnerId}/bridge/commands", ["args", "type"]],
    ["POST /v1/private/pairing/sessions", ["project_id", "type"]],
    ["POST /v1/projects", ["id", "name", "org_id"]],
    ["POST /v1/api-keys", ["name"]],
    ["POST /v1/jobs", ["name", "slug"]],
    ["POST /v1/jobs/{jobId}/clone", ["name", "slug"]],
    ["POST /v1/jobs/{jobId}/endpoint", ["endpoint_url"]],
    ["POST /v1/jobs/{jobId}/trigger", undefined],
    ["POST /v1/jobs/{jobId}/trigger/bulk", ["items"]],
    ["POST /v1/runs/bulk-cancel", ["run_ids"]],
    ["POST /v1/runs/{runId}/reschedule", ["scheduled_at"]],
    ["POST /v1/events/purge", ["older_than_days"]],
    ["POST /sdk/v1/runs/{runId}/log", ["message"]],
    ["POST /sdk/v1/runs/{runId}/progress", ["message"]],
    ["POST /sdk/v1/runs/{runId}/checkpoint", ["state"]],
    ["POST /sdk/v1/runs/{runId}/usage", ["model", "provider"]],
    ["POST /sdk/v1/runs/{runId}/tool-call", ["tool_name"]],
    ["POST /sdk/v1/runs/{runId}/output", ["output_key", "value"]],
    ["POST /sdk/v1/runs/{runId}/fail", ["error"]],
    ["POST /sdk/v1/runs/{runId}/state", ["key", "value"]],
    ["POST /sdk/v1/runs/{runId}/wait-for-event", ["event_key"]],
  ] as const)("says that the body of %s needs %j", ([endpoint, required]) => {
    const schema = operations.get(endpoint)?.requestBody?.content?.["application/json"]?.schema;
    const names = schema?.["required"] as string[] | undefined;
    expect(names?.toSorted()).toEqual(required);
  });
});
