import type { Faults } from "./admin/faults/faults.ts";
import type { Journal } from "./admin/journal/journal.ts";
import type { ServerContext } from "./context.ts";
import { isAdvanceable } from "./core/advanceable-clock.ts";
import type { BackgroundList } from "./core/background.ts";
import type { LoadSummary } from "./fixtures/load/loader.ts";
import type { FixtureFile } from "./fixtures/load/source.ts";
import type { FixtureService } from "./fixtures/service.ts";
import type { LocalChanges, LocalEvents, ResetOptions } from "./opik-local.ts";
import { type Opik, RUNNER_TABLES } from "./opik/opik.ts";

export interface ResetsDependencies {
  services: Opik["services"];
  fixtures: FixtureService;
  journal: Journal;
  faults: Faults;
  /** The parts that work without a request. */
  background: () => BackgroundList;
}

/** Deletes or replaces what a server has, and loads the fixtures of its start again. */
export class Resets {
  readonly #context: ServerContext<LocalChanges, LocalEvents>;
  readonly #dependencies: ResetsDependencies;
  /** Reads the fixtures of the start. */
  #readStartFixtures: (() => readonly FixtureFile[]) | undefined;

  constructor(context: ServerContext<LocalChanges, LocalEvents>, dependencies: ResetsDependencies) {
    this.#context = context;
    this.#dependencies = dependencies;
  }

  /**
   * Loads fixtures now and again after each reset.
   * @param read reads their files, which may have changed by then
   * @throws FixtureError
   */
  loadAtStart(read: () => readonly FixtureFile[]): LoadSummary {
    const summary = this.#dependencies.fixtures.load(read());
    this.#readStartFixtures = read;
    return summary;
  }

  /** Deletes everything, or all but what runners need, and loads the fixtures of the start. @throws FixtureError */
  reset({ keepRunners = false }: ResetOptions = {}): void {
    this.#resetWith(() => {
      if (keepRunners) this.#replaceAll(() => this.#context.database.wipe(RUNNER_TABLES));
      else this.deleteAll();
    });
  }

  /** Deletes everything in a workspace, and loads the fixtures of the start. @throws FixtureError */
  resetWorkspace(workspace: string): void {
    const { database, events } = this.#context;
    const { services, journal, faults } = this.#dependencies;
    this.#resetWith(() => {
      database.transaction(() => {
        services.runners.removeAllIn(workspace);
        database.wipeWorkspace(workspace);
        events.emit("workspace:reset", { workspace });
        journal.clearWorkspace(workspace);
        faults.resetWorkspace(workspace);
      });
      for (const service of [services.attachments, services.datasetExports]) service.sweep();
    });
  }

  /** Deletes everything, and sets a virtual clock and the ids back. */
  deleteAll(): void {
    const { database, ids } = this.#context;
    this.#replaceAll(() => {
      this.#endPolls();
      database.wipe();
      this.#setClockBack();
      ids.reset();
    });
  }

  /**
   * Replaces everything by what an image of the database has.
   * @param time to which a virtual clock is set, in milliseconds since the epoch
   */
  restore(image: Buffer, time: number): void {
    this.#replaceAll(() => {
      this.#endPolls();
      this.#context.database.restore(image);
      this.#setClockBack(time);
    });
  }

  /** Does a reset between reading the fixtures of the start and loading them. */
  #resetWith(reset: () => void): void {
    const { fixtures } = this.#dependencies;
    const files = this.#readStartFixtures?.();
    // Nothing is deleted when they cannot be loaded.
    if (files !== undefined) fixtures.check(files);
    reset();
    if (files !== undefined) fixtures.load(files);
  }

  /** Ends what is under way, replaces all rows, and continues with the new ones. */
  #replaceAll(replace: () => void): void {
    const background = this.#dependencies.background();
    background.reset();
    replace();
    background.start();
    this.#context.events.emit("server:reset", {});
  }

  #endPolls(): void {
    const { jobs, bridge } = this.#dependencies.services;
    for (const service of [jobs, bridge]) service.dismissAll();
  }

  /** @param time milliseconds since the epoch; default the start of a virtual clock */
  #setClockBack(time?: number): void {
    const { clock } = this.#context;
    if (isAdvanceable(clock)) clock.reset(time);
  }
}
