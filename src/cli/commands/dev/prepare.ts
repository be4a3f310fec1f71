import { hostname } from "node:os";
import type { OpikLocalParts } from "../../../server.ts";
import { leftRuns } from "../../console/left-runs.ts";
import type { Entry } from "../../console/log.ts";
import type { Terminal } from "../../terminal.ts";

/** Prints something that has to do with the start or the end of the server. */
export type Say = (level: "info" | "warn", entry: Entry) => void;

export interface PrepareOptions {
  /** Files and folders to load (comma list). */
  fixtures: string | undefined;
  /** A file of faults, or a preset. */
  faults: string | undefined;
  /** Pair every runner at once. */
  autoPair: boolean;
}

/**
 * Does what the command line asks for before a server listens: fixtures and faults are there with the first request.
 * @throws FixtureError, ConfigurationError for files that cannot be used
 */
export async function prepare(
  server: OpikLocalParts,
  { fixtures, faults, autoPair }: PrepareOptions,
  { folder }: Terminal,
  say: Say,
): Promise<void> {
  if (autoPair) pairAll(server);
  const left = leftRuns(server);
  if (left !== undefined) say("warn", left);
  if (fixtures !== undefined) say("info", await loadFixtures(server, fixtures, folder));
  if (faults !== undefined) say("warn", await injectFaults(server, faults, folder));
}

/** Pairs runners as soon as they ask for it, under the name of this machine: the server does not know their own. */
function pairAll({ events, opik }: OpikLocalParts): void {
  events.on("pairing:session:created", ({ workspace, runner_id }) => {
    opik.pairing.activateUnproven(workspace, runner_id, hostname());
  });
}

/** Loads fixtures without showing every job that they make. */
async function loadFixtures(server: OpikLocalParts, paths: string, folder: string): Promise<Entry> {
  const { readFixtureList } = await import("../../../fixtures/load/files.ts");
  const { describeSummary } = await import("../../../fixtures/summary.ts");
  let files: ReturnType<typeof readFixtureList> = [];
  const summary = server.loadAtStart(() => {
    files = readFixtureList(paths, folder);
    return files;
  });
  return {
    message: `\n  Fixtures: ${describeSummary(summary)}`,
    event: "fixtures:loaded",
    details: { files: files.map(({ name }) => name), ...summary },
  };
}

async function injectFaults(server: OpikLocalParts, faults: string, folder: string): Promise<Entry> {
  const { readFaults } = await import("../../../admin/faults/file.ts");
  server.faults.addAtStart(readFaults(faults, folder));
  return {
    message: `Faults of ${faults} are injected into requests.`,
    event: "faults:added",
    details: { faults: server.faults.list().length },
  };
}
