import { expect, test } from "vitest";
import { createProject } from "../../support/pairing.ts";
import { startTestServer } from "../../support/server.ts";

const PROJECTS = "/v1/private/projects";

test("a project is created, and found by its name in any case", async () => {
  const { call, url, seen } = await startTestServer();
  const created = await call("POST", PROJECTS, { body: { name: "Demo", description: "d" } });
  expect([created.status, created.text]).toEqual([201, ""]);
  const retrieved = await call("POST", `${PROJECTS}/retrieve`, { body: { name: "dEMO" }, gzip: true });
  const { id } = retrieved.json as { id: string };
  expect(created.headers.location).toBe(`${url}${PROJECTS}/${id}`);
  expect(retrieved.json).toEqual({
    id,
    name: "Demo",
    visibility: "private",
    description: "d",
    created_at: "2026-01-01T00:00:00.000Z",
    created_by: "admin",
    last_updated_at: "2026-01-01T00:00:00.000Z",
    last_updated_by: "admin",
  });
  expect((await call("GET", `${PROJECTS}/${id}`)).json).toEqual(retrieved.json);
  expect(seen).toContainEqual({ name: "project:created", payload: { id, name: "Demo", workspace: "default" } });
});

test("a name is taken in any case, and in one workspace only", async () => {
  const { call } = await startTestServer({ workspaces: ["any"] });
  await createProject(call, "demo");
  const again = await call("POST", PROJECTS, { body: { name: "DEMO" } });
  expect([again.status, again.text]).toEqual([409, '{"errors":["Project already exists"]}']);
  const headers = { "comet-workspace": "elsewhere" };
  expect((await call("POST", PROJECTS, { body: { name: "DEMO" }, headers })).status).toBe(201);
});

test("what is missing is a 404, also for the owner of another workspace", async () => {
  const { call, server } = await startTestServer({ workspaces: ["any"] });
  const id = await createProject(call, "demo");
  const notFound = '{"errors":["Project not found"]}';
  const headers = { "comet-workspace": "elsewhere" };
  for (const reply of [
    await call("POST", `${PROJECTS}/retrieve`, { body: { name: "other" } }),
    await call("GET", `${PROJECTS}/${server.ids.uuid()}`),
    await call("GET", `${PROJECTS}/${id}`, { headers }),
    await call("POST", `${PROJECTS}/retrieve`, { body: { name: "demo" }, headers }),
  ]) {
    expect([reply.status, reply.text]).toEqual([404, notFound]);
  }
});

test.for([
  [{}, ["name must not be blank"]],
  [{ name: " " }, ["name must not be blank"]],
  [{ name: "x", description: "x".repeat(256) }, ["description cannot exceed 255 characters"]],
] as const)("%j is refused as the bean validation words it", async ([body, errors]) => {
  const { call } = await startTestServer();
  const reply = await call("POST", PROJECTS, { body });
  expect([reply.status, reply.json]).toEqual([422, { errors }]);
});

test("a list has pages, newest first, and finds a part of a name", async () => {
  const { call, clock } = await startTestServer();
  for (const name of ["alpha", "Beta", "alphabet"]) {
    await createProject(call, name);
    await clock.advance(1);
  }
  const names = async (query: string): Promise<unknown> => {
    const { page, size, total, content } = (await call("GET", `${PROJECTS}?${query}`)).json as {
      page: number;
      size: number;
      total: number;
      content: Array<{ name: string }>;
    };
    return [page, size, total, content.map((project) => project.name)];
  };
  expect(await names("")).toEqual([1, 3, 3, ["alphabet", "Beta", "alpha"]]);
  expect(await names("page=2&size=2")).toEqual([2, 1, 3, ["alpha"]]);
  expect(await names("page=3&size=2")).toEqual([3, 0, 0, []]);
  expect(await names("name=BET")).toEqual([1, 2, 2, ["alphabet", "Beta"]]);
  const sorting = encodeURIComponent('[{"field":"name","direction":"ASC"}]');
  expect(await names(`sorting=${sorting}`)).toEqual([1, 3, 3, ["alpha", "alphabet", "Beta"]]);
  expect(await names(`sorting=${encodeURIComponent('[{"field":"unknown"}]')}`)).toEqual([
    1,
    3,
    3,
    ["alphabet", "Beta", "alpha"],
  ]);
  const wrong = await call("GET", `${PROJECTS}?sorting=name`);
  expect([wrong.status, wrong.text]).toEqual([
    400,
    '{"code":400,"message":"Invalid sorting query parameter \'name\'"}',
  ]);
});

test("deleting is answered alike whether there was one", async () => {
  const { call, seen } = await startTestServer();
  const id = await createProject(call, "demo");
  expect((await call("DELETE", `${PROJECTS}/${id}`)).status).toBe(204);
  expect((await call("DELETE", `${PROJECTS}/${id}`)).status).toBe(204);
  expect((await call("GET", `${PROJECTS}/${id}`)).status).toBe(404);
  expect(seen.filter(({ name }) => name === "project:deleted")).toEqual([
    { name: "project:deleted", payload: { id, workspace: "default" } },
  ]);
});

test("the projects that were written to last can be listed first", async () => {
  const { call, server, clock } = await startTestServer();
  await createProject(call, "old");
  await createProject(call, "new");
  const start_time = "2026-01-01T00:00:00Z";
  await clock.advance(1_000);
  await call("POST", "/v1/private/traces", { body: { id: server.ids.uuid(), project_name: "OLD", start_time } });
  const sorting = encodeURIComponent('[{"field":"last_updated_trace_at","direction":"DESC"}]');
  const page = await call("GET", `${PROJECTS}?sorting=${sorting}`);
  expect((page.json as { content: object[] }).content).toMatchObject([
    { name: "old", last_updated_trace_at: "2026-01-01T00:00:01Z" },
    { name: "new" },
  ]);
});
