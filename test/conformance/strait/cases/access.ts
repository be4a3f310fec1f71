import { expect } from "vitest";
import type { ConformanceCase } from "../../case.ts";
import { TIMESTAMP, UUID } from "../../expected.ts";
import { EMPTY_PAGE, refused } from "../control.ts";
import { invalid, queued } from "../given.ts";

const SECRET = "a secret of the server";
const settings = { requireApiKey: true, internalSecret: SECRET };
const OWNER = { "x-internal-secret": SECRET };
const KEYS = "POST /v1/api-keys";
const PROJECT = { id: "acme", org_id: "org", name: "Acme" };
const A_KEY: unknown = expect.stringMatching(/^strait_[0-9a-f]{64}$/);
const KEY_PREFIX: unknown = expect.stringMatching(/^strait_[0-9a-f]{5}$/);
const LISTED_KEY = {
  id: "<id>",
  project_id: "<key>",
  org_id: "o",
  environment_id: "e",
  name: "ci",
  key_prefix: KEY_PREFIX,
  scopes: ["*"],
  expires_at: TIMESTAMP,
  created_at: TIMESTAMP,
};
const NO_KEY = refused(401, "invalid or missing internal secret");

/** Projects, API keys and authentication [strait 1.2]. */
export const accessCases: readonly ConformanceCase[] = [
  {
    name: "a project is made, read, listed and deleted",
    alone: true,
    steps: [
      {
        send: "POST /v1/projects",
        body: PROJECT,
        status: 201,
        json: { ...PROJECT, created_at: "2026-01-01T00:00:00Z", updated_at: "2026-01-01T00:00:00Z" },
      },
      { send: "GET /v1/projects/acme", status: 200, match: PROJECT },
      { send: "GET /v1/projects?org_id=org", status: 200, match: [PROJECT] },
      { send: "GET /v1/projects?org_id=other", status: 200, text: "[]\n" },
      { send: "DELETE /v1/projects/acme", status: 204, text: "" },
      { send: "GET /v1/projects/acme", ...refused(404, "project not found") },
    ],
  },
  {
    name: "all projects are listed without an organisation",
    ours: "the real server asks for one",
    alone: true,
    steps: [
      { send: "POST /v1/projects", body: PROJECT, status: 201, match: PROJECT },
      { send: "GET /v1/projects", status: 200, match: { data: [PROJECT], has_more: false } },
    ],
  },
  {
    name: "a project that exists is taken",
    ours: "the real server answers with the project again",
    alone: true,
    steps: [
      { send: "POST /v1/projects", body: PROJECT, status: 201, match: PROJECT },
      { send: "POST /v1/projects", body: PROJECT, ...refused(409, "project already exists") },
    ],
  },
  {
    name: "a project needs an id, an organisation and a name of two characters",
    steps: [
      {
        send: "POST /v1/projects",
        ...invalid("id: failed on 'required'", "org_id: failed on 'required'", "name: failed on 'required'"),
      },
      { send: "POST /v1/projects", body: { ...PROJECT, name: "A" }, ...invalid("name: failed on 'min'") },
    ],
  },
  {
    name: "a project exists as soon as something is made in it",
    ours: "the real server wants projects to be made first",
    steps: [
      {
        send: "POST /v1/jobs",
        body: { name: "j", slug: "j", execution_mode: "worker", project_id: "new" },
        status: 201,
        match: { project_id: "new" },
      },
      { send: "GET /v1/projects/new", status: 200, match: { id: "new" } },
    ],
  },
  {
    name: "a request without a key or the secret is refused",
    settings,
    steps: [
      { send: "GET /v1/jobs", ...NO_KEY },
      { send: "GET /v1/jobs", headers: { authorization: "Bearer other" }, ...NO_KEY },
      { send: "GET /v1/jobs", headers: { "x-internal-secret": "other" }, ...NO_KEY },
      {
        send: "GET /v1/jobs",
        headers: { authorization: `Bearer strait_${"0".repeat(64)}` },
        ...refused(401, "invalid api key"),
      },
      { send: "GET /v1/jobs", headers: OWNER, ...EMPTY_PAGE },
      { send: "GET /v1/jobs", headers: { authorization: `Bearer ${SECRET}` }, ...EMPTY_PAGE },
      { send: "GET /health", status: 200, match: { status: "ok" } },
      { send: "GET /health/ready", status: 200, json: { status: "ready" } },
    ],
  },
  {
    name: "the server's own key is asked for by itself, and opens everything",
    settings: { apiKey: SECRET },
    ours: "the real server has no such key",
    steps: [
      { send: "POST /v1/jobs", body: { name: "j", slug: "j", execution_mode: "worker" }, ...NO_KEY },
      { send: "GET /v1/jobs", headers: { authorization: "Bearer other" }, ...NO_KEY },
      { send: "GET /v1/jobs", headers: OWNER, ...EMPTY_PAGE },
      { send: "GET /v1/jobs", headers: { authorization: `Bearer ${SECRET}` }, ...EMPTY_PAGE },
      { send: "POST /v1/projects", headers: OWNER, body: PROJECT, status: 201, match: PROJECT },
    ],
  },
  {
    name: "authentication comes before all other checks",
    settings,
    steps: [
      { send: "POST /v1/jobs", headers: { accept: "text/html", "content-type": "text/plain" }, body: "{", ...NO_KEY },
    ],
  },
  {
    name: "a key is shown once, and works until it is revoked",
    settings,
    steps: [
      {
        send: KEYS,
        headers: OWNER,
        body: { project_id: "acme", name: "ci", scopes: ["jobs:read", "api-keys:manage"], expires_in_days: 1 },
        status: 201,
        json: {
          id: UUID,
          project_id: "acme",
          name: "ci",
          key: A_KEY,
          key_prefix: KEY_PREFIX,
          scopes: ["jobs:read", "api-keys:manage"],
          expires_at: "2026-01-02T00:00:00Z",
          created_at: "2026-01-01T00:00:00Z",
        },
        remember: {
          key: ({ json }) => (json as { key: string }).key,
          id: ({ json }) => (json as { id: string }).id,
        },
      },
      { send: "GET /v1/jobs", headers: { authorization: "Bearer <key>" }, ...EMPTY_PAGE },
      {
        send: "POST /v1/jobs",
        headers: { authorization: "Bearer <key>" },
        ...refused(403, "insufficient permissions: requires jobs:write"),
      },
      ...["POST /v1/events/e/send", "POST /v1/events/prefix/e/send", "DELETE /v1/events/e"].map((send) => ({
        send,
        headers: { authorization: "Bearer <key>" },
        ...refused(403, "insufficient permissions"),
      })),
      {
        send: "POST /v1/events/purge",
        headers: { authorization: "Bearer <key>" },
        body: { older_than_days: 1 },
        ...refused(403, "insufficient permissions: requires jobs:write"),
      },
      ...["GET /v1/events", "GET /v1/events/stats", "GET /v1/events/e"].map((send) => ({
        send,
        headers: { authorization: "Bearer <key>" },
        ...(send.endsWith("/e")
          ? refused(404, "event trigger not found")
          : { status: 200, match: send.endsWith("s/stats") ? { total_count: 0 } : { data: [] } }),
      })),
      {
        send: "DELETE /v1/api-keys/<id>",
        headers: { authorization: "Bearer <key>" },
        status: 200,
        json: { status: "revoked" },
      },
      {
        send: "GET /v1/jobs",
        headers: { authorization: "Bearer <key>" },
        ...refused(401, "api key has been revoked"),
      },
    ],
  },
  {
    name: "a key is listed without itself, and replaced by another one",
    given: [],
    steps: [
      {
        send: KEYS,
        headers: { "x-project-id": "<key>" },
        body: { name: "ci", scopes: ["*"], expires_in_days: 1, environment_id: "e", org_id: "o" },
        status: 201,
        contains: '","project_id":"<key>","name":"ci","key":"strait_',
        json: {
          id: UUID,
          project_id: "<key>",
          name: "ci",
          key: A_KEY,
          key_prefix: KEY_PREFIX,
          scopes: ["*"],
          expires_at: TIMESTAMP,
          created_at: TIMESTAMP,
        },
        remember: { id: ({ json }) => (json as { id: string }).id },
      },
      {
        send: "GET /v1/api-keys",
        headers: { "x-project-id": "<key>" },
        status: 200,
        json: { data: [LISTED_KEY], has_more: false },
        contains: '"environment_id":"e"}],"has_more":false}',
      },
      {
        send: "POST /v1/api-keys/<id>/rotate",
        headers: { "x-project-id": "<key>" },
        status: 201,
        contains: '{"created_at":"',
        json: {
          created_at: TIMESTAMP,
          expires_at: TIMESTAMP,
          grace_expires_at: TIMESTAMP,
          key: A_KEY,
          key_prefix: KEY_PREFIX,
          name: "ci (rotated)",
          new_key_id: UUID,
          old_key_id: "<id>",
          project_id: "<key>",
          scopes: ["*"],
        },
        remember: { other: ({ json }) => (json as { new_key_id: string }).new_key_id },
      },
      {
        send: "POST /v1/api-keys/<other>/rotate",
        headers: { "x-project-id": "<key>" },
        body: { grace_period_minutes: 10_081 },
        ...refused(400, "grace_period_minutes must be <= 10080"),
      },
      {
        send: "DELETE /v1/api-keys/<other>",
        headers: { "x-project-id": "<key>" },
        status: 200,
        json: { status: "revoked" },
      },
      {
        send: "POST /v1/api-keys/<other>/rotate",
        headers: { "x-project-id": "<key>" },
        ...refused(409, "api key is already revoked"),
      },
      {
        send: "GET /v1/api-keys",
        headers: { "x-project-id": "<key>" },
        status: 200,
        match: { data: [{ id: "<other>", revoked_at: TIMESTAMP }, {}] },
      },
    ],
  },
  {
    name: "a key ends with its last day",
    settings,
    steps: [
      {
        send: KEYS,
        headers: OWNER,
        body: { name: "short", scopes: ["*"], expires_in_days: 1 },
        status: 201,
        match: { expires_at: "2026-01-02T00:00:00Z" },
        remember: { key: ({ json }) => (json as { key: string }).key },
      },
      { advance: "24h" },
      { send: "GET /v1/jobs", headers: { authorization: "Bearer <key>" }, ...refused(401, "api key has expired") },
    ],
  },
  {
    name: "the rules of keys",
    steps: [
      { send: KEYS, body: { scopes: ["*"] }, ...invalid("name: failed on 'required'") },
      { send: KEYS, body: { name: "n".repeat(256), scopes: ["*"] }, ...invalid("name: failed on 'max'") },
      {
        send: KEYS,
        body: { name: "k", scopes: ["*"], expires_in_days: 36_501 },
        ...invalid("expires_in_days: failed on 'max'"),
      },
      { send: KEYS, body: { name: "k" }, ...refused(400, "scopes must contain at least one explicit permission") },
      {
        send: KEYS,
        body: { name: "k", scopes: ["jobs:dance"] },
        ...refused(400, 'unknown scope: "jobs:dance"'),
      },
      {
        send: KEYS,
        body: { name: "k", scopes: ["*"] },
        ...refused(400, "expires_in_days is required when project max_key_lifetime_days is not configured"),
      },
      {
        send: KEYS,
        headers: { "x-project-id": "acme" },
        body: { project_id: "other", name: "k", scopes: ["*"] },
        ...refused(403, "project_id does not match authenticated project"),
      },
      { send: "DELETE /v1/api-keys/none", ...refused(404, "api key not found") },
    ],
  },
  {
    name: "a key makes no project",
    settings,
    steps: [
      {
        send: KEYS,
        headers: OWNER,
        body: { name: "k", scopes: ["*"], expires_in_days: 1, project_id: "mine" },
        status: 201,
        match: { name: "k", scopes: ["*"] },
        remember: { key: ({ json }) => (json as { key: string }).key },
      },
      {
        send: "POST /v1/projects",
        headers: { authorization: "Bearer <key>" },
        body: PROJECT,
        ...refused(403, "project creation requires internal secret"),
      },
      ...["GET /v1/projects", "GET /v1/projects?org_id=local"].map((send) => ({
        send,
        headers: { authorization: "Bearer <key>" },
        ...refused(403, "project listing requires internal secret"),
      })),
      { send: "GET /v1/projects/mine", headers: { authorization: "Bearer <key>" }, status: 200, match: { id: "mine" } },
      ...["GET", "DELETE"].map((method) => ({
        send: `${method} /v1/projects/other`,
        headers: { authorization: "Bearer <key>" },
        ...refused(403, "access denied"),
      })),
    ],
  },
  {
    name: "what another project has is not found",
    alone: true,
    given: [queued()],
    steps: [
      { send: "GET /v1/runs/<run>", headers: { "x-project-id": "other" }, ...refused(404, "run not found") },
      { send: "DELETE /v1/runs/<run>", headers: { "x-project-id": "other" }, ...refused(404, "run not found") },
      { send: "GET /v1/runs", headers: { "x-project-id": "other" }, status: 200, match: { data: [] } },
      { send: "GET /v1/runs", headers: { "x-project-id": "default" }, status: 200, match: { data: [{ id: "<run>" }] } },
    ],
  },
];
