import * as v from "valibot";
import type { Config } from "../../src/config.ts";
import { keepYoungGenerationSize } from "../../src/core/young-generation.ts";
import { registerAgentsRequest } from "../../src/opik/runners/schema.ts";
import { createOpikLocal } from "../../src/server.ts";
import { changeJobs, type JobChanges } from "./job-changes.ts";
import { POLL_TIMEOUT_MS, reportTo, RUNNERS } from "./runners.ts";

/** The server as it is, with the runners of the benchmark: `real-server.ts FILE SETTINGS`. */
const settings = JSON.parse(process.argv[3] ?? "{}") as Partial<Config>;
const server = createOpikLocal({
  config: { port: 0, database: process.argv[2] ?? ":memory:", nextJobPollTimeoutMs: POLL_TIMEOUT_MS, ...settings },
});
const owner = { workspace: "default", user: "admin" };
server.database.transaction(() => {
  for (const { id, projectId } of RUNNERS) {
    server.opik.runners.activate(owner, { id, projectId, type: "endpoint", name: id, keepAlive: true });
    server.opik.runners.registerAgents(owner, id, v.parse(registerAgentsRequest, new Map([["echo", {}]])));
  }
});
reportTo(process, await server.listen());
keepYoungGenerationSize();
process.on("message", (message) => {
  if (typeof message !== "object" || message === null) return;
  void changeJobs(server, message as JobChanges).then((perSecond) => process.send?.(perSecond));
});
process.once("disconnect", () => void server.stop());
