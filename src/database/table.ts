import type { AnyColumn } from "./column.ts";
import type { Database } from "./database.ts";
import type { Statement } from "./statement.ts";

/** The description of columns, by name. */
export type Columns = Readonly<Record<string, AnyColumn>>;

type Stored<Column extends AnyColumn> = ReturnType<Column["codec"]["toStored"]>;
type Field<Column extends AnyColumn> = ReturnType<Column["codec"]["toField"]>;

/** The names of a table's columns that have a default, and of those that change. */
type Defaulted<All extends Columns> = {
  [Name in keyof All]: All[Name]["hasDefault"] extends true ? Name : never;
}[keyof All];
type Changing<All extends Columns> = {
  [Name in keyof All]: All[Name]["changes"] extends true ? Name : never;
}[keyof All];

/** The name of a column's field in answers. */
type FieldOf<Name, Column extends AnyColumn> = Column["field"] extends string
  ? Column["field"]
  : Column["field"] extends null
    ? never
    : Name extends `${infer Base}_json`
      ? Base
      : Name;

/** A row with these columns. */
export type RowOf<All extends Columns> = { [Name in keyof All]: Stored<All[Name]> };
type FieldsOf<All extends Columns> = { [Name in keyof All as FieldOf<Name, All[Name]>]: Field<All[Name]> };
type ShownOf<All extends Columns> = {
  [Name in keyof All as All[Name]["field"] extends null ? never : Name]: Stored<All[Name]>;
};
type NewRowOf<All extends Columns> = Omit<RowOf<All>, Defaulted<All>> & Partial<Pick<RowOf<All>, Defaulted<All>>>;

/** A row of a table: `Row<typeof JOBS>`. */
export type Row<Of> = Of extends Table<infer All> ? RowOf<All> : never;

/** What a new row must be given: all columns without a default. */
export type NewRow<Of> = Of extends Table<infer All> ? NewRowOf<All> : never;

/** What may change of a row. */
export type RowChange<Of> = Of extends Table<infer All> ? Partial<Pick<RowOf<All>, Changing<All>>> : never;

/**
 * The columns of a table, each described once. Row types, the list of columns in `SELECT`, the statements that write
 * whole rows, and the fields of answers come from this description; all other SQL is written out in the stores.
 */
export class Table<All extends Columns> {
  readonly name: string;
  /** The names of all columns, in the order of the description. */
  readonly columns: ReadonlyArray<keyof All & string>;
  /** The same, as `SELECT` and `RETURNING` list them. */
  readonly list: string;
  /** A parameter for each column, in the same order, as `VALUES` lists them: `:id, :name`. */
  readonly values: string;
  /** The columns that change, as `UPDATE` assigns them: `status = :status, error = :error`. */
  readonly assignments: string;
  readonly #fields: ReadonlyArray<{ column: keyof All & string; field: string; codec: AnyColumn["codec"] }>;
  readonly #defaults: Readonly<Record<string, unknown>>;

  constructor(name: string, columns: All) {
    const all: Array<[keyof All & string, AnyColumn]> = Object.entries(columns);
    this.name = name;
    this.columns = all.map(([column]) => column);
    this.list = this.columns.join(", ");
    this.values = this.columns.map((column) => `:${column}`).join(", ");
    this.assignments = assign(all.filter(([, { changes }]) => changes).map(([column]) => column));
    this.#fields = all
      .filter(([, { field }]) => field !== null)
      .map(([column, { field, codec }]) => ({ column, field: field ?? column.replace(/_json$/, ""), codec }));
    this.#defaults = Object.fromEntries(
      all.filter(([, { hasDefault }]) => hasDefault).map(([column, { defaultValue }]) => [column, defaultValue]),
    );
  }

  /** The columns where a statement calls the table by another name: `link.id, link.name`. */
  listOf(alias: string): string {
    return this.columns.map((column) => `${alias}.${column}`).join(", ");
  }

  /** Inserts a row. */
  insert(database: Database): Statement<[RowOf<All>], unknown> {
    return database.prepare(this.insertion);
  }

  /** The statement that inserts a row, for what may follow it. */
  get insertion(): string {
    return `INSERT INTO ${this.name} (${this.list}) VALUES (${this.values})`;
  }

  /** Writes the columns of a row that change. The row is found by its `id`. */
  update(database: Database): Statement<[Pick<RowOf<All>, Changing<All>> & { id: string }], unknown> {
    return database.prepare(`UPDATE ${this.name} SET ${this.assignments} WHERE id = :id`);
  }

  /** Completes a new row with the defaults. */
  row(given: NewRowOf<All>): RowOf<All> {
    return { ...this.#defaults, ...given } as RowOf<All>;
  }

  /** The fields of an answer. */
  toFields(row: RowOf<All>): FieldsOf<All> {
    const fields: Record<string, unknown> = {};
    for (const { column, field, codec } of this.#fields) fields[field] = codec.toField(row[column]);
    return fields as FieldsOf<All>;
  }

  /** The way back from `toFields`, without the columns that are no fields. */
  toStored(fields: FieldsOf<All>): ShownOf<All> {
    const given: Readonly<Record<string, unknown>> = fields;
    return Object.fromEntries(
      this.#fields.map(({ column, field, codec }) => [column, codec.toStored(given[field])]),
    ) as ShownOf<All>;
  }
}

/** `status = :status, error = :error` */
function assign(columns: readonly string[]): string {
  return columns.map((column) => `${column} = :${column}`).join(", ");
}
