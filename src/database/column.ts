import { RawJson } from "../core/json.ts";

/** A value that SQLite stores. */
export type SqlValue = string | number | Buffer | null;

/** How the values of a column are written in answers and read back. */
export interface Codec<Stored extends SqlValue, Field> {
  toField(stored: Stored): Field;
  toStored(field: Field): Stored;
}

/** The name of a column's field in answers: `undefined` for the column's name without `_json`, `null` for no field. */
export type FieldName = string | null | undefined;

/** Any column; a table's columns are of different types. */
export interface AnyColumn {
  readonly codec: Codec<SqlValue, unknown>;
  readonly field: FieldName;
  readonly hasDefault: boolean;
  readonly defaultValue: SqlValue | undefined;
  readonly changes: boolean;
}

/** The description of one column. The methods return a changed copy; `nullable` comes first. */
export class Column<
  Stored extends SqlValue,
  Field,
  Name extends FieldName = undefined,
  HasDefault extends boolean = false,
  Changes extends boolean = false,
> implements AnyColumn {
  readonly codec: Codec<Stored, Field>;
  readonly field: Name;
  readonly hasDefault: HasDefault;
  readonly defaultValue: Stored | undefined;
  readonly changes: Changes;

  constructor(
    codec: Codec<Stored, Field>,
    options: { field: Name; hasDefault: HasDefault; defaultValue: Stored | undefined; changes: Changes },
  ) {
    this.codec = codec;
    this.field = options.field;
    this.hasDefault = options.hasDefault;
    this.defaultValue = options.defaultValue;
    this.changes = options.changes;
  }

  /** May be `NULL`, which is its default and a field that is left out. */
  nullable(): Column<Stored | null, Field | undefined, Name, true, Changes> {
    const { toField, toStored } = this.codec;
    const codec: Codec<Stored | null, Field | undefined> = {
      toField: (stored) => (stored === null ? undefined : toField(stored)),
      toStored: (field) => (field === undefined ? null : toStored(field)),
    };
    return new Column<Stored | null, Field | undefined, Name, true, Changes>(codec, {
      ...this,
      hasDefault: true,
      defaultValue: null,
    });
  }

  /** The value of new rows that give none. */
  default(value: Stored): Column<Stored, Field, Name, true, Changes> {
    return new Column(this.codec, { ...this, hasDefault: true, defaultValue: value });
  }

  /** The name of its field in answers, where that is another one. */
  named<const Other extends string>(field: Other): Column<Stored, Field, Other, HasDefault, Changes> {
    return new Column(this.codec, { ...this, field });
  }

  /** Is no field of answers. */
  internal(): Column<Stored, Field, null, HasDefault, Changes> {
    return new Column(this.codec, { ...this, field: null });
  }

  /** Changes in the life of a row; all other columns keep their first values. */
  changing(): Column<Stored, Field, Name, HasDefault, true> {
    return new Column(this.codec, { ...this, changes: true });
  }
}

/** A column with a codec of its own. */
export function column<Stored extends SqlValue, Field>(codec: Codec<Stored, Field>): Column<Stored, Field> {
  return new Column(codec, { field: undefined, hasDefault: false, defaultValue: undefined, changes: false });
}

/** A column whose values are written as they are. */
function plain<Value extends SqlValue>(): Column<Value, Value> {
  return column({ toField: (stored) => stored, toStored: (field) => field });
}

/** A column of texts. */
export function text<Text extends string = string>(): Column<Text, Text> {
  return plain();
}

/** A column of integers. */
export function integer(): Column<number, number> {
  return plain();
}

/** A column of numbers with fractions. */
export function real(): Column<number, number> {
  return plain();
}

/** A column of bytes. */
export function blob(): Column<Buffer, Buffer> {
  return plain();
}

/** A column of 0 and 1. */
export function flag(): Column<0 | 1, boolean> {
  return column({ toField: (stored) => stored === 1, toStored: (field) => (field ? 1 : 0) });
}

/** A column of JSON texts, which are written as they were received. */
export function json(): Column<string, RawJson> {
  return column({ toField: (stored) => new RawJson(stored), toStored: (field) => field.text });
}
