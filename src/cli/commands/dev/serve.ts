import type { Config } from "../../../config.ts";
import { inNextTurn } from "../../../core/node-timers.ts";
import type { Bind } from "../../../http/listener.ts";
import type { OpikLocalParts } from "../../../server.ts";
import { VERSION } from "../../../version.ts";
import { type ClockKind, createClock } from "../../clock-flag.ts";
import { createLog, createPaint, type LogOptions, type Paint } from "../../console/log.ts";
import { showEvents } from "../../console/show.ts";
import { EXIT } from "../../failures.ts";
import { writeServerFile } from "../../server-file.ts";
import { databasePath, type LoadedSettings, webAppPath } from "../../settings.ts";
import { isContinuousIntegration, type Terminal } from "../../terminal.ts";
import { banner } from "./banner.ts";
import { createBind, isLoopback } from "./bind.ts";
import type { NetworkBind } from "./network.ts";
import { NpmWatch } from "./npm-watch.ts";
import { prepare, type Say } from "./prepare.ts";
import type { ReadyFile } from "./ready-file.ts";
import { StopSignals } from "./stop-signals.ts";

export interface ServeOptions extends LogOptions {
  settings: LoadedSettings;
  /** Files and folders to load before the server is ready (comma list). */
  fixtures: string | undefined;
  /** A file of faults, or a preset. */
  faults: string | undefined;
  clock: ClockKind;
  /** The file to write when the server is ready. */
  readyFile: ReadyFile | undefined;
  /** Pair every runner at once. */
  autoPair: boolean;
  /** Draw a QR code of the network URL. */
  qr: boolean;
}

/**
 * Runs the server until a signal stops it.
 * @returns the exit code: 0, or 1 when a second signal did not let it stop in peace
 * @throws DatabaseUnusableError, CommandError when it cannot start
 */
export async function serve(options: ServeOptions, terminal: Terminal): Promise<number> {
  const config = {
    ...options.settings.config,
    database: databasePath(options.settings.config.database, terminal.folder),
    webApp: webAppPath(options.settings.config.webApp, terminal.folder),
  };
  const log = createLog(options, terminal);
  const paint = createPaint(terminal.stdout);
  const say: Say = (level, entry) => log[level](entry);

  // --- Start ---
  for (const warning of options.settings.warnings) {
    say("warn", { message: warning, event: "setting:unknown", details: { warning } });
  }
  const signals = new StopSignals(terminal);
  const { readyFile } = options;
  const npm = new NpmWatch(terminal.clock);
  let server: OpikLocalParts | undefined;
  let stopShowing: (() => void) | undefined;
  let removeServerFile: (() => void) | undefined;
  try {
    // Before the server is ready: a script that has read the ready file may end npm at once.
    await npm.start(terminal.environment, () => {
      say("warn", { message: "The npm or npx that started the server has ended.", event: "npm:ended" });
      signals.request();
    });
    const { createOpikLocal } = await import("../../../server.ts");
    server = createOpikLocal({
      config,
      settingSources: options.settings.sources,
      clock: createClock(options.clock, terminal),
    });
    server.onStopRequested = signals.request;
    await prepare(server, options, terminal, say);
    stopShowing = showEvents(server, {
      log,
      stream: terminal.stdout,
      paint,
      json: options.json,
      verbose: options.verbose,
    });
    const network = isLoopback(config.host) ? undefined : await loadNetwork();
    const url = await server.listen(bindOf(options, terminal, { say, paint, network }));

    // --- Say so; the ready line comes last ---
    if (!options.json) {
      const networkUrls = (await network?.urls()) ?? [];
      log.info(banner({ url, networkUrls, config, clock: server.clock, folder: terminal.folder, paint }));
      const [networkUrl] = networkUrls;
      if (options.qr && networkUrl !== undefined) terminal.stdout.write(`${await drawQrCode(networkUrl)}\n\n`);
    }
    const ready = readyLine(url, config);
    readyFile?.write(ready);
    removeServerFile = writeServerFile(terminal.folder, url);
    terminal.stdout.write(options.json ? `${ready}\n` : `opik-local ready on ${url}\n`);
    // While the first client connects: its request would have to wait for it.
    inNextTurn(() => void server?.app.load());

    // --- Serve, until a signal or the end of npm ---
    await signals.requested;
    readyFile?.remove();
    removeServerFile();
    say("info", { message: "Stopping …", event: "stopping" });
    const stopped = server.stop().then(() => EXIT.success);
    const code = await Promise.race([stopped, signals.insisted.then(() => EXIT.failure)]);
    say("info", { message: code === EXIT.success ? "Stopped." : "Stopped by force.", event: "stopped" });
    return code;
  } catch (error) {
    readyFile?.remove();
    removeServerFile?.();
    await server?.stop();
    throw error;
  } finally {
    stopShowing?.();
    npm.stop();
    signals.dispose();
  }
}

/** The bind of these settings: it may move on to another port, and says so. */
function bindOf(
  { settings }: ServeOptions,
  { environment }: Terminal,
  { say, paint, network }: { say: Say; paint: Paint; network: NetworkBind | undefined },
): Bind {
  return createBind({
    mayMove: settings.sources.port === "default" && !isContinuousIntegration(environment),
    onMoved: (from, to, holder) => {
      const message = `Port ${from} is taken${holder === undefined ? "" : ` by ${holder}`}: using ${to} instead.`;
      say("warn", { message: `\n  ${paint("yellow", message)}`, event: "port:moved", details: { from, to, holder } });
    },
    ...(network === undefined ? {} : { bind: network.bind }),
  });
}

/** What `--json` prints and the ready file has when the server is ready. */
function readyLine(url: string, { database }: Pick<Config, "database">): string {
  return JSON.stringify({ event: "ready", url, version: VERSION, pid: process.pid, database });
}

async function loadNetwork(): Promise<NetworkBind> {
  const { createNetworkBind } = await import("./network.ts");
  return createNetworkBind();
}

async function drawQrCode(url: string): Promise<string> {
  const { renderUnicodeCompact } = await import("uqr");
  return renderUnicodeCompact(url);
}
