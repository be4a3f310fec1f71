import type { Reply } from "../../../support/call.ts";
import type { ConformanceCase } from "../../case.ts";
import { TIMESTAMP, UUID } from "../../expected.ts";
import { pushedJob, refused } from "../control.ts";
import { invalid } from "../given.ts";

const SECRETS = "POST /v1/secrets";
const OWNER = "a secret of the server";
const settings = { requireApiKey: true, internalSecret: OWNER };
const owner = { "x-internal-secret": OWNER, "x-project-id": "acme" };
const EXECUTOR = { project_id: "default", secret_key: "TOKEN", value: "hush" };
/** A job's secret as all answers show it. */
const SHOWN = {
  id: UUID,
  project_id: "default",
  job_id: "<job>",
  environment: "production",
  secret_key: "TOKEN",
  key_version: 1,
  created_at: TIMESTAMP,
  updated_at: TIMESTAMP,
};

function remembered(name: string, field: "id" | "key" = "id"): { remember: Record<string, (reply: Reply) => string> } {
  return { remember: { [name]: ({ json }) => (json as Record<string, string>)[field] ?? "" } };
}

/** Makes an API key in the project `acme`: `<key>`. */
function keyWith({ environment_id, ...key }: Record<string, unknown>): ConformanceCase["steps"][number] {
  const body = { project_id: "acme", name: "key", expires_in_days: 1, environment_id, ...key };
  return { send: "POST /v1/api-keys", headers: owner, body, status: 201, match: key, ...remembered("key", "key") };
}

const withKey = { authorization: "Bearer <key>" };

/** The secrets that pushes carry [strait 5.1]. */
export const secretCases: readonly ConformanceCase[] = [
  {
    name: "a secret is made, listed, read and deleted, and its value is never shown",
    given: [pushedJob()],
    steps: [
      { send: SECRETS, body: { ...EXECUTOR, job_id: "<job>" }, status: 201, json: SHOWN, ...remembered("secret") },
      { send: "GET /v1/secrets/<secret>", status: 200, json: { ...SHOWN, id: "<secret>" } },
      {
        send: "GET /v1/secrets?job_id=<job>",
        status: 200,
        json: { data: [{ ...SHOWN, id: "<secret>" }], has_more: false },
      },
      { send: "DELETE /v1/secrets/<secret>", status: 204, text: "" },
      { send: "GET /v1/secrets/<secret>", ...refused(404, "secret not found") },
      { send: "DELETE /v1/secrets/<secret>", ...refused(404, "secret not found") },
      { send: "GET /v1/secrets?job_id=<job>", status: 200, json: { data: [], has_more: false } },
    ],
  },
  {
    name: "a secret needs a key and a value",
    steps: [
      {
        send: SECRETS,
        body: { project_id: "default" },
        ...invalid("secret_key: failed on 'required'", "value: failed on 'required'"),
      },
      {
        send: SECRETS,
        body: { ...EXECUTOR, secret_key: "", value: "" },
        ...invalid("secret_key: failed on 'required'", "value: failed on 'required'"),
      },
    ],
  },
  {
    name: "the job of a secret must be there, and in the project",
    given: [pushedJob()],
    steps: [
      { send: SECRETS, body: { ...EXECUTOR, job_id: "<unknown>" }, ...refused(404, "job not found") },
      {
        send: SECRETS,
        body: { ...EXECUTOR, project_id: "elsewhere", job_id: "<job>" },
        ...refused(404, "job not found"),
      },
    ],
  },
  {
    name: "secrets are listed by environment, and the newest first",
    alone: true,
    given: [pushedJob({ environment_id: "staging" })],
    steps: [
      {
        send: SECRETS,
        body: { ...EXECUTOR, job_id: "<job>" },
        ...refused(403, "secret environment does not match job environment"),
      },
      {
        send: SECRETS,
        body: { ...EXECUTOR, job_id: "<job>", environment: "staging" },
        status: 201,
        match: { environment: "staging" },
        ...remembered("first"),
      },
      { advance: "1s" },
      {
        send: SECRETS,
        body: { ...EXECUTOR, environment: "staging" },
        status: 201,
        match: { environment: "staging" },
        ...remembered("second"),
      },
      {
        send: "GET /v1/secrets?environment=staging",
        status: 200,
        match: { data: [{ id: "<second>" }, { id: "<first>" }], has_more: false },
      },
      {
        send: "GET /v1/secrets?limit=1",
        status: 200,
        match: { data: [{ id: "<second>" }], has_more: true },
        remember: { cursor: ({ json }) => (json as { next_cursor: string }).next_cursor },
      },
      {
        send: "GET /v1/secrets?limit=1&cursor=<cursor>",
        status: 200,
        match: { data: [{ id: "<first>" }], has_more: false },
      },
      { send: "GET /v1/secrets?environment=production", status: 200, json: { data: [], has_more: false } },
      { send: "GET /v1/secrets?cursor=x", ...refused(400, "invalid cursor format") },
    ],
  },
  {
    name: "a job has one secret of a key in an environment, a project as many as it likes",
    ours: "the real server answers 500 to the second",
    given: [pushedJob()],
    steps: [
      { send: SECRETS, body: { ...EXECUTOR, job_id: "<job>" }, status: 201, match: { job_id: "<job>" } },
      {
        send: SECRETS,
        body: { ...EXECUTOR, job_id: "<job>" },
        ...refused(409, 'the job has a secret "TOKEN" already: delete it first'),
      },
      {
        send: SECRETS,
        body: { ...EXECUTOR, job_id: "<job>", environment: "other" },
        status: 201,
        match: { environment: "other" },
      },
      { send: SECRETS, body: EXECUTOR, status: 201, match: { secret_key: "TOKEN" } },
      { send: SECRETS, body: EXECUTOR, status: 201, match: { secret_key: "TOKEN" } },
    ],
  },
  {
    name: "a secret that can be no header is refused",
    ours: "the real server finds out when it pushes a run",
    steps: [
      {
        send: SECRETS,
        body: { ...EXECUTOR, secret_key: "my token" },
        ...refused(400, "secret_key must be usable in a header name: X-Secret-<key>"),
      },
      {
        send: SECRETS,
        body: { ...EXECUTOR, value: "one\ntwo" },
        ...refused(400, "value must not contain line breaks: it is sent as a header"),
      },
    ],
  },
  {
    name: "secrets go with their job",
    given: [pushedJob()],
    steps: [
      {
        send: SECRETS,
        body: { ...EXECUTOR, job_id: "<job>" },
        status: 201,
        match: { job_id: "<job>" },
        ...remembered("secret"),
      },
      { send: "DELETE /v1/jobs/<job>", status: 204, text: "" },
      { send: "GET /v1/secrets/<secret>", ...refused(404, "secret not found") },
    ],
  },
  {
    name: "secrets have scopes of their own",
    settings,
    steps: [
      keyWith({ scopes: ["secrets:read", "jobs:write"] }),
      {
        send: SECRETS,
        headers: withKey,
        body: { ...EXECUTOR, project_id: "acme" },
        ...refused(403, "insufficient permissions: requires secrets:write"),
      },
      { send: "GET /v1/secrets", headers: withKey, status: 200, json: { data: [], has_more: false } },
      {
        send: "DELETE /v1/secrets/<unknown>",
        headers: withKey,
        ...refused(403, "insufficient permissions: requires secrets:write"),
      },
      keyWith({ scopes: ["secrets:write"] }),
      {
        send: "GET /v1/secrets",
        headers: withKey,
        ...refused(403, "insufficient permissions: requires secrets:read"),
      },
      {
        send: "GET /v1/secrets/<unknown>",
        headers: withKey,
        ...refused(403, "insufficient permissions: requires secrets:read"),
      },
    ],
  },
  {
    name: "a key sees the secrets of its project and environment alone",
    settings,
    steps: [
      {
        send: SECRETS,
        headers: owner,
        body: { ...EXECUTOR, project_id: "acme" },
        status: 201,
        match: { project_id: "acme" },
        ...remembered("production"),
      },
      keyWith({ scopes: ["secrets:read", "secrets:write"], environment_id: "staging" }),
      {
        send: SECRETS,
        headers: withKey,
        body: { ...EXECUTOR, project_id: "acme" },
        ...refused(404, "environment not found"),
      },
      {
        send: SECRETS,
        headers: withKey,
        body: EXECUTOR,
        ...refused(403, "project_id does not match authenticated project"),
      },
      {
        send: SECRETS,
        headers: withKey,
        body: { ...EXECUTOR, project_id: "acme", environment: "staging" },
        status: 201,
        match: { environment: "staging" },
        ...remembered("staging"),
      },
      {
        send: "GET /v1/secrets",
        headers: withKey,
        status: 200,
        match: { data: [{ id: "<staging>" }], has_more: false },
      },
      {
        send: "GET /v1/secrets?environment=production",
        headers: withKey,
        ...refused(404, "environment not found"),
      },
      { send: "GET /v1/secrets/<production>", headers: withKey, ...refused(404, "secret not found") },
      { send: "DELETE /v1/secrets/<production>", headers: withKey, ...refused(404, "secret not found") },
      {
        send: "GET /v1/secrets/<production>",
        headers: { ...owner, "x-project-id": "other" },
        ...refused(404, "secret not found"),
      },
    ],
  },
  {
    name: "a repeated request with an idempotency key makes no second secret",
    steps: [
      {
        send: SECRETS,
        headers: { "idempotency-key": "<unknown>" },
        body: EXECUTOR,
        status: 201,
        match: { secret_key: "TOKEN" },
        ...remembered("secret"),
      },
      {
        send: SECRETS,
        headers: { "idempotency-key": "<unknown>" },
        body: EXECUTOR,
        status: 201,
        match: { id: "<secret>" },
        answerHeaders: { "idempotency-replayed": "true" },
      },
    ],
  },
];
