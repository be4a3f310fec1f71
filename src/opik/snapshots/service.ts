import { errorCode } from "../../core/errors.ts";
import type { LongList } from "../../core/long-list.ts";
import type { Owner } from "../access/owner.ts";
import type { OpikContext } from "../context.ts";
import type { EnvironmentService } from "../environments/service.ts";
import type { ProjectService } from "../projects/service.ts";
import { RestoreConflict, type RestoreOutcome } from "../wire/restore.ts";
import { announce } from "./events.ts";
import { SnapshotStore, type SpanOfTree } from "./store.ts";
import { type RecordTableName, type Row, SNAPSHOT_TABLES, type SnapshotTableName } from "./tables.ts";

export interface SnapshotServiceDependencies {
  projects: ProjectService;
  environments: EnvironmentService;
}

/** A row that belongs to a record. */
export interface RecordPart {
  table: SnapshotTableName;
  row: Row;
}

/** A row with what belongs to it. */
export interface SnapshotRecord {
  table: RecordTableName;
  row: Row & { id: string; workspace: string };
  parts: readonly RecordPart[];
  /** The id is a default: an existing record of that name is used. */
  idIsDefault: boolean;
}

/**
 * Reads and restores the rows of traces and of the library that fixtures contain. Restoring bypasses the rules of the API:
 * rows keep their ids and times and may be in any state.
 */
export class SnapshotService {
  readonly #context: OpikContext;
  readonly #projects: ProjectService;
  readonly #environments: EnvironmentService;
  readonly #store: SnapshotStore;

  constructor(context: OpikContext, { projects, environments }: SnapshotServiceDependencies) {
    this.#context = context;
    this.#projects = projects;
    this.#environments = environments;
    this.#store = new SnapshotStore(context.database);
  }

  /** All rows of a table, or those of an owner, in the order of their keys, read when they are needed. */
  each(table: SnapshotTableName, owner?: Row): LongList<Row> {
    return this.#store.each(table, owner);
  }

  /** The rows of an owner that has few of them. */
  all(table: SnapshotTableName, owner: Row): Row[] {
    return this.#store.all(table, owner);
  }

  /** The spans whose traces are not there, read when they are needed. */
  eachOrphan(): LongList<Row> {
    return this.#store.eachOrphan();
  }

  /** The ids of the spans of a trace with those of their parents. */
  spanTree(workspace: string, traceId: string): SpanOfTree[] {
    return this.#store.spanTree(workspace, traceId);
  }

  find(table: RecordTableName, workspace: string, id: string): Row | undefined {
    return this.#store.find(table, workspace, id);
  }

  /**
   * Restores a record with its parts. An existing one is not changed, nor are its parts. It needs an open transaction.
   * @returns its id, or that of the existing record
   * @throws RestoreConflict when another record has its name, or a part is there already
   */
  restore({ table, row, parts, idIsDefault }: SnapshotRecord): { id: string; outcome: RestoreOutcome } {
    this.#context.database.requireTransaction();
    if (this.#store.find(table, row.workspace, row.id) !== undefined) return { id: row.id, outcome: "unchanged" };
    const twin = this.#store.findTwin(table, row);
    if (twin !== undefined) {
      const { label } = SNAPSHOT_TABLES[table];
      if (idIsDefault) return { id: String(twin["id"]), outcome: "unchanged" };
      throw new RestoreConflict(`there is another ${label} of this name, with the id ${twin["id"]}`);
    }
    const owner = { workspace: row.workspace, user: String(row["created_by"]) };
    this.#insert(owner, table, row);
    for (const part of parts) this.#insert(owner, part.table, part.row);
    if (table === "traces") this.#projects.traceWritten(String(row["project_id"]), String(row["last_updated_at"]));
    return { id: row.id, outcome: "added" };
  }

  /** Publishes that records were restored. It needs an open transaction. */
  announce(table: RecordTableName, rows: ReadonlyArray<Row & { id: string; workspace: string }>): void {
    announce(this.#context.events, table, rows);
  }

  /** Inserts a row, and the environment that it names if there is none. */
  #insert(owner: Owner, table: SnapshotTableName, row: Row): void {
    const { environment } = row;
    if (typeof environment === "string") this.#environments.mention(owner, environment);
    try {
      this.#store.insert(table, row);
    } catch (error) {
      if (!isConstraint(error)) throw error;
      throw new RestoreConflict(`there is another ${SNAPSHOT_TABLES[table].label} of this name or id`);
    }
  }
}

/** Whether SQLite refused a row because another one has its key. */
function isConstraint(error: unknown): boolean {
  const code = errorCode(error);
  return code === "SQLITE_CONSTRAINT_UNIQUE" || code === "SQLITE_CONSTRAINT_PRIMARYKEY";
}
