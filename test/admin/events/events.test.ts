import { describe, expect, onTestFinished, test } from "vitest";
import { MAX_RECENT } from "../../../src/admin/events/recent.ts";
import type { Config } from "../../../src/config.ts";
import { openStream, type StreamReader } from "../../support/event-stream-reader.ts";
import { startTestServer, type TestServer } from "../../support/server.ts";

const OWNER = { workspace: "default", user: "admin" };

interface World extends TestServer {
  follow(query?: string, lastEventId?: string): Promise<StreamReader>;
  project(name: string): string;
}

async function createWorld(config: Partial<Config> = {}): Promise<World> {
  const server = await startTestServer(config);
  return {
    ...server,
    follow: async (query = "", lastEventId) => {
      const stream = await openStream(`${server.url}/__local/events${query}`, lastEventId);
      onTestFinished(() => stream.leave());
      return stream;
    },
    project: (name) => server.server.opik.projects.getOrCreate(OWNER, name),
  };
}

/** The names of the next events of a stream. */
async function names(stream: StreamReader, count: number): Promise<Array<string | undefined>> {
  const found: Array<string | undefined> = [];
  for (let index = 0; index < count; index += 1) found.push((await stream.next())?.event);
  return found;
}

describe("GET /__local/events", () => {
  test("streams each change with its sequence, time, name, workspace and payload", async () => {
    const { follow, project, clock, server } = await createWorld();
    const stream = await follow();
    expect(stream.headers.get("content-type")).toBe("text/event-stream");
    expect(await stream.next()).toMatchObject({ event: "ready", data: '{"sequence":0}' });
    await clock.advance(1_500);
    const id = project("shop");
    const event = await stream.next();
    expect(event?.event).toBe("project:created");
    expect(JSON.parse(event?.data ?? "")).toEqual({
      sequence: server.events.sequence,
      time: "2026-01-01T00:00:01.500Z",
      name: "project:created",
      workspace: "default",
      payload: { id, name: "shop", workspace: "default" },
    });
  });

  test("shows no events of requests", async () => {
    const { follow, project, call } = await createWorld();
    const stream = await follow();
    await call("GET", "/__local/state");
    project("shop");
    expect(await names(stream, 2)).toEqual(["ready", "project:created"]);
  });

  test("filters by name and by what an event is about", async () => {
    const { follow, server, project } = await createWorld();
    const [shop, bank] = [project("shop"), project("bank")];
    const byName = await follow("?name=runner:removed,project:*");
    const byProject = await follow(`?project=${bank}`);
    const byRunner = await follow("?runner=0198c0de-0000-7000-8000-000000000002");
    const elsewhere = await follow("?workspace=other");
    const activate = (id: string, projectId: string): void =>
      server.opik.runners.activate(OWNER, { id, projectId, type: "endpoint", name: "laptop", keepAlive: true });
    activate("0198c0de-0000-7000-8000-000000000001", shop);
    activate("0198c0de-0000-7000-8000-000000000002", bank);
    server.opik.runners.disconnect(OWNER, "0198c0de-0000-7000-8000-000000000001");
    project("farm");
    server.reset();
    expect(await names(byName, 3)).toEqual(["ready", "runner:removed", "project:created"]);
    expect(await names(byProject, 2)).toEqual(["ready", "runner:connected"]);
    expect(await names(byRunner, 2)).toEqual(["ready", "runner:connected"]);
    expect(await names(elsewhere, 1)).toEqual(["ready"]);
    for (const stream of [byProject, byRunner, elsewhere]) await stream.leave();
  });

  test("finds the job and the run of an event", async () => {
    const { follow, call, server } = await createWorld();
    const made = await call("POST", "/v1/jobs", { body: { name: "a", slug: "a", execution_mode: "worker" } });
    const { id: jobId } = made.json as { id: string };
    const ofJob = await follow(`?job=${jobId}`);
    const first = await call("POST", `/v1/jobs/${jobId}/trigger`, { body: {} });
    const { id } = first.json as { id: string };
    const ofRun = await follow(`?run=${id}`);
    await call("POST", "/__local/runs/next");
    expect(await names(ofJob, 3)).toEqual(["ready", "run:created", "run:status:changed"]);
    expect(await names(ofRun, 2)).toEqual(["ready", "run:status:changed"]);
    server.reset();
  });

  test.for([
    ["?name=job:status:change", 'There is no event "job:status:change". Did you mean job:status:changed?'],
    ["?name=jobs:*", 'There is no event "jobs:*".'],
  ] as const)("refuses %s", async ([query, message]) => {
    const { call } = await createWorld();
    const refused = await call("GET", `/__local/events${query}`);
    expect(refused).toMatchObject({ status: 400, json: { error: { message: expect.stringContaining(message) } } });
  });

  test("refuses more streams than the limit", async () => {
    const { follow, call } = await createWorld({ maxEventStreams: 1 });
    const stream = await follow();
    expect(await call("GET", "/__local/events")).toMatchObject({ status: 503 });
    await stream.leave();
  });

  test("is guarded by the key of the server", async () => {
    const { call } = await createWorld({ apiKey: "secret" });
    expect(await call("GET", "/__local/events")).toMatchObject({ status: 401 });
  });
});

describe("a client that comes again", () => {
  test("gets what it has missed, and nothing twice", async () => {
    const { follow, project } = await createWorld();
    const stream = await follow("?name=project:*");
    await stream.next();
    project("first");
    const last = await stream.next();
    await stream.leave();
    project("second");
    const again = await follow("?name=project:*", last?.id);
    project("third");
    expect([(await again.nextJson()).payload.name, (await again.nextJson()).payload.name]).toEqual(["second", "third"]);
  });

  test("receives a gap when its last event is too old", async () => {
    const { follow, project, server } = await createWorld();
    const stream = await follow();
    const ready = await stream.next();
    for (let number = 0; number <= MAX_RECENT; number += 1) server.events.emit("client:notice", { message: "x" });
    const again = await follow("", ready?.id);
    const gap = await again.next();
    expect(gap?.event).toBe("gap");
    expect(JSON.parse(gap?.data ?? "")).toEqual({ sequence: MAX_RECENT + 2, last_event_id: ready?.id });
    project("shop");
    expect((await again.next())?.event).toBe("project:created");
  });

  test.for(["1", "0-1", "no id"])(
    "receives a gap when its last event is of no stream of this server: %s",
    async (id) => {
      const { follow } = await createWorld();
      expect(await names(await follow("", id), 1)).toEqual(["gap"]);
    },
  );

  test("receives a gap a minute after the last stream ended, when nothing is recorded", async () => {
    const { follow, project, clock } = await createWorld();
    const stream = await follow();
    const ready = await stream.next();
    await stream.leave();
    project("shop");
    const soon = await follow("", ready?.id);
    expect(await names(soon, 1)).toEqual(["project:created"]);
    await soon.leave();
    const aMinuteLater = async (): Promise<unknown> => {
      // The server may not know yet that the stream was left.
      await clock.advance(60_000);
      const later = await follow("", ready?.id);
      const [name] = await names(later, 1);
      await later.leave();
      return name;
    };
    await expect.poll(aMinuteLater).toBe("gap");
  });
});

test("a stream reports a reset and goes on", async () => {
  const { follow, project, server } = await createWorld();
  const stream = await follow();
  server.reset();
  project("shop");
  expect(await names(stream, 3)).toEqual(["ready", "server:reset", "project:created"]);
});
