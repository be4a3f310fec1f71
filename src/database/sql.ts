/** The value of a parameter. */
export type SqlValue = string | number | bigint | null;

/** A piece of SQL, with a value for each `?` in it. */
export class Sql {
  readonly text: string;
  readonly values: readonly SqlValue[];

  /**
   * @param text never a part of a request: what a client sends is a value
   * @param values in the order of the `?`
   */
  constructor(text: string, values: readonly SqlValue[] = []) {
    this.text = text;
    this.values = values;
  }
}

/**
 * A piece of SQL from a template: ``sql`name = ${name}` ``. Pieces in it are inserted, everything else becomes a
 * parameter. The unary plus stops SQLite from planning the statement again on each call (see `Database.prepare`).
 */
export function sql(texts: TemplateStringsArray, ...parts: ReadonlyArray<SqlValue | Sql>): Sql {
  const values: SqlValue[] = [];
  const text = texts.reduce((before, after, index) => {
    const part = parts[index - 1] as SqlValue | Sql;
    if (!(part instanceof Sql)) {
      values.push(part);
      return `${before}+?${after}`;
    }
    values.push(...part.values);
    return `${before}${part.text}${after}`;
  });
  return new Sql(text, values);
}

/** All of these conditions; those that are `undefined` are left out. Without any, every row meets it. */
export function allOf(conditions: ReadonlyArray<Sql | undefined>): Sql {
  const present = conditions.filter((condition) => condition !== undefined);
  if (present.length === 0) return new Sql("TRUE");
  return joined(present, " AND ");
}

/** One of these values, as many as there are. Without any, no row meets it. */
export function isOneOf(operand: Sql, values: readonly SqlValue[]): Sql {
  // One parameter, so that the statement does not depend on the number of values.
  return sql`${operand} IN (SELECT value FROM json_each(${JSON.stringify(values)}))`;
}

/** That a column has a value; no condition for a value that is not given. */
export function equals(column: string, value: SqlValue | undefined): Sql | undefined {
  return value === undefined || value === null ? undefined : new Sql(`${column} = +?`, [value]);
}

/** Pieces in parentheses with text between them. */
export function joined(pieces: readonly Sql[], between: string): Sql {
  return new Sql(
    pieces.map(({ text }) => `(${text})`).join(between),
    pieces.flatMap(({ values }) => values),
  );
}
