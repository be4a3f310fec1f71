import { readTimestamp } from "../../core/timestamps.ts";
import { isOneOf, Sql, sql, type SqlValue } from "../../database/sql.ts";
import { type FieldType, timeKey } from "./fields.ts";
import { textAt } from "./json-path.ts";
import { contains, endsWith, inLowerCase, lowerCased, not, startsWith } from "./text-match.ts";

export const OPERATORS = [
  "contains",
  "not_contains",
  "starts_with",
  "ends_with",
  "=",
  "!=",
  ">",
  ">=",
  "<",
  "<=",
  "is_empty",
  "is_not_empty",
  "in",
  "not_in",
] as const;
export type Operator = (typeof OPERATORS)[number];

/** Creates the condition of a filter. */
type Condition = (field: Sql, value: string, key: string) => Sql;

type Conditions = Partial<Record<Operator, Condition>>;

const COMPARISONS = ["=", "!=", ">", ">=", "<", "<="] as const;

/** Compares a field with a value, in SQL. */
function compared(
  operators: ReadonlyArray<(typeof COMPARISONS)[number]>,
  read: (value: string) => SqlValue,
  operand: (field: Sql, key: string) => Sql = (field) => field,
): Conditions {
  return Object.fromEntries(
    operators.map((operator) => {
      const condition: Condition = (field, value, key) =>
        sql`${operand(field, key)} ${new Sql(operator)} ${read(value)}`;
      return [operator, condition];
    }),
  );
}

/** Searches in text without regard to case. */
function searched(operand: (field: Sql, key: string) => Sql): Conditions {
  return {
    contains: (field, value, key) => contains(operand(field, key), value),
    not_contains: (field, value, key) => not(contains(operand(field, key), value)),
    starts_with: (field, value, key) => startsWith(lowerCased(operand(field, key)), inLowerCase(value)),
    ends_with: (field, value, key) => endsWith(lowerCased(operand(field, key)), inLowerCase(value)),
    ...compared(["=", "!="], inLowerCase, (field, key) => lowerCased(operand(field, key))),
  };
}

const itself = (field: Sql): Sql => field;

const EXACT_TEXT: Conditions = {
  contains: (field, value) => sql`instr(${field}, ${value}) > 0`,
  not_contains: (field, value) => sql`instr(${field}, ${value}) = 0`,
  starts_with: startsWith,
  ends_with: endsWith,
  ...compared(["=", "!=", ">", "<"], (value) => value),
};

const LIST: Conditions = {
  contains: (field, value) => hasElement(field, contains(new Sql("value"), value)),
  not_contains: (field, value) => not(hasElement(field, contains(new Sql("value"), value))),
  "=": (field, value) => hasElement(field, sql`value = ${value}`),
  "!=": (field, value) => not(hasElement(field, sql`value = ${value}`)),
  is_empty: (field) => not(hasElement(field, sql`TRUE`)),
  is_not_empty: (field) => hasElement(field, sql`TRUE`),
};

const DICTIONARY: Conditions = {
  ...searched(textAt),
  ">": (field, value, key) => sql`${numberAt(field, key)} > ${numberOrNull(value)}`,
  "<": (field, value, key) => sql`${numberAt(field, key)} < ${numberOrNull(value)}`,
  is_empty: (field, _, key) => sql`${textAt(field, key)} IN ('', 'null')`,
  is_not_empty: (field, _, key) => sql`${textAt(field, key)} NOT IN ('', 'null')`,
};

/** Scores are compared by their averages; a thing without the score has a different one from any. */
const SCORES: Conditions = {
  ...Object.fromEntries(
    COMPARISONS.filter((operator) => operator !== "!=").map((operator) => {
      const condition: Condition = (scores, value, key) =>
        hasScore(scores, key, sql`value ${new Sql(operator)} ${Number(value)}`);
      return [operator, condition];
    }),
  ),
  "!=": (scores, value, key) => not(hasScore(scores, key, sql`value = ${Number(value)}`)),
  is_empty: (scores, _, key) => not(hasScore(scores, key, sql`TRUE`)),
  is_not_empty: (scores, _, key) => hasScore(scores, key, sql`TRUE`),
};

const ENUM: Conditions = {
  ...compared(["=", "!="], (value) => value),
  is_empty: (field) => sql`${field} = ''`,
  is_not_empty: (field) => sql`${field} <> ''`,
  in: (field, value) => isOneOf(field, valuesOf(value)),
  not_in: (field, value) => not(isOneOf(field, valuesOf(value))),
};

/** Records without a source came from an SDK. */
const SOURCE: Conditions = {
  "=": (field, value) => isOneOf(field, sourcesOf([value])),
  "!=": (field, value) => not(isOneOf(field, sourcesOf([value]))),
  in: (field, value) => isOneOf(field, sourcesOf(valuesOf(value))),
  not_in: (field, value) => not(isOneOf(field, sourcesOf(valuesOf(value)))),
};

const NUMBER = compared(COMPARISONS, Number);

/** The operators of each type of field [opik 7.10]. */
export const CONDITIONS: Readonly<Record<FieldType, Conditions>> = {
  string: {
    ...searched(itself),
    ...compared([">", "<"], inLowerCase, lowerCased),
  },
  string_exact: EXACT_TEXT,
  string_state_db: searched(itself),
  string_list: {
    in: (field, value) => isOneOf(field, valuesOf(value)),
    not_in: (field, value) => not(isOneOf(field, valuesOf(value))),
  },
  date_time: compared(COMPARISONS, (value) => timeKey(readTimestamp(value) ?? "")),
  number: NUMBER,
  duration: NUMBER,
  feedback_scores_number: SCORES,
  dictionary: DICTIONARY,
  map: searched(textAt),
  list: LIST,
  enum: ENUM,
  enum_legacy: SOURCE,
  error_container: {
    is_empty: (field) => sql`${field} IS NULL`,
    is_not_empty: (field) => sql`${field} IS NOT NULL`,
  },
};

/** The values of a list that are separated by commas. */
export function valuesOf(list: string): string[] {
  return list
    .split(",")
    .map((value) => value.trim())
    .filter((value) => value !== "");
}

function sourcesOf(values: readonly string[]): string[] {
  return values.includes("sdk") ? [...values, ""] : values.map((value) => (value === "unknown" ? "" : value));
}

function hasElement(list: Sql, condition: Sql): Sql {
  return sql`EXISTS (SELECT 1 FROM json_each(${list}) WHERE ${condition})`;
}

function hasScore(scores: Sql, name: string, condition: Sql): Sql {
  return sql`EXISTS (SELECT 1 FROM (${scores}) WHERE lower(name) = ${inLowerCase(name)} AND ${condition})`;
}

/** The number under a key, also when it is text; `NULL` when there is none. */
function numberAt(json: Sql, key: string): Sql {
  const text = textAt(json, key);
  return sql`CASE WHEN ${text} GLOB '*[0-9]*' AND NOT ${text} GLOB '*[^0-9.eE+-]*' THEN CAST(${text} AS REAL) END`;
}

function numberOrNull(value: string): number | null {
  const number = value.trim() === "" ? Number.NaN : Number(value);
  return Number.isNaN(number) ? null : number;
}
