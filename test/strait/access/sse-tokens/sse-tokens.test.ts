import { decodeJwt } from "jose";
import { describe, expect, test } from "vitest";
import { startRun } from "../../executor.ts";
import { createStraitWorld, type StraitWorld } from "../../world.ts";

const SECRET = "a secret of the server";
const MINUTE = 60_000;

/** A world with keys, in whose project `default` a run waits for the event `go`. */
async function waitingWorld(): Promise<{ world: StraitWorld; keyed: (scopes: string[]) => Promise<string> }> {
  const world = createStraitWorld({ requireApiKey: true, internalSecret: SECRET });
  const owner = { "x-internal-secret": SECRET };
  const asOwner: StraitWorld = {
    ...world,
    call: (method, path, body, headers) => world.call(method, path, body, { ...owner, ...headers }),
    job: async (definition) => {
      const body = { name: "job", slug: "job", ...definition };
      return (await world.call("POST", "/v1/jobs", body, owner)).json.id as string;
    },
  };
  const executor = await startRun(asOwner);
  await executor.sdk("POST", "/wait-for-event", { event_key: "go" });
  const keyed = async (scopes: string[], project_id = "default"): Promise<string> => {
    const made = await world.call("POST", "/v1/api-keys", { project_id, name: "k", scopes, expires_in_days: 1 }, owner);
    return `Bearer ${made.json.key}`;
  };
  return { world, keyed };
}

describe("a token for streams", () => {
  test("says for five minutes what its maker may do, in the address of a wait's stream", async () => {
    const { world, keyed } = await waitingWorld();
    await using _ = world;
    const authorization = await keyed(["runs:read"]);
    const made = await world.call("POST", "/v1/sse-token", undefined, { authorization });
    expect([made.status, made.json.expires_at]).toEqual([201, "2026-01-01T00:05:00Z"]);
    expect(decodeJwt(made.json.token)).toMatchObject({ iss: "strait:sse", pid: "default", scp: ["runs:read"] });

    const path = `/v1/events/go/stream?token=${made.json.token}`;
    const stream = await world.server.app.request(path);
    expect([stream.status, stream.headers.get("content-type")]).toEqual([200, "text/event-stream"]);
    await stream.body?.cancel();
    await world.clock.advance(5 * MINUTE);
    const late = await world.call("GET", path);
    expect([late.status, late.json.error.message]).toEqual([401, "invalid or expired SSE token"]);
  });

  test("opens nothing else, and no other token opens it", async () => {
    const { world, keyed } = await waitingWorld();
    await using _ = world;
    const authorization = await keyed(["*"]);
    const { json } = await world.call("POST", "/v1/sse-token", undefined, { authorization });
    const refusal = async (path: string): Promise<string> => {
      const answered = await world.call("GET", path);
      return `${answered.status} ${answered.json.error.message}`;
    };
    expect(await refusal(`/v1/events/go?token=${json.token}`)).toBe("401 invalid or missing internal secret");
    expect(await refusal(`/v1/runs/none/stream?token=${json.token}`)).toBe("401 invalid or missing internal secret");
    expect(await refusal(`/v1/events/go/stream?token=${json.token}x`)).toBe("401 invalid or expired SSE token");
    expect(await refusal(`/v1/events/none/stream?token=${json.token}`)).toBe("404 event trigger not found");
  });

  test("needs the right to read runs, and gives no more than it had", async () => {
    const { world, keyed } = await waitingWorld();
    await using _ = world;
    const refused = await world.call("POST", "/v1/sse-token", undefined, { authorization: await keyed(["jobs:read"]) });
    expect([refused.status, refused.json.error.message]).toEqual([403, "insufficient permissions: requires runs:read"]);
  });
});
