import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { VirtualClock } from "../../src/core/virtual-clock.ts";
import { createOpikLocal } from "../../src/server.ts";
import { temporaryFolder } from "../e2e/support/temporary-folder.ts";
import { type Assignable, ASSIGNABLES, pollOnConnection, type PollingConnection } from "../support/assignable.ts";
import { type Caller, createCaller } from "../support/call.ts";
import { settled, stopWhenFinished } from "../support/leaks.ts";
import { expectStatus } from "../support/pairing.ts";
import { startTestServer, type TestServer } from "../support/server.ts";

const KINDS = Object.entries(ASSIGNABLES);

/** An acknowledgement by a connection is written at the latest after this time, in milliseconds. */
const WRITE_DELAY_MS = 50;

interface World {
  kind: Assignable;
  server: TestServer;
  /** Polls on a connection of its own, and returns when the server holds it as the only one. */
  poll(): Promise<PollingConnection>;
  /** Creates one while a poll is open, which is answered with it. Returns its id. */
  assign(): Promise<string>;
  /** Ends the server and starts the next one on its database: after a stop, or on the files that a kill leaves. */
  restart(how: "stop" | "kill"): Promise<Caller>;
}

async function createWorld(prepare: (call: Caller) => Promise<Assignable>): Promise<World> {
  const folder = temporaryFolder();
  const database = join(folder, "opik-local.db");
  const server = await startTestServer({ database });
  const kind = await prepare(server.call);
  return {
    kind,
    server,
    poll: async () => {
      const connection = await pollOnConnection(server.url, kind.pollPath);
      await server.untilPollsHeld(1);
      return connection;
    },
    assign: async () => {
      const id = await kind.create(server.call);
      await server.untilPollsHeld(0);
      expect(await kind.status(server.call, id)).toBe(kind.statuses.assigned);
      return id;
    },
    restart: async (how) => {
      const killed = join(folder, "killed.db");
      for (const suffix of ["", "-wal"]) copyFileSync(database + suffix, killed + suffix);
      await server.server.stop();
      const config = { database: how === "kill" ? killed : database, port: 0 };
      const next = createOpikLocal({ config, clock: new VirtualClock(server.clock.now()) });
      stopWhenFinished(next);
      return createCaller(await next.listen());
    },
  };
}

describe.each(KINDS)("a %s", (_name, prepare) => {
  describe.each(["stop", "kill"] as const)("at a %s of the server", (how) => {
    test("that no client has read is assigned again, before the others", async () => {
      const { kind, server, poll, assign, restart } = await createWorld(prepare);
      await poll();
      const first = await assign();
      const second = await kind.create(server.call);
      const call = await restart(how);
      expect(await Promise.all([first, second].map((id) => kind.status(call, id)))).toEqual(
        Array(2).fill(kind.statuses.waiting),
      );
      const { json } = await call("POST", kind.pollPath);
      expect(kind.idIn(json)).toBe(first);
    });

    test("that its client has read stays with it, as another request on the connection shows", async () => {
      const { kind, server, poll, assign, restart } = await createWorld(prepare);
      const connection = await poll();
      const id = await assign();
      expect(kind.idIn(await connection.read())).toBe(id);
      connection.poll();
      await server.untilPollsHeld(1);
      await server.clock.advance(WRITE_DELAY_MS);
      const call = await restart(how);
      expect(await kind.status(call, id)).toBe(kind.statuses.assigned);
    });

    test("that its client has reported on stays with it", async ({ skip }) => {
      const { kind, server, poll, assign, restart } = await createWorld(prepare);
      if (kind.report === undefined) skip("there is no report but the last");
      const connection = await poll();
      const id = await assign();
      const answer = await connection.read();
      const reported = await kind.report!(server.call, id, answer);
      expect(reported.status).toBeLessThan(300);
      const call = await restart(how);
      expect(await kind.status(call, id)).toBe(kind.statuses.assigned);
      expect((await kind.complete(call, id, answer)).status).toBeLessThan(300);
      expect(await kind.status(call, id)).toBe("completed");
    });
  });

  test("that a client which hangs has never read goes to a living one when it dies", async () => {
    const { kind, server, poll, assign } = await createWorld(prepare);
    const hung = await poll();
    const id = await assign();
    const living = await poll();
    // As an operating system does whose process dies with unread bytes.
    hung.socket.resetAndDestroy();
    expect(kind.idIn(await living.read())).toBe(id);
    expect(await kind.status(server.call, id)).toBe(kind.statuses.assigned);
  });

  test("that its client has read and left stays assigned", async () => {
    const { kind, server, poll, assign } = await createWorld(prepare);
    const reader = await poll();
    const id = await assign();
    await reader.read();
    reader.socket.end();
    const other = await poll();
    other.socket.destroy();
    await settled(() => server.server.openPolls.count === 0);
    expect(await kind.status(server.call, id)).toBe(kind.statuses.assigned);
  });
});

describe("a cancelled job", () => {
  test.for(["stop", "kill"] as const)(
    "is reported again when a %s of the server comes before the heartbeat's answer is read",
    async (how) => {
      const { kind, server, restart } = await createWorld(ASSIGNABLES.job);
      const id = await kind.create(server.call);
      await server.call("POST", kind.pollPath);
      expectStatus(await server.call("POST", `/v1/private/local-runners/jobs/${id}/cancel`), 204);
      const heartbeats = kind.pollPath.replace("jobs/next", "heartbeats");
      const unread = await pollOnConnection(server.url, heartbeats);
      await settled(() => unread.socket.bytesWritten > 0);
      await settled(() => server.seen.some(({ payload }) => isAnswerTo(payload, heartbeats)));
      const call = await restart(how);
      expect((await call("POST", heartbeats)).json).toEqual({ cancelled_job_ids: [id] });
      expect((await call("POST", heartbeats)).json).toEqual({ cancelled_job_ids: [] });
    },
  );
});

function isAnswerTo(payload: unknown, path: string): boolean {
  const { path: answered, status } = payload as { path?: string; status?: number };
  return answered === path && status === 200;
}
