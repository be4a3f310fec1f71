import { LongList } from "../../core/long-list.ts";
import { IdBlocks } from "../../database/blocks.ts";
import type { Database } from "../../database/database.ts";
import type { Statement } from "../../database/statement.ts";
import {
  type RecordTableName,
  type Row,
  SNAPSHOT_TABLES,
  type SnapshotTable,
  type SnapshotTableName,
} from "./tables.ts";

/** A span of a trace, and what it is in. */
export interface SpanOfTree {
  id: string;
  parent_span_id: string | null;
}

/** How rows of a table are added, and the columns that they have. */
interface Insertion {
  columns: readonly string[];
  statement: Statement<[Row], Row>;
}

/** As many rows are read at once. */
const ROWS_AT_ONCE = 25;

/** As many spans are looked at at once, whether their traces are there. */
const SPANS_AT_ONCE = 1_000;

/** The column that counts the rows of some tables. */
const COUNTER = "sequence";

/** The columns of keys that are numbers. */
const NUMBERS: ReadonlySet<string> = new Set(["number", "first_version"]);

/**
 * The SQL of snapshots: whole rows, so that a column that is added to a table is a part of them from then on. Statements
 * are prepared when they are first needed, because most servers never need them.
 */
export class SnapshotStore {
  readonly #database: Database;
  readonly #namesOfColumns: Statement<[string], string>;
  readonly #columns = new Map<SnapshotTableName, readonly string[]>();
  readonly #statements = new Map<string, Statement<[Row], Row>>();
  readonly #insertions = new Map<SnapshotTableName, Insertion>();
  readonly #blocks = new Map<SnapshotTableName, IdBlocks>();

  constructor(database: Database) {
    this.#database = database;
    this.#namesOfColumns = database.prepare<[string], string>("SELECT name FROM pragma_table_info(?)").pluck();
  }

  /**
   * The rows of an owner in the order of their keys, read when they are needed.
   * @param owner the columns that say to what they belong
   */
  each(table: SnapshotTableName, owner: Row = {}): LongList<Row> {
    const key = SNAPSHOT_TABLES[table].key.filter((column) => !(column in owner));
    const after = `(${key.join(", ")}) > (${key.map((column) => `+:after_${column}`).join(", ")})`;
    const where = [...belongsTo(owner), after].join(" AND ");
    const next = this.#select(table, `WHERE ${where} ORDER BY ${key.join(", ")} LIMIT ${ROWS_AT_ONCE}`);
    return new LongList(function* () {
      let last: Row = Object.fromEntries(key.map((column) => [column, NUMBERS.has(column) ? -1 : ""]));
      let rows: Row[];
      do {
        rows = next.all({ ...owner, ...Object.fromEntries(key.map((name) => [`after_${name}`, last[name] ?? null])) });
        last = rows.at(-1) ?? last;
        yield rows;
      } while (rows.length === ROWS_AT_ONCE);
    });
  }

  /** The rows of an owner that has few of them, in the order in which they were made where that is known. */
  all(table: SnapshotTableName, owner: Row): Row[] {
    const columns = this.#columnsOf(table).join(", ");
    const where = belongsTo(owner).join(" AND ");
    const rows = this.#statement(`SELECT ${columns} FROM ${SNAPSHOT_TABLES[table].name} WHERE ${where}`).all(owner);
    return rows.toSorted((one, other) => Number(one[COUNTER] ?? 0) - Number(other[COUNTER] ?? 0)).map(withoutCounter);
  }

  /** The spans whose traces are not there, in the order in which they came, read when they are needed. */
  eachOrphan(): LongList<Row> {
    const last = this.#database.prepare<[], number>("SELECT max(sequence) FROM spans").pluck();
    const among = this.#statement(
      `SELECT workspace, id FROM spans WHERE sequence > +:start AND sequence <= +:end AND NOT EXISTS
       (SELECT 1 FROM traces WHERE traces.workspace = spans.workspace AND traces.id = spans.trace_id)`,
    );
    const find = (row: Row): Row[] => {
      const span = this.find("spans", String(row["workspace"]), String(row["id"]));
      return span === undefined ? [] : [span];
    };
    return new LongList(function* () {
      const end = last.get() ?? 0;
      for (let start = 0; start < end; start += SPANS_AT_ONCE) {
        yield among.all({ start, end: start + SPANS_AT_ONCE }).flatMap(find);
      }
    });
  }

  /** The ids of the spans of a trace with those of their parents, in the order of their ids. */
  spanTree(workspace: string, traceId: string): SpanOfTree[] {
    const sql = "SELECT id, parent_span_id FROM spans WHERE workspace = +:workspace AND trace_id = +:id ORDER BY id";
    return this.#statement(sql)
      .all({ workspace, id: traceId })
      .map(({ id, parent_span_id: parent = null }) => ({
        id: String(id),
        parent_span_id: parent === null ? null : String(parent),
      }));
  }

  /** The row of that id. */
  find(table: RecordTableName, workspace: string, id: string): Row | undefined {
    return this.#select(table, "WHERE workspace = :workspace AND id = :id").get({ workspace, id });
  }

  /** The row that is equal in the columns in which rows of its table are unique, if there is such a rule. */
  findTwin(table: RecordTableName, row: Row): Row | undefined {
    const { unique = [] }: SnapshotTable = SNAPSHOT_TABLES[table];
    if (unique.length === 0) return undefined;
    // Things of no project are in one list; other columns that are NULL are equal to none.
    const isEqual = unique.map((column) => `${column} ${column === "project_id" ? "IS" : "="} :${column}`);
    return this.#select(table, `WHERE ${isEqual.join(" AND ")}`).get(row);
  }

  /**
   * Adds a row. It needs an open transaction.
   * @param row what it leaves out is NULL
   */
  insert(table: SnapshotTableName, row: Row): void {
    const { columns, statement } = this.#insertionOf(table);
    statement.run(Object.fromEntries(columns.map((column) => [column, row[column] ?? null])));
    const { workspace, project_id, id } = row;
    this.#blocksOf(table)?.add([{ workspace: String(workspace), project_id: String(project_id), id: String(id) }]);
  }

  #insertionOf(table: SnapshotTableName): Insertion {
    let insertion = this.#insertions.get(table);
    if (insertion === undefined) {
      const columns = this.#columnsOf(table).filter((column) => column !== COUNTER);
      const values = columns.map((column) => `:${column}`).join(", ");
      const sql = `INSERT INTO ${SNAPSHOT_TABLES[table].name} (${columns.join(", ")}) VALUES (${values})`;
      insertion = { columns, statement: this.#statement(sql) };
      this.#insertions.set(table, insertion);
    }
    return insertion;
  }

  #blocksOf(table: SnapshotTableName): IdBlocks | undefined {
    const { blocks }: SnapshotTable = SNAPSHOT_TABLES[table];
    if (blocks === undefined) return undefined;
    const known = this.#blocks.get(table) ?? new IdBlocks(this.#database, blocks);
    this.#blocks.set(table, known);
    return known;
  }

  #select(table: SnapshotTableName, rest: string): Statement<[Row], Row> {
    const columns = this.#columnsOf(table).filter((column) => column !== COUNTER);
    return this.#statement(`SELECT ${columns.join(", ")} FROM ${SNAPSHOT_TABLES[table].name} ${rest}`);
  }

  #columnsOf(table: SnapshotTableName): readonly string[] {
    const known = this.#columns.get(table);
    if (known !== undefined) return known;
    const { name, kept = [] }: SnapshotTable = SNAPSHOT_TABLES[table];
    const columns = this.#namesOfColumns.all(name).filter((column) => !kept.includes(column));
    this.#columns.set(table, columns);
    return columns;
  }

  #statement(sql: string): Statement<[Row], Row> {
    const known = this.#statements.get(sql) ?? this.#database.prepare<[Row], Row>(sql);
    this.#statements.set(sql, known);
    return known;
  }
}

function withoutCounter(row: Row): Row {
  const { [COUNTER]: _, ...others } = row;
  return others;
}

/** The conditions for the rows of an owner. */
function belongsTo(owner: Row): string[] {
  return Object.keys(owner).map((column) => `${column} = +:${column}`);
}
