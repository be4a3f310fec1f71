import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { type Caller, createCaller } from "../support/call.ts";
import { createProject, expectStatus, pairRunner, registerAgents } from "../support/pairing.ts";
import { brokenRules } from "./support/database-rules.ts";
import { Ledger, load, type LoadedRunner } from "./support/load.ts";
import { startServerProcess } from "./support/server-process.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

const KILLS = 50;
const RUNNERS = 4;
/** A server is killed at a random moment of this time after the load began, in milliseconds. */
const LONGEST_LIFE_MS = 150;

test("after each of 50 kills under load, the rules hold and everything acknowledged is there", async () => {
  const database = join(temporaryFolder(), "opik-local.db");
  const ledger = new Ledger();
  let server = await startServerProcess(database);
  const call = createCaller(server.url);
  const runners: LoadedRunner[] = [];
  for (let number = 0; number < RUNNERS; number += 1) runners.push(await addRunner(call, `project ${number}`));

  for (let kill = 0; kill < KILLS; kill += 1) {
    for (const { id } of runners) {
      expectStatus(await call("POST", `/v1/private/local-runners/${id}/heartbeats`, { body: {} }), 200);
    }
    const stop = new AbortController();
    const loaded = load(call, runners, ledger, stop.signal);
    await pause(Math.random() * LONGEST_LIFE_MS);
    await server.kill();
    stop.abort();
    await loaded;

    expect(brokenRules(database), `after kill ${kill + 1}`).toEqual([]);
    server = await startServerProcess(database, server.port);
    expect(await ledger.missingFrom(call), `after kill ${kill + 1}`).toEqual([]);
    expect(await ledger.runningUnread(call, runners), `running, but no client has it, ${kill + 1}`).toEqual([]);
  }

  expect(ledger.acknowledged, "writes acknowledged while servers were being killed").toBeGreaterThan(KILLS * 10);
  expect(ledger.handedOutTwice).toEqual([]);
}, 300_000);

async function addRunner(call: Caller, projectName: string): Promise<LoadedRunner> {
  const projectId = await createProject(call, projectName);
  const id = await pairRunner(call, { projectId });
  await registerAgents(call, id, { echo: {} });
  return { id, projectId };
}
