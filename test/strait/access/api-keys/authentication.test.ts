import { describe, expect, test } from "vitest";
import { createStraitWorld, type StraitWorld } from "../../world.ts";

const SECRET = "a secret of the server";
const DAY = 86_400_000;

function createWorld(): StraitWorld {
  return createStraitWorld({ requireApiKey: true, internalSecret: SECRET });
}

async function makeKey(world: StraitWorld, request: object = {}): Promise<{ id: string; key: string }> {
  const body = { project_id: "acme", name: "ci", scopes: ["*"], expires_in_days: 30, ...request };
  const made = await world.call("POST", "/v1/api-keys", body, { "x-internal-secret": SECRET });
  expect(made.status).toBe(201);
  return made.json;
}

async function listJobs(world: StraitWorld, headers: Record<string, string>): Promise<string> {
  const { status, json } = await world.call("GET", "/v1/jobs", undefined, headers);
  return `${status} ${json.error?.message ?? ""}`;
}

describe("with keys asked for", () => {
  test("a request without a key or the secret is refused", async () => {
    await using world = createWorld();
    const refused = "401 invalid or missing internal secret";
    expect(await listJobs(world, {})).toBe(refused);
    expect(await listJobs(world, { authorization: "Bearer something" })).toBe(refused);
    expect(await listJobs(world, { "x-internal-secret": `${SECRET}!` })).toBe(refused);
    expect(await listJobs(world, { authorization: `Bearer strait_${"0".repeat(64)}` })).toBe("401 invalid api key");
    expect(await listJobs(world, { "x-internal-secret": SECRET })).toBe("200 ");
    expect(await listJobs(world, { authorization: `Bearer ${SECRET}` })).toBe("200 ");
  });

  test("an empty header is as good as none: what stands in the other one counts", async () => {
    await using world = createWorld();
    const headers = { "x-internal-secret": "", authorization: `Bearer ${SECRET}` };
    expect(await listJobs(world, headers)).toBe("200 ");
    expect(await listJobs(world, { ...headers, authorization: "" })).toBe("401 invalid or missing internal secret");
  });

  test("a key is shown once, works, and stops working when revoked or expired", async () => {
    await using world = createWorld();
    const short = await makeKey(world, { expires_in_days: 1 });
    const long = await makeKey(world);
    expect(short.key).toMatch(/^strait_[0-9a-f]{64}$/);
    const bearer = ({ key }: { key: string }) => ({ authorization: `Bearer ${key}` });
    const list = await world.call("GET", "/v1/api-keys", undefined, bearer(long));
    expect(list.text).not.toContain(short.key);
    expect(list.json.data.map(({ key_prefix }: { key_prefix: string }) => key_prefix)).toEqual([
      long.key.slice(0, 12),
      short.key.slice(0, 12),
    ]);
    expect(await listJobs(world, bearer(short))).toBe("200 ");
    await world.clock.advance(DAY);
    expect(await listJobs(world, bearer(short))).toBe("401 api key has expired");
    const revoked = await world.call("DELETE", `/v1/api-keys/${long.id}`, undefined, bearer(long));
    expect([revoked.status, revoked.json]).toEqual([200, { status: "revoked" }]);
    expect(await listJobs(world, bearer(long))).toBe("401 api key has been revoked");
  });

  test("a rotated key works on for its grace period", async () => {
    await using world = createWorld();
    const old = await makeKey(world);
    const authorization = `Bearer ${old.key}`;
    const path = `/v1/api-keys/${old.id}/rotate`;
    const fresh = await world.call("POST", path, { grace_period_minutes: 5 }, { authorization });
    expect(fresh.json.key).not.toBe(old.key);
    await world.clock.advance(4 * 60_000);
    expect(await listJobs(world, { authorization })).toBe("200 ");
    await world.clock.advance(60_000);
    expect(await listJobs(world, { authorization })).toBe("401 api key rotation grace period has ended");
    expect(await listJobs(world, { authorization: `Bearer ${fresh.json.key}` })).toBe("200 ");
  });

  test("a key does what its scopes say", async () => {
    await using world = createWorld();
    const { key } = await makeKey(world, { scopes: ["jobs:read"] });
    const authorization = `Bearer ${key}`;
    expect(await listJobs(world, { authorization })).toBe("200 ");
    const refused = await world.call("POST", "/v1/jobs", {}, { authorization });
    expect([refused.status, refused.json.error.message]).toEqual([
      403,
      "insufficient permissions: requires jobs:write",
    ]);
    const project = await world.call("POST", "/v1/projects", { id: "p", org_id: "o", name: "pp" }, { authorization });
    expect(project.status).toBe(403);
  });

  test("a key sees nothing of other projects, and makes nothing in them", async () => {
    await using world = createWorld();
    const acme = await makeKey(world);
    const other = await makeKey(world, { project_id: "other" });
    const body = { project_id: "acme", name: "a", slug: "a", endpoint_url: "http://localhost/" };
    const foreign = await world.call("POST", "/v1/jobs", body, { authorization: `Bearer ${other.key}` });
    expect([foreign.status, foreign.json.error.message]).toEqual([
      403,
      "project_id does not match authenticated project",
    ]);
    const made = await world.call("POST", "/v1/jobs", body, { authorization: `Bearer ${acme.key}` });
    expect(made.json).toMatchObject({ project_id: "acme", created_by: `apikey:${acme.id}` });
    const path = `/v1/jobs/${made.json.id}`;
    expect((await world.call("GET", path, undefined, { authorization: `Bearer ${acme.key}` })).status).toBe(200);
    expect((await world.call("GET", path, undefined, { authorization: `Bearer ${other.key}` })).status).toBe(404);
  });

  test.for([
    [{ name: "x" }, 400, "scopes must contain at least one explicit permission"],
    [{ name: "x", scopes: ["jobs:dance"] }, 400, 'unknown scope: "jobs:dance"'],
    [
      { name: "x", scopes: ["*"] },
      400,
      "expires_in_days is required when project max_key_lifetime_days is not configured",
    ],
    [{ scopes: ["*"] }, 422, "validation failed"],
    [{ name: "x", scopes: ["*"], expires_in_days: 36_501 }, 422, "validation failed"],
  ] as const)("a key cannot be made of %j", async ([body, status, message]) => {
    await using world = createWorld();
    const answer = await world.call("POST", "/v1/api-keys", body, { "x-internal-secret": SECRET });
    expect([answer.status, answer.json.error.message]).toEqual([status, message]);
  });
});

describe("with a key of the server's own", () => {
  const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

  test("it is asked for without any other setting, and opens everything", async () => {
    await using world = createStraitWorld({ apiKey: "k3y" });
    const refused = "401 invalid or missing internal secret";
    expect(await listJobs(world, {})).toBe(refused);
    expect(await listJobs(world, bearer("other"))).toBe(refused);
    expect(await listJobs(world, { "x-internal-secret": "k3y!" })).toBe(refused);
    expect(await listJobs(world, { "x-internal-secret": "k3y" })).toBe("200 ");
    expect(await listJobs(world, bearer("k3y"))).toBe("200 ");
    const project = { id: "acme", org_id: "org", name: "Acme" };
    expect((await world.call("POST", "/v1/projects", project, bearer("k3y"))).status).toBe(201);
  });

  test("it needs no project, and what it triggers still runs by its token alone", async () => {
    await using world = createStraitWorld({ apiKey: "k3y" });
    const job = { name: "a", slug: "a", endpoint_url: "http://127.0.0.1:9/", execution_mode: "worker" };
    const made = await world.call("POST", "/v1/jobs", job, bearer("k3y"));
    expect(made.json).toMatchObject({ project_id: "default", created_by: "internal" });
    const { json: run } = await world.call("POST", `/v1/jobs/${made.json.id}/trigger`, {}, bearer("k3y"));
    const log = (key: string) => world.call("POST", `/sdk/v1/runs/${run.id}/log`, { message: "hello" }, bearer(key));
    expect((await log(run.run_token)).status).toBe(201);
    expect((await log("k3y")).status).toBe(401);
    const event = await world.call("POST", "/v1/events/nobody-waits/send", { payload: 1 }, bearer("k3y"));
    expect([event.status, event.json.error.message]).toEqual([404, "event trigger not found"]);
  });

  test("keys that were made with it work beside it, also when it looks like one of them", async () => {
    await using world = createStraitWorld({ apiKey: "strait_mine" });
    const request = { project_id: "acme", name: "ci", scopes: ["jobs:read"], expires_in_days: 1 };
    const made = await world.call("POST", "/v1/api-keys", request, bearer("strait_mine"));
    expect(made.status).toBe(201);
    expect(await listJobs(world, bearer(made.json.key))).toBe("200 ");
    expect(await listJobs(world, bearer("strait_other"))).toBe("401 invalid api key");
  });

  test("it and the internal secret are both taken where both are set", async () => {
    await using world = createStraitWorld({ apiKey: "k3y", requireApiKey: true, internalSecret: SECRET });
    expect(await listJobs(world, bearer("k3y"))).toBe("200 ");
    expect(await listJobs(world, bearer(SECRET))).toBe("200 ");
    expect(await listJobs(world, {})).toBe("401 invalid or missing internal secret");
  });
});

describe("without required keys", () => {
  test("the project is the header's, else the query's, else the body's, else `default`", async () => {
    await using world = createStraitWorld();
    const make = async (query: string, body: object, headers: Record<string, string>): Promise<string> => {
      const given = { name: "a", slug: "a", endpoint_url: "http://localhost/", ...body };
      return (await world.call("POST", `/v1/jobs${query}`, given, headers)).json.project_id;
    };
    expect(await make("?project_id=query", {}, { "x-project-id": "header" })).toBe("header");
    expect(await make("?project_id=query", {}, {})).toBe("query");
    expect(await make("", { project_id: "body" }, {})).toBe("body");
    expect(await make("", {}, {})).toBe("default");
    const projects = await world.call("GET", "/v1/projects");
    expect(new Set(projects.json.data.map(({ id }: { id: string }) => id))).toEqual(
      new Set(["header", "query", "body", "default"]),
    );
  });

  test("a run is found by its id alone, but not from another project", async () => {
    await using world = createStraitWorld();
    const job = await world.job({ project_id: "acme" });
    const { json } = await world.call("POST", `/v1/jobs/${job}/trigger`);
    const get = async (headers: Record<string, string>) =>
      (await world.call("GET", `/v1/runs/${json.id}`, undefined, headers)).status;
    expect(await get({})).toBe(200);
    expect(await get({ "x-project-id": "acme" })).toBe(200);
    expect(await get({ "x-project-id": "default" })).toBe(404);
  });

  test("a key that is known still names its project and its limits; any other is let in", async () => {
    await using world = createStraitWorld();
    const request = { project_id: "acme", name: "k", scopes: ["runs:read"], expires_in_days: 1 };
    const made = await world.call("POST", "/v1/api-keys", request);
    const authorization = `Bearer ${made.json.key}`;
    expect(await listJobs(world, { authorization })).toBe("403 insufficient permissions: requires jobs:read");
    expect(await listJobs(world, { authorization: "Bearer strait_of-another-server" })).toBe("200 ");
  });
});
