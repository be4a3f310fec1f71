import { createAdmin } from "./admin/admin.ts";
import { EventFeed } from "./admin/events/feed.ts";
import { Faults } from "./admin/faults/faults.ts";
import { Journal } from "./admin/journal/journal.ts";
import { Metrics } from "./admin/metrics/metrics.ts";
import type { SettingSources } from "./admin/settings/list.ts";
import { RunnerDispatch } from "./bridge/service.ts";
import { createMcpApi } from "./client/mcp/api.ts";
import { configWith } from "./config.ts";
import type { ServerContext } from "./context.ts";
import { isAdvanceable } from "./core/advanceable-clock.ts";
import { attempt } from "./core/attempt.ts";
import { BackgroundList } from "./core/background.ts";
import { SystemClock } from "./core/clock.ts";
import { EventBus } from "./core/events.ts";
import { createIdSource, type IdSource } from "./core/ids.ts";
import { OpenPolls } from "./core/open-polls.ts";
import { BusyCheckpoints } from "./database/busy-checkpoints.ts";
import type { Database } from "./database/database.ts";
import { FileWatch } from "./database/file-watch.ts";
import { IdleCheckpoints } from "./database/idle-checkpoint.ts";
import { openDatabase } from "./database/open.ts";
import { PageCheck } from "./database/page-check.ts";
import type { LoadSummary } from "./fixtures/load/loader.ts";
import type { FixtureFile } from "./fixtures/load/source.ts";
import { Scripts } from "./fixtures/scripts/service.ts";
import { FixtureService } from "./fixtures/service.ts";
import { createDocumentApi } from "./http/document.ts";
import { IgnoredFields } from "./http/ignored-fields.ts";
import { LazyApp } from "./http/lazy-app.ts";
import { type Bind, type Listener, listen } from "./http/listener.ts";
import type { LocalChanges, LocalEvents, OpikLocal, OpikLocalOptions } from "./opik-local.ts";
import { createTenancy, type Tenancy } from "./opik/access/owner.ts";
import { createOpik, type Opik } from "./opik/opik.ts";
import { PUBLISHED_OPIK_EVENTS } from "./opik/published-events.ts";
import { Resets } from "./resets.ts";
import { PUBLISHED_STRAIT_EVENTS } from "./strait/published-events.ts";
import { createServices } from "./strait/services.ts";
import { createStrait, type Runs } from "./strait/strait.ts";
import { createUi } from "./ui/ui.ts";
import { VERSION } from "./version.ts";

/** How long requests may go on when the server stops, in milliseconds. */
const STOP_GRACE_MS = 500;

/** A server with its parts, for the command line, the test double and our own tests. */
export interface OpikLocalParts extends OpikLocal {
  readonly events: EventBus<LocalChanges, LocalEvents>;
  readonly ids: IdSource;
  readonly database: Database;
  /** The open polls. */
  readonly openPolls: OpenPolls;
  readonly tenancy: Tenancy;
  readonly opik: Opik["services"];
  readonly runs: Runs["services"];
  readonly fixtures: FixtureService;
  readonly feed: EventFeed;
  readonly journal: Journal;
  readonly faults: Faults;
  readonly app: LazyApp;
  /** Called when a client asks the server to stop; `undefined` in a program that decides by itself when it stops. */
  onStopRequested: (() => void) | undefined;
  /**
   * Loads fixtures now and again after each reset.
   * @param read reads their files, which may have changed by then
   * @throws FixtureError
   */
  loadAtStart(read: () => readonly FixtureFile[]): LoadSummary;
  /** Deletes everything in a workspace, and loads the fixtures of the start again. */
  resetWorkspace(workspace: string): void;
  /** @param bind binds a port in another way than `http/listener.ts` does */
  listen(bind?: Bind): Promise<string>;
}

/**
 * The composition root: makes every part once and gives each what it needs. Two servers in one process
 * never meet.
 * @throws DatabaseUnusableError when the database file cannot be used
 */
export function createOpikLocal(options: OpikLocalOptions = {}): OpikLocalParts {
  const config = configWith(options.config);
  const clock = options.clock ?? new SystemClock();
  const ids = options.ids ?? createIdSource(clock, config.idSeed);
  const createBus = (): EventBus<LocalChanges, LocalEvents> =>
    new EventBus(
      { now: () => clock.now(), onListenerError: (error, during) => reportError(error, during) },
      { ...PUBLISHED_OPIK_EVENTS, ...PUBLISHED_STRAIT_EVENTS },
    );
  const events = createBus();
  const reportError = (error: unknown, during: string): void => {
    // An error in a listener of this event is not reported by the same event.
    if (during !== "server:error") events.emit("server:error", { error, during });
  };
  const database = openDatabase({
    path: config.database,
    durability: config.durability,
    events,
    now: new Date(clock.now()),
  });
  const onCheckpointError = (error: unknown): void =>
    reportError(error, "moving the write-ahead log into the database file");
  const idleCheckpoints = new IdleCheckpoints({ clock, database, onError: onCheckpointError });
  const busyCheckpoints = new BusyCheckpoints({ database, onError: onCheckpointError });
  const openPolls = new OpenPolls(config.maxOpenPolls);
  const ignoredFields = new IgnoredFields(events);
  /** @param work what background errors of this API are reported to have happened during */
  const contextFor = (work: string): ServerContext<LocalChanges, LocalEvents> => ({
    ...{ config, clock, ids, events, database, openPolls, ignoredFields },
    reportError: (error, during = work) => reportError(error, during),
  });
  const context = contextFor("what happens because time passes");
  const tenancy = createTenancy(config);
  const opik = createOpik(context, { tenancy });
  const runs = createStrait(contextFor("what happens to runs because time passes"));
  const runnerDispatch = new RunnerDispatch(context, {
    opik: opik.services,
    runs: runs.services,
    owner: tenancy.defaultOwner,
  });
  const scripts = new Scripts(context, { opik: opik.services, runs: runs.services, user: tenancy.defaultOwner.user });
  const fileWatch = new FileWatch({
    // A virtual clock that is advanced by days would have it look at the files for every second of them.
    clock: isAdvanceable(clock) ? new SystemClock() : clock,
    paths: database.paths,
    onLost: (path) => {
      database.refuseWrites();
      events.emit("database:lost", { path });
    },
  });
  const pageCheck = new PageCheck({
    database,
    onDamaged: (damage) => {
      database.refuseWrites();
      events.emit("database:damaged", { path: config.database, damage });
    },
  });
  const journal = new Journal({ size: config.journalSize });
  const feed = new EventFeed(context);
  const metrics = new Metrics({
    openPolls: () => openPolls.count,
    jobs: () => opik.services.jobs.countByStatus(),
    commands: () => opik.services.bridge.countByStatus(),
    runs: () => runs.services.runs.countByStatus(),
  });
  const faults = new Faults({
    ...{ clock, maxBodyBytes: config.maxBodyBytes },
    subjects: {
      runner: (id) => opik.services.runners.byId(id),
      job: (id) => opik.services.jobs.findRow(id),
      evict: (id) => opik.services.runners.evict(id),
      loseAttempt: (id) => runs.services.attempts.lose(id),
    },
    operations: () => apis.flatMap(({ routes }) => routes.map(({ operation }) => operation.id)),
  });
  let listener: Listener | undefined;
  const fixtures = new FixtureService(context, {
    tenancy,
    services: opik.services,
    executor: runs.services.snapshots,
    scripts,
    openSnapshot: () => {
      const snapshot = database.snapshot();
      const copy = { ...contextFor("an export"), database: snapshot, events: createBus() };
      const { services } = createOpik(copy, { tenancy });
      const { snapshots } = createServices(copy);
      const copiedScripts = new Scripts(copy, { opik: services, runs: runs.services, user: tenancy.defaultOwner.user });
      return { services, executor: snapshots, scripts: copiedScripts, close: () => snapshot.close() };
    },
  });
  const resets = new Resets(context, {
    ...{ services: opik.services, fixtures, journal, faults },
    background: () => background,
  });
  const admin = createAdmin(context, {
    tenancy,
    services: opik.services,
    executor: runs.services,
    fixtures,
    workers: runs.services.workers,
    journal,
    feed,
    faults,
    metrics,
    settingSources: options.settingSources ?? sourcesOf(options.config),
    url: () => listener?.url,
    reset: (options) => resets.reset(options),
    resetWorkspace: (workspace) => resets.resetWorkspace(workspace),
    deleteAll: () => resets.deleteAll(),
    restore: (image, time) => resets.restore(image, time),
    requestStop: () => {
      server.onStopRequested?.();
      return server.onStopRequested !== undefined;
    },
  });
  const background = new BackgroundList([
    journal,
    faults,
    metrics,
    feed,
    fileWatch,
    pageCheck,
    ...opik.background,
    ...runs.background,
    runnerDispatch,
    scripts,
    fixtures,
    ...admin.background,
  ]);
  const mcp = createMcpApi(context, { tenancy, request: (path, init) => server.request(path, init) });
  const apis = [admin.api, runs.api, opik.api, createUi(config), mcp] as const;
  const app = new LazyApp({
    apis: [...apis, createDocumentApi(VERSION, apis)],
    allowedHosts: [...config.allowedHosts, config.host],
    allowedOrigins: config.allowedOrigins,
    clock,
    monotonicTime: options.monotonicTime,
    events,
    interceptors: [journal, metrics, faults, ...admin.interceptors],
  });
  const stopReacting = events.react(
    opik.reactions,
    runs.reactions,
    runnerDispatch.reactions,
    scripts.reactions,
    metrics.reactions,
  );
  // Making the parts takes ids, a reset does not: both begin with the same ones.
  ids.reset();
  background.start();

  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    // From now on the next start takes up what follows from events.
    stopReacting();
    background.stop();
    await listener?.close(STOP_GRACE_MS);
    // The database may refuse writes, and is closed all the same; the next start takes back what is left.
    attempt(
      () => background.takeBackUnread(),
      (error) => reportError(error, "taking back what was assigned and not acknowledged"),
    );
    idleCheckpoints.stop();
    await busyCheckpoints.stop();
    events.emit("server:stopped", {});
    database.close();
  };
  const server: OpikLocalParts = {
    config,
    clock,
    ids,
    events,
    database,
    openPolls,
    tenancy,
    opik: opik.services,
    runs: runs.services,
    fixtures,
    feed,
    journal,
    faults,
    app,
    onStopRequested: undefined,
    request: async (path, init) => app.request(path, init),
    get url() {
      return listener?.url;
    },
    listen: async (bind = listen) => {
      listener = await bind(app, config.host, config.port);
      return listener.url;
    },
    reset: (options) => resets.reset(options),
    resetWorkspace: (workspace) => resets.resetWorkspace(workspace),
    loadAtStart: (read) => resets.loadAtStart(read),
    stop: () => (stopped ??= stop()),
    [Symbol.asyncDispose]: () => server.stop(),
  };
  return server;
}

/** The settings that the program has given. */
function sourcesOf(given: OpikLocalOptions["config"] = {}): SettingSources {
  return Object.fromEntries(Object.keys(given).map((name) => [name, "program"]));
}
