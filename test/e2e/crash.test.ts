import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Caller, createCaller } from "../support/call.ts";
import { createProject, expectStatus, pairRunner, registerAgents } from "../support/pairing.ts";
import { brokenRules } from "./support/database-rules.ts";
import { Ledger, load, type LoadedRunner } from "./support/load.ts";
import { startServerProcess } from "./support/server-process.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

const KILLS = 50;
/** For so many starts on a busy machine, in milliseconds. */
const TIMEOUT_MS = 1_200_000;
const RUNNERS = 4;
/** A server is killed at the latest after it has acknowledged this many writes. */
const MOST_WRITES = 40;

test(
  "after each of 50 kills under load, the rules hold and everything acknowledged is there",
  async () => {
    const database = join(temporaryFolder(), "opik-local.db");
    const ledger = new Ledger();
    let server = await startServerProcess(database);
    const call = createCaller(server.url);
    const runners: LoadedRunner[] = [];
    for (let number = 0; number < RUNNERS; number += 1) runners.push(await addRunner(call, `project ${number}`));

    for (const [kill, writes] of fc.sample(fc.nat({ max: MOST_WRITES }), KILLS).entries()) {
      for (const { id } of runners) {
        expectStatus(await call("POST", `/v1/private/local-runners/${id}/heartbeats`, { body: {} }), 200);
      }
      const stop = new AbortController();
      const loaded = load(call, runners, ledger, stop.signal);
      await ledger.acknowledgements.untilMore(writes);
      await server.kill();
      stop.abort();
      await loaded;

      expect(brokenRules(database), `after kill ${kill + 1}`).toEqual([]);
      server = await startServerProcess(database, server.port);
      expect(await ledger.missingFrom(call), `after kill ${kill + 1}`).toEqual([]);
      expect(await ledger.runningUnread(call, runners), `running, but no client has it, ${kill + 1}`).toEqual([]);
    }

    expect(ledger.handedOutTwice).toEqual([]);
  },
  TIMEOUT_MS,
);

async function addRunner(call: Caller, projectName: string): Promise<LoadedRunner> {
  const projectId = await createProject(call, projectName);
  const id = await pairRunner(call, { projectId });
  await registerAgents(call, id, { echo: {} });
  return { id, projectId };
}
