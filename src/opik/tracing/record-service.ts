import { isAdvanceable } from "../../core/advanceable-clock.ts";
import type { Owner } from "../access/owner.ts";
import type { OpikContext } from "../context.ts";
import type { EnvironmentService } from "../environments/service.ts";
import { requireVersion7 } from "../wire/version-seven.ts";
import type { BatchUpdate } from "./batch.ts";
import { type CommonColumns, newRow, type OwnColumns } from "./fields.ts";
import { merge, timeOfUpdate, timeOfWrite, type UpdateTimes } from "./merge.ts";
import { RecordReader, type RecordReaderDependencies } from "./record-reader.ts";
import type { RecordTable } from "./record-table.ts";
import type { RecordUpdate, RecordWrite } from "./schema.ts";
import { changedTags } from "./tags.ts";

/** A virtual clock begins with the same time on every run; clients with the real time are less than a century ahead. */
const MAX_CLIENT_LEAD_MS = 100 * 365.25 * 86_400_000;

export interface RecordServiceDependencies extends RecordReaderDependencies {
  environments: EnvironmentService;
}

/** The rules by which traces and spans are written: a record is merged from several requests [opik 7.2]. */
export abstract class RecordService<
  Columns extends CommonColumns,
  Write extends RecordWrite,
  Update extends RecordUpdate,
  Shown extends object,
> extends RecordReader<Columns, Shown> {
  /** The event with the ids of the records that were written. */
  protected abstract readonly written: "traces:written" | "spans:written";
  readonly #environments: EnvironmentService;
  readonly #context: OpikContext;

  protected constructor(
    context: OpikContext,
    dependencies: RecordServiceDependencies,
    store: RecordTable<OwnColumns & Columns>,
  ) {
    super(dependencies, store);
    this.#environments = dependencies.environments;
    this.#context = context;
  }

  /**
   * Writes records; spans may come before their trace. A batch may move a record to another project, as with
   * the real server: it answers no 409.
   * @throws OpikError 400 for an id that is no UUIDv7; then none is written
   */
  createBatch(owner: Owner, writes: readonly Write[]): void {
    this.#context.database.transaction(() => {
      const projects = new Map<string | undefined, string>();
      const projectOf = ({ project_name: name }: Write): string => {
        const known = projects.get(name) ?? this.projects.getOrCreate(owner, name);
        projects.set(name, known);
        return known;
      };
      const ids = this.#writeAll(
        owner,
        writes.map((write) => ({ write, projectId: projectOf(write) })),
      );
      this.#context.events.emit(this.written, { ids, workspace: owner.workspace });
    });
  }

  /**
   * Writes one record, once.
   * @returns its id
   * @throws OpikError 400 for an id that is no UUIDv7, and what `isLeftAlone` throws
   */
  create(owner: Owner, write: Write): string {
    return this.#context.database.transaction(() => {
      const existing = write.id === undefined ? undefined : this.store.find(owner.workspace, write.id);
      if (existing !== undefined && this.isLeftAlone(owner, existing, write)) return existing.id;
      const projectId = this.projects.getOrCreate(owner, write.project_name);
      const ids = this.#writeAll(owner, [{ write, projectId }]);
      this.#context.events.emit(this.written, { ids, workspace: owner.workspace });
      return ids[0] as string;
    });
  }

  /**
   * Applies an update, except for tags to add and to remove, which the real server ignores here [opik 7.2]. A record
   * that does not exist yet is created from the update.
   * @throws OpikError 400 for an id that is no UUIDv7, 404 for an unknown project id, and what `requireSame` throws
   */
  update(owner: Owner, id: string, update: Update): void {
    requireVersion7(id, this.label);
    this.#context.database.transaction(() => {
      const projectId = this.projects.idForWrite(owner, update);
      const existing = this.store.find(owner.workspace, id);
      if (existing !== undefined) this.requireSame(existing, projectId, update);
      if (update.environment !== undefined) this.#environments.mention(owner, update.environment);
      const columns = this.toColumns(update);
      const now = this.#context.clock.now();
      const row = existing ?? { ...newRow(owner, id, projectId, now), ...columns };
      const merged = { ...merge(row, columns, timeOfUpdate(row, this.#times())), last_updated_by: owner.user };
      this.#save([this.completed(merged)], new Set(existing && [id]));
      this.#context.events.emit(this.written, { ids: [id], workspace: owner.workspace });
    });
  }

  /**
   * Applies an update to the existing records of these ids, tags included. The project and similar fields are ignored,
   * as by the real server.
   * @throws OpikError 422 when one would have too many tags; then none is changed
   */
  updateBatch(owner: Owner, { ids, update, merge_tags: mergeTags = false }: BatchUpdate<Update>): void {
    const { workspace, user } = owner;
    this.#context.database.transaction(() => {
      const existing = this.store.findAll(workspace, ids);
      const changes = this.toChanges(update);
      const times = this.#times();
      const rows = ids
        .map((id) => existing.get(id))
        .filter((row) => row !== undefined)
        .map((row) => {
          const tags_json = changedTags(row.tags_json, update, mergeTags);
          const merged = merge(row, { ...changes, tags_json }, timeOfUpdate(row, times));
          return this.completed({ ...merged, last_updated_by: user });
        });
      if (rows.length === 0) return;
      if (update.environment !== undefined) this.#environments.mention(owner, update.environment);
      this.#save(rows, new Set(existing.keys()));
      this.#context.events.emit(this.written, { ids: rows.map(({ id }) => id), workspace });
    });
  }

  /**
   * Deletes the records that first came longer ago than they are kept; by our own clock, not their author's.
   * @returns whether there may be more to delete
   */
  deleteExpired(): boolean {
    return this.store.deleteCreated(this.#context.clock.now() - this.#context.config.traceTtlMs);
  }

  /** What a request writes to the columns. */
  protected abstract toColumns(request: Write | Update): Columns;

  /** What an update writes to the columns of a row that is known by its id alone. */
  protected abstract toChanges(update: Update): Partial<Columns>;

  /**
   * Whether a record that exists is not changed when it is created one by one.
   * @throws OpikError 409 when that is refused
   */
  protected abstract isLeftAlone(owner: Owner, existing: OwnColumns & Columns, write: Write): boolean;

  /** @throws OpikError 409 when an update is of another record than the one with its id */
  protected abstract requireSame(existing: OwnColumns & Columns, projectId: string, update: Update): void;

  /** A row with the columns that follow from others. */
  protected completed(row: OwnColumns & Columns): OwnColumns & Columns {
    return row;
  }

  /** What follows from rows that were written, in the order of their writes: those of one id one after another. */
  protected follow(_rows: ReadonlyArray<OwnColumns & Columns>): void {}

  /** Writes rows; of those of one id the last stays. */
  #save(rows: ReadonlyArray<OwnColumns & Columns>, existing: ReadonlySet<string>): void {
    const last = [...new Map(rows.map((row) => [row.id, row])).values()];
    this.store.update(last.filter(({ id }) => existing.has(id)));
    this.store.insert(last.filter(({ id }) => !existing.has(id)));
    this.follow(rows);
  }

  #times(): UpdateTimes {
    const { clock } = this.#context;
    const now = clock.now();
    const clients = isAdvanceable(clock) ? now + MAX_CLIENT_LEAD_MS : now;
    return { now: new Date(now).toISOString(), clients: new Date(clients).toISOString() };
  }

  /** @returns the ids in the order of the writes */
  #writeAll(owner: Owner, writes: ReadonlyArray<{ write: Write; projectId: string }>): string[] {
    const times = this.#times();
    const now = this.#context.clock.now();
    const ids = writes.map(({ write }) => this.#identify(owner, write));
    const rows = this.store.findAll(owner.workspace, ids);
    const existing = new Set(rows.keys());
    const written = writes.map(({ write, projectId }, index) => {
      const id = ids[index] as string;
      const columns = this.toColumns(write);
      const row = rows.get(id) ?? { ...newRow(owner, id, projectId, now), ...columns };
      const at = write.last_updated_at ?? timeOfWrite(row, times);
      const merged = merge(row, { ...columns, project_id: projectId }, at);
      const complete = this.completed({ ...merged, last_updated_by: owner.user });
      rows.set(id, complete);
      return complete;
    });
    this.#save(written, existing);
    return ids;
  }

  /** @returns the id of a write, whose environment is there from now on */
  #identify(owner: Owner, { id = this.#context.ids.uuid(), environment }: Write): string {
    requireVersion7(id, this.label);
    if (environment !== undefined) this.#environments.mention(owner, environment);
    return id;
  }
}
