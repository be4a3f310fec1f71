import { join } from "node:path";
import { expect, test } from "vitest";
import { ASSIGNABLES, pollOnConnection } from "../support/assignable.ts";
import { createCaller } from "../support/call.ts";
import { startServerProcess } from "./support/server-process.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

test.for(["terminate", "kill"] as const)(
  "what no client has read when %s ends the server goes to the next poller, before what came later",
  async (end) => {
    const database = join(temporaryFolder(), "opik-local.db");
    const server = await startServerProcess(database);
    const call = createCaller(server.url);
    const assigned = [];
    for (const [name, prepare] of Object.entries(ASSIGNABLES)) {
      const kind = await prepare(call);
      await pollOnConnection(server.url, kind.pollPath);
      const first = await kind.create(call);
      await expect.poll(() => kind.status(call, first)).toBe(kind.statuses.assigned);
      assigned.push({ name, kind, first, second: await kind.create(call) });
    }

    await server[end]();
    await startServerProcess(database, server.port);
    for (const { name, kind, first, second } of assigned) {
      for (const id of [first, second]) {
        expect(await kind.status(call, id), name).toBe(kind.statuses.waiting);
      }
      const { json } = await call("POST", kind.pollPath);
      expect(kind.idIn(json), name).toBe(first);
      expect((await kind.complete(call, first, json)).status, name).toBeLessThan(300);
      expect(await kind.status(call, first), name).toBe("completed");
    }
  },
);
