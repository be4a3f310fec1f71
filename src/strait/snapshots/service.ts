import type { LongList } from "../../core/long-list.ts";
import type { StraitContext } from "../context.ts";
import { type JobRow, withDefinition } from "../definitions/jobs/job.ts";
import type { JobService } from "../definitions/jobs/service.ts";
import type { ProjectService } from "../definitions/projects/service.ts";
import type { RunRow } from "../run/run.ts";
import type { Waits } from "../waits/waits.ts";
import { StraitError } from "../wire/errors.ts";
import { JOB_PARTS, type JobParts, type PartName, type Parts, type Row, RUN_PARTS, type RunParts } from "./row.ts";
import { SnapshotStore } from "./store.ts";

export interface SnapshotServiceDependencies {
  projects: ProjectService;
  jobs: JobService;
  waits: Waits;
}

/**
 * Reads and restores the rows that fixtures contain. Restoring bypasses the rules of the API: rows keep their ids and
 * times and may be in any state. Secrets, keys and work in progress (deferred triggers, assignments, deliveries) are
 * not included.
 */
export class SnapshotService {
  readonly #context: StraitContext;
  readonly #dependencies: SnapshotServiceDependencies;
  readonly #store: SnapshotStore;

  constructor(context: StraitContext, dependencies: SnapshotServiceDependencies) {
    this.#context = context;
    this.#dependencies = dependencies;
    this.#store = new SnapshotStore(context.database);
  }

  /** All projects, oldest first. */
  projects(): Row[] {
    return this.#store.all("projects");
  }

  /** All jobs, oldest first, without their secrets. */
  jobs(): Row[] {
    return this.#store.all("jobs").map(withoutSecret);
  }

  /** A job's versions, oldest first, and what its runs share. */
  jobParts(id: string): JobParts {
    const parts = this.#partsOf(id, JOB_PARTS);
    return { ...parts, versions: parts.versions.map(withoutSecret) };
  }

  /** All runs, in the order in which they were made. */
  runs(): Row[] {
    return [...this.eachRun()];
  }

  /** The same, read when they are needed. */
  eachRun(): LongList<Row> {
    return this.#store.eachRun();
  }

  runParts(id: string): RunParts {
    return this.#partsOf(id, RUN_PARTS);
  }

  /** Restores a project. An existing one is not changed. */
  addProject(row: Row & { id: string }): "added" | "unchanged" {
    if (this.#store.has("projects", row.id)) return "unchanged";
    this.#store.insert("projects", row);
    return "added";
  }

  /**
   * Restores a job, with its present version if that is not among its versions. An existing one is not changed. It
   * needs an open transaction.
   * @throws StraitError 409 for a slug that another job of the project has
   */
  addJob(row: JobRow, parts: JobParts): "added" | "unchanged" {
    const { database, events } = this.#context;
    database.requireTransaction();
    const { projects, jobs } = this.#dependencies;
    if (this.#store.has("jobs", row.id)) return "unchanged";
    if (jobs.findBySlug(row.project_id, row.slug) !== undefined) {
      throw new StraitError(409, `the project has another job with the slug "${row.slug}"`);
    }
    projects.ensure(row.project_id);
    this.#store.insert("jobs", { ...row });
    const { version, version_id, definition_json, signing_secret, created_by, updated_by, updated_at } = row;
    const present = { version, version_id, definition_json, signing_secret };
    const last = { ...present, created_by: updated_by ?? created_by, created_at: updated_at };
    const isKept = parts.versions.some((kept) => kept["version"] === version);
    this.#addParts(row, isKept ? parts : { ...parts, versions: [...parts.versions, last] });
    events.emit("run:job:changed", { job: withDefinition(row) });
    return "added";
  }

  /**
   * Restores a run. An existing one is not changed. It needs an open transaction.
   * @throws StraitError 409 when an event key of it was used before
   */
  addRun(row: RunRow, parts: RunParts): "added" | "unchanged" {
    const { database, events } = this.#context;
    database.requireTransaction();
    const { waits } = this.#dependencies;
    if (this.#store.has("runs", row.id)) return "unchanged";
    for (const { event_key } of parts.event_triggers) {
      if (waits.find(row.project_id, String(event_key)) === undefined) continue;
      throw new StraitError(409, `the event key "${event_key}" is already in use`);
    }
    this.#store.insert("runs", { ...row });
    events.emit("run:created", { run: row });
    for (const { event_key } of this.#addParts(row, parts).event_triggers) {
      const wait = waits.find(row.project_id, String(event_key));
      if (wait !== undefined) events.emit("run:wait:changed", { wait });
    }
    return "added";
  }

  #partsOf<Name extends PartName>(owner: string, names: readonly Name[]): Parts<Name> {
    return Object.fromEntries(names.map((name) => [name, this.#store.ownedBy(owner, name)])) as Parts<Name>;
  }

  /**
   * @returns the parts as they are now
   * @throws StraitError 409 for an id that another one has
   */
  #addParts<Name extends PartName>(owner: { id: string; project_id: string }, parts: Parts<Name>): Parts<Name> {
    const added = Object.entries<Row[]>(parts).map(([name, rows]) => {
      return [name, rows.map((row, index) => this.#addPart(owner, name as Name, row, index))];
    });
    return Object.fromEntries(added) as Parts<Name>;
  }

  #addPart(owner: { id: string; project_id: string }, name: PartName, row: Row, index: number): Row {
    const { id = this.#context.ids.uuid() } = row;
    if (row["id"] !== undefined && this.#store.has(name, String(id))) {
      throw new StraitError(409, `there is another one with the id ${id} among ${name.replace("_", " ")}`);
    }
    return this.#store.insertPart(owner.id, name, { project_id: owner.project_id, ...row, id }, index);
  }
}

function withoutSecret(row: Row): Row {
  const { signing_secret: _, ...others } = row;
  return others;
}
