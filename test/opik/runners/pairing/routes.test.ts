import { beforeEach, describe, expect, test } from "vitest";
import type { Reply } from "../../../support/call.ts";
import { activationHmac, createProject } from "../../../support/pairing.ts";
import { startTestServer, type TestServer } from "../../../support/server.ts";

const SESSIONS = "/v1/private/pairing/sessions";
const KEY = Buffer.alloc(32, 7);
const UNKNOWN = "01999999-0000-7000-8000-000000000000";

interface Session {
  session_id: string;
  runner_id: string;
}

let world: TestServer;
let projectId: string;

beforeEach(async () => {
  world = await startTestServer({ workspaces: ["default", "other"] });
  projectId = await createProject(world.call, "demo");
});

function createSession(change: object = {}): Promise<Reply> {
  const body = { project_id: projectId, activation_key: KEY.toString("base64"), type: "endpoint", ...change };
  return world.call("POST", SESSIONS, { body });
}

async function openSession(change?: object): Promise<Session> {
  return (await createSession(change)).json as Session;
}

interface Activation {
  name?: string;
  hmac?: string;
  workspace?: string;
}

function activate({ session_id }: Pick<Session, "session_id">, activation: Activation = {}): Promise<Reply> {
  const { name = "laptop", hmac = activationHmac(KEY, session_id, name).toString("base64") } = activation;
  return world.call("POST", `${SESSIONS}/${session_id}/activate`, {
    headers: { "comet-workspace": activation.workspace },
    body: { runner_name: name, hmac },
  });
}

function getRunner(id: string): Promise<Reply> {
  return world.call("GET", `/v1/private/local-runners/${id}`);
}

describe("opening a session", () => {
  test("gives the ids of the session and of a runner that does not exist yet", async () => {
    const reply = await createSession();
    expect(reply.status).toBe(201);
    expect(reply.headers.location).toBeUndefined();
    expect(Object.keys(reply.json as Session)).toEqual(["session_id", "runner_id"]);
    expect((await getRunner((reply.json as Session).runner_id)).status).toBe(404);
  });

  test("emits an event with the runner that may be paired, and until when", async () => {
    const { runner_id } = await openSession({ ttl_seconds: 120, type: "connect" });
    const payload = {
      ...{ runner_id, type: "connect", project_id: projectId, workspace: "default" },
      expires_at: new Date(world.clock.now() + 120_000).toISOString(),
    };
    expect(world.seen).toContainEqual({ name: "pairing:session:created", payload });
  });

  test.for([
    [{ project_id: null }, ["projectId must not be null"]],
    [{ project_id: "" }, ["projectId must not be null"]],
    [{ activation_key: null }, ["activationKey must not be blank"]],
    [{ activation_key: "" }, ["activationKey must not be blank", "activationKey size must be between 43 and 44"]],
    [{ activation_key: " ".repeat(43) }, ["activationKey must not be blank"]],
    [{ activation_key: "A".repeat(42) }, ["activationKey size must be between 43 and 44"]],
    [{ activation_key: "A".repeat(45) }, ["activationKey size must be between 43 and 44"]],
    [{ ttl_seconds: 59 }, ["ttlSeconds must be greater than or equal to 60"]],
    [{ ttl_seconds: 601 }, ["ttlSeconds must be less than or equal to 600"]],
    [{ type: null }, ["type must not be null"]],
  ] as const)("with %j is refused", async ([change, errors]) => {
    const reply = await createSession(change);
    expect(reply.status).toBe(422);
    expect((reply.json as { errors: string[] }).errors.toSorted()).toEqual(errors);
  });

  test.for([
    [{ activation_key: `${"A".repeat(42)}-` }, 400, "activation_key must be valid base64"],
    [{ activation_key: `${"A".repeat(42)}=` }, 400, "activation_key must be valid base64"],
    [{ activation_key: "A".repeat(44) }, 400, "activation_key must decode to exactly 32 bytes"],
    [{ activation_key: `${"A".repeat(42)}==` }, 400, "activation_key must decode to exactly 32 bytes"],
  ] as const)("with %j is answered %i %s", async ([change, status, message]) => {
    const reply = await createSession({ ...change, project_id: UNKNOWN });
    expect([reply.status, reply.json]).toEqual([status, { code: status, message }]);
  });

  test("for a project that is not there, or not in this workspace, is refused", async () => {
    const notFound = [404, '{"errors":["Project not found"]}'];
    const unknown = await createSession({ project_id: UNKNOWN });
    expect([unknown.status, unknown.text]).toEqual(notFound);
    projectId = await createProject(world.call, "theirs", "other");
    const foreign = await createSession();
    expect([foreign.status, foreign.text]).toEqual(notFound);
  });

  test("takes a key without padding, for a runner of one of the two types", async () => {
    expect((await createSession({ activation_key: KEY.toString("base64").slice(0, 43), type: "connect" })).status).toBe(
      201,
    );
    expect((await createSession({ type: "CONNECT" })).text).toContain("Unknown runner type: CONNECT");
  });
});

describe("activating a session", () => {
  test("makes the runner", async () => {
    const session = await openSession({ type: "connect" });
    const reply = await activate(session, { name: " Büro 💻" });
    expect([reply.status, reply.text]).toEqual([201, ""]);
    expect(reply.headers.location).toBe(`${world.url}/v1/private/local-runners/${session.runner_id}`);
    expect((await getRunner(session.runner_id)).json).toMatchObject({
      id: session.runner_id,
      name: " Büro 💻",
      project_id: projectId,
      status: "connected",
      type: "connect",
    });
  });

  test.for([
    [{ runner_name: null }, ["runnerName must not be blank"]],
    [{ runner_name: "" }, ["runnerName must not be blank"]],
    [{ runner_name: "x".repeat(129) }, ["runnerName size must be between 0 and 128"]],
    [{ hmac: undefined }, ["hmac must not be blank"]],
    [{ hmac: "" }, ["hmac must not be blank", "hmac size must be between 43 and 44"]],
    [{ hmac: "A".repeat(45) }, ["hmac size must be between 43 and 44"]],
  ] as const)("with %j is refused before the session is looked at", async ([change, errors]) => {
    const body = { runner_name: "laptop", hmac: "A".repeat(43), ...change };
    const reply = await world.call("POST", `${SESSIONS}/${UNKNOWN}/activate`, { body });
    expect(reply.status).toBe(422);
    expect((reply.json as { errors: string[] }).errors.toSorted()).toEqual(errors);
  });

  test("needs a session of this workspace", async () => {
    const session = await openSession();
    for (const [{ session_id }, workspace] of [
      [{ session_id: UNKNOWN }, "default"],
      [session, "other"],
    ] as const) {
      const reply = await activate({ session_id }, { workspace });
      expect(reply.json).toEqual({ code: 404, message: `Pairing session not found: ${session_id}` });
    }
  });

  test("with a wrong proof is refused, and the session stays usable", async () => {
    const session = await openSession();
    for (const hmac of [
      "A".repeat(43),
      "*".repeat(43),
      activationHmac(KEY, session.session_id, "other").toString("base64"),
    ]) {
      expect((await activate(session, { hmac })).json).toEqual({ code: 403, message: "Invalid activation hmac" });
    }
    expect((await activate(session)).status).toBe(201);
  });

  test.for([
    [undefined, 300],
    [60, 60],
  ] as const)("is possible for the time of the session (asked for %s: %i s)", async ([ttl_seconds, seconds]) => {
    // Off the reaper's beat, so that it is not the reaper that ends the sessions.
    await world.clock.advance(1);
    const [early, late] = [await openSession({ ttl_seconds, type: "connect" }), await openSession({ ttl_seconds })];
    await world.clock.advance(seconds * 1000 - 1);
    expect((await activate(early)).status).toBe(201);
    await world.clock.advance(1);
    expect((await activate(late)).status).toBe(404);
    expect((await activate(early)).status, "also of one that was activated").toBe(404);
  });

  test("evicts the runner of the same type, not that of the other", async () => {
    const [older, other, newer] = [await openSession(), await openSession({ type: "connect" }), await openSession()];
    for (const session of [older, other, newer]) expect((await activate(session)).status).toBe(201);
    expect((await getRunner(older.runner_id)).status).toBe(404);
    expect((await getRunner(other.runner_id)).status).toBe(200);
    expect((await getRunner(newer.runner_id)).status).toBe(200);
  });

  test("a second time changes nothing", async () => {
    const [older, newer] = [await openSession(), await openSession()];
    for (const session of [older, newer]) await activate(session);
    const reply = await activate(older);
    expect([reply.status, reply.text]).toEqual([409, `{"errors":["Session already activated: ${older.session_id}"]}`]);
    expect((await getRunner(older.runner_id)).status, "not revived").toBe(404);
    expect((await getRunner(newer.runner_id)).status, "not evicted").toBe(200);
    expect((await activate(older, { hmac: "A".repeat(43) })).status, "the proof is checked first").toBe(403);
  });

  test("is forgotten when the session's time is over", async () => {
    const { database } = world.server;
    const count = database.prepare<[], number>("SELECT count(*) FROM pairing_sessions").pluck();
    await openSession({ ttl_seconds: 60 });
    expect(count.get()).toBe(1);
    await world.clock.advance(60_000);
    expect(count.get()).toBe(0);
  });
});
