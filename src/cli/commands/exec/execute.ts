import type { Config } from "../../../config.ts";
import { describeFileFailure } from "../../../core/file-failure.ts";
import { createOpikLocal, type OpikLocalParts } from "../../../server.ts";
import { type ClockKind, createClock } from "../../clock-flag.ts";
import { CommandError, EXIT } from "../../failures.ts";
import { print } from "../../print.ts";
import { databasePath, webAppPath } from "../../settings.ts";
import type { Terminal } from "../../terminal.ts";
import { writeWholeFile } from "../../whole-file.ts";
import { createBind } from "../dev/bind.ts";
import { NpmWatch } from "../dev/npm-watch.ts";
import { SdkEnvironment } from "./environment.ts";
import type { FindingKind } from "./finding-kinds.ts";
import { Findings } from "./findings.ts";
import { runCommand } from "./run-command.ts";

export interface ExecOptions {
  /** The program and its arguments. */
  command: readonly [string, ...string[]];
  config: Config;
  clock: ClockKind;
  /** Files and folders to load before (comma list). */
  fixtures: string | undefined;
  /** The project of what names none. */
  project: string | undefined;
  failOn: readonly FindingKind[];
  /** The file to write the state at the end to: its whole path. */
  exportFile: string | undefined;
  /** A file of faults, or a preset. */
  faults: string | undefined;
  /** The file to write the request journal to: its whole path. */
  journalFile: string | undefined;
  timeoutMs: number | undefined;
  /** Whether to show what happens in the server. */
  verbose: boolean;
}

/** Where the request journal is, and how many requests it answers at once. */
const JOURNAL = "/__local/requests";
const MAX_JOURNALED = 1_000;

/** Opik's project of what names none. */
const DEFAULT_PROJECT = "Default Project";

/**
 * Starts a server, runs a command with it until the command ends, ends what the command has left running, and stops the
 * server.
 * @returns the exit code of the command; 1 when only something of `failOn` was found
 * @throws CommandError when the command cannot be started, FixtureError, DatabaseUnusableError
 */
export async function execute(options: ExecOptions, terminal: Terminal): Promise<number> {
  const { config, clock } = options;
  const isVirtual = clock === "virtual";
  using npm = new NpmWatch(terminal.clock);
  const npmEnded = Promise.withResolvers<void>();
  // Before all else: npm can end while the server starts, or as soon as the command runs.
  await npm.start(terminal.environment, npmEnded.resolve);
  await using server = createOpikLocal({
    clock: createClock(clock, terminal),
    config: {
      ...config,
      database: databasePath(config.database, terminal.folder),
      webApp: webAppPath(config.webApp, terminal.folder),
      // With a virtual clock everything is the same on every run.
      idSeed: config.idSeed ?? (isVirtual ? "opik-local" : undefined),
    },
  });
  const stopShowing = await showServer(server, options, terminal);
  try {
    if (options.fixtures !== undefined) await loadFixtures(server, options.fixtures, terminal.folder);
    if (options.faults !== undefined) await injectFaults(server, options.faults, terminal.folder);
    const findings = new Findings(server);
    const url = await server.listen(createBind({ mayMove: false, onMoved: () => {} }));
    const project = options.project ?? terminal.environment["OPIK_PROJECT_NAME"] ?? firstProject(server);
    const [workspace = "default"] = config.workspaces;
    const connection = { url, workspace: workspace === "any" ? "default" : workspace, apiKey: config.apiKey };
    using environment = new SdkEnvironment(connection, project, terminal.environment);
    const code = await runCommand(options, environment.variables, npmEnded.promise, terminal);
    const found = findings.end(options.failOn);
    for (const finding of found) print(terminal.stderr, finding);
    if (options.journalFile !== undefined) await writeJournal(server, options.journalFile);
    if (options.exportFile !== undefined) await exportState(server, options.exportFile);
    return code === EXIT.success && found.length > 0 ? EXIT.failure : code;
  } finally {
    stopShowing();
  }
}

/** Prints errors of the server; with `verbose` everything that happens. */
async function showServer(server: OpikLocalParts, { verbose }: ExecOptions, terminal: Terminal): Promise<() => void> {
  if (!verbose) {
    const report = (what: string, error: unknown): void =>
      print(terminal.stderr, `opik-local: ${what} failed: ${error instanceof Error ? error.message : String(error)}`);
    const stops = [
      server.events.on("server:error", ({ error, during }) => report(during, error)),
      server.events.on("http:request:failed", ({ method, path, error }) => report(`${method} ${path}`, error)),
    ];
    return () => stops.forEach((stop) => stop());
  }
  const { createLog, createPaint } = await import("../../console/log.ts");
  const { showEvents } = await import("../../console/show.ts");
  const stream = terminal.stderr;
  const level = { json: false, quiet: false, verbose };
  const log = createLog(level, { ...terminal, stdout: stream });
  return showEvents(server, { log, stream, json: false, paint: createPaint(stream), verbose });
}

async function loadFixtures(server: OpikLocalParts, paths: string, folder: string): Promise<void> {
  const { readFixtureList } = await import("../../../fixtures/load/files.ts");
  server.loadAtStart(() => readFixtureList(paths, folder));
}

async function injectFaults(server: OpikLocalParts, faults: string, folder: string): Promise<void> {
  const { readFaults } = await import("../../../admin/faults/file.ts");
  server.faults.addAtStart(readFaults(faults, folder));
}

/** The oldest project of the workspace of clients that name none. */
function firstProject({ opik, tenancy }: OpikLocalParts): string {
  const { workspace } = tenancy.defaultOwner;
  return opik.projects.all().find((project) => project.workspace === workspace)?.name ?? DEFAULT_PROJECT;
}

/** Writes the state as a fixture: JSON when the file is named so, else YAML. */
async function exportState(server: OpikLocalParts, path: string): Promise<void> {
  const { writeFixtureFile } = await import("../../fixture-file.ts");
  const slices = server.fixtures.export();
  if (slices === undefined) throw new CommandError("The state cannot be exported.");
  await writeFixtureFile(path, slices, path.endsWith(".json") ? "json" : "yaml");
}

/** Writes the request journal: a JSON object on each line. */
async function writeJournal({ request, config }: OpikLocalParts, path: string): Promise<void> {
  const headers: Record<string, string> = config.apiKey === undefined ? {} : { authorization: config.apiKey };
  const response = await request(`${JOURNAL}?limit=${MAX_JOURNALED}`, { headers });
  const body = (await response.json()) as { requests?: unknown[]; error?: { message: string } };
  if (body.requests === undefined) throw new CommandError(`${body.error?.message ?? "There is no journal"}.`);
  try {
    writeWholeFile(path, body.requests.map((one) => `${JSON.stringify(one)}\n`).join(""), 0o600);
  } catch (error) {
    throw new CommandError(`${path} cannot be written: ${describeFileFailure(error, path)}.`);
  }
}
