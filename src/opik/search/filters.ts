import * as v from "valibot";
import { parseJson } from "../../core/json.ts";
import { lazily } from "../../core/lazily.ts";
import { readTimestamp } from "../../core/timestamps.ts";
import { type Sql, sql } from "../../database/sql.ts";
import { jsonValue, type Schema, shapeOf } from "../../http/schema.ts";
import { OpikError } from "../wire/errors.ts";
import type { Parameter } from "../wire/parameters.ts";
import { isBlank, list, optional, required, string } from "../wire/values.ts";
import { type Field, fieldOf, type Fields, type FieldType } from "./fields.ts";
import { CONDITIONS, type Operator, OPERATORS, valuesOf } from "./operators.ts";
import { inLowerCase } from "./text-match.ts";

/** A condition that rows must meet, as a client writes it. */
export interface Filter {
  field: string;
  operator: Operator;
  /** The key of a dictionary, or the name of a score. */
  key?: string | undefined;
  value?: string | undefined;
}

/** Filters as SQL conditions, all of which must be true. */
export interface FilterConditions {
  where: readonly Sql[];
  /** An index finds the few rows that can meet the filters. */
  isSelective: boolean;
  /** One of the conditions, when a table of keys and values finds the rows that meet it. */
  keyed?: KeyedFilter | undefined;
}

/** A condition that a value under a key is equal, in two forms. */
export interface KeyedFilter {
  /** On the columns `key` and `value` of the table of keys and values. */
  indexed: Sql;
  /** On the dictionary; it is one of the conditions of the filters. */
  plain: Sql;
}

const NO_FILTERS: FilterConditions = { where: [], isSelective: false };

/** The field that names a column and a key in its own key. */
const CUSTOM = "custom";

/** The limit of filters in one request: SQLite's expressions have one. The real server has none. */
const MAX_FILTERS = 100;

/** The schema of a list of filters in a body. An unknown field or operator is refused by its name. */
export function filterList(fields: Fields): Schema<Filter[]> {
  const known = [...Object.keys(fields.fields), ...(fields.custom === undefined ? [] : [CUSTOM])];
  const field = jsonValue({ type: "string" }, (input) => {
    const name = String(input);
    if (known.includes(name) || fieldOf(fields, name) !== undefined) return name;
    throw new Error(
      `Cannot deserialize value of type \`com.comet.opik.api.filter.${fields.javaName}\` from String "${name}": ` +
        `not one of the values accepted for Enum class: [${known.join(", ")}]`,
    );
  });
  const operator = jsonValue({ type: "string", enum: OPERATORS }, (input) => {
    const found = OPERATORS.find((name) => name === input);
    if (found !== undefined) return found;
    throw new Error(
      `Cannot construct instance of \`com.comet.opik.api.filter.Operator\`, problem: Unknown Operator '${String(input)}'`,
    );
  });
  return list(
    required(
      v.object({
        field: required(field),
        operator: required(operator),
        key: optional(string()),
        value: optional(string()),
        /** The Python SDK sends it; the type follows from the field. */
        type: optional(string()),
      }),
    ),
  );
}

/** The query parameter `filters`: the list as JSON. */
export function queryFilters(fields: Fields): Parameter<FilterConditions> {
  // Made with the first filter: most servers never get one.
  const filters = lazily(() => {
    const schema = filterList(fields);
    return { schema, shape: shapeOf(schema) };
  });
  const read = (text: string): Filter[] => {
    const { schema, shape } = filters();
    try {
      return v.parse(schema, parseJson(text, shape));
    } catch {
      throw OpikError.message(400, `Invalid filters query parameter '${text}'`);
    }
  };
  return {
    schema: { type: "string" },
    required: false,
    read: (text) => (text === undefined || isBlank(text) ? NO_FILTERS : conditionsOf(fields, read(text))),
  };
}

/**
 * Converts filters to SQL conditions.
 * @throws OpikError 400 for an operator that the field does not have, and for a value or key that does not fit
 */
export function conditionsOf(fields: Fields, filters: readonly Filter[] = []): FilterConditions {
  if (filters.length > MAX_FILTERS) throw OpikError.message(400, `filters size must be between 0 and ${MAX_FILTERS}`);
  const found = filters.map((filter) => conditionOf(fields, filter));
  return {
    where: found.map(({ where }) => where),
    isSelective: found.some(({ isSelective }) => isSelective),
    keyed: found.find(({ keyed }) => keyed !== undefined)?.keyed,
  };
}

/** A filter as an SQL condition. */
interface FilterCondition extends Omit<FilterConditions, "where"> {
  where: Sql;
}

function conditionOf(fields: Fields, filter: Filter): FilterCondition {
  const { field, ...meant } = filter.field === CUSTOM ? customField(fields, filter) : knownField(fields, filter);
  const { operator, key = "", name } = meant;
  const condition = CONDITIONS[field.type][operator];
  const type = field.type.toUpperCase();
  if (condition === undefined) {
    throw OpikError.message(400, `Invalid operator '${operator}' for field '${name}' of type '${type}'`);
  }
  const value = decoded(field.type, meant);
  if (!isValid(field.type, { ...meant, value })) {
    const [valueText, keyText] = [String(value ?? null), String(meant.key ?? null)];
    throw OpikError.message(
      400,
      `Invalid value '${valueText}' or key '${keyText}' for field '${name}' of type '${type}'`,
    );
  }
  const where = condition(field.sql, value ?? "", key);
  const isEquality = operator === "=";
  const indexed = isEquality && field.hasKeyIndex === true ? indexedValue(key, value ?? "") : undefined;
  return {
    where,
    isSelective: isEquality && field.isIndexed === true,
    keyed: indexed && { indexed, plain: where },
  };
}

/** A key that means one key at the top of a dictionary, and is written in JSON as it is. */
// oxlint-disable-next-line no-control-regex
const TOP_KEY = /^(?!\$$)[^.[\]"\\\u0000-\u001f]+$/;

/** The limit of bytes of keys and values that tables of keys and values have (`0038_record_metadata.sql`). */
const MAX_INDEXED_BYTES = 256;

/** The condition on a table of keys and values; `undefined` for what it does not have. */
function indexedValue(key: string, value: string): Sql | undefined {
  const isShort = [key, value].every((text) => text.isWellFormed() && Buffer.byteLength(text) <= MAX_INDEXED_BYTES);
  if (!isShort || value === "" || !TOP_KEY.test(key)) return undefined;
  return sql`key = ${key} AND value = ${inLowerCase(value)}`;
}

/** A filter, and the name of its field in errors. */
interface NamedFilter extends Pick<Filter, "operator" | "key" | "value"> {
  name: string;
}

/** A filter and the field that it is about. */
interface FieldFilter extends NamedFilter {
  field: Field;
}

function knownField(fields: Fields, { field: name, ...filter }: Filter): FieldFilter {
  const field = fieldOf(fields, name);
  if (field === undefined) throw OpikError.message(400, `Unknown field '${name}'`);
  return { ...filter, name, field };
}

/** A first part of a key with a place in a list: `input[0]`. */
const WITH_PLACE = /^(.*?)(\[\d+\])?$/;

/** The column and the key that the key of a custom filter names: `input.messages[0].role` [opik 7.10]. */
function customField(fields: Fields, { key: path = "", operator, value }: Filter): FieldFilter {
  if (isBlank(path)) throw OpikError.message(400, "Custom key cannot be null or empty");
  const [first = "", ...rest] = path.replace(/^\$\./, "").split(".");
  const [, column = "", place = ""] = WITH_PLACE.exec(first) ?? [];
  const dictionary = Object.hasOwn(fields.custom ?? {}, column) ? fields.custom?.[column] : undefined;
  if (dictionary === undefined) throw OpikError.message(400, `Invalid key '${path}' for custom filter`);
  const key = [place, ...rest].filter((part) => part !== "").join(".");
  const filter = { operator, value: urlDecoded(value), name: CUSTOM };
  return key === ""
    ? { ...filter, field: { type: "string", sql: dictionary.sql } }
    : { ...filter, key, field: dictionary };
}

const NO_VALUE_OPERATORS: ReadonlySet<Operator> = new Set(["is_empty", "is_not_empty"]);

/** The types whose values are sent as they are; those of others are decoded like a part of a URL [opik 7.10]. */
const SENT_AS_THEY_ARE: ReadonlySet<FieldType> = new Set(["string", "string_exact", "string_list", "enum"]);

function decoded(type: FieldType, { operator, value, name }: NamedFilter): string | undefined {
  const isDecoded = name === CUSTOM || SENT_AS_THEY_ARE.has(type) || NO_VALUE_OPERATORS.has(operator);
  return isDecoded ? value : urlDecoded(value);
}

function urlDecoded(value: string | undefined): string | undefined {
  try {
    return value && decodeURIComponent(value.replaceAll("+", " "));
  } catch {
    throw OpikError.message(400, `Invalid filter '${value}'`);
  }
}

const SOURCES: ReadonlySet<string> = new Set([
  "sdk",
  "experiment",
  "playground",
  "optimization",
  "evaluator",
  "unknown",
]);
const PARSABLE_NUMBER = /^-?(?:\d+\.?\d*|\.\d+)$/;
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

function isValid(type: FieldType, { operator, value, key }: NamedFilter): boolean {
  const hasValue = value !== undefined && !isBlank(value);
  const hasKey = key !== undefined && !isBlank(key);
  const needsNoValue = NO_VALUE_OPERATORS.has(operator);
  switch (type) {
    case "string_list":
      return hasValue && valuesOf(value).length > 0;
    case "enum":
    case "list":
      return needsNoValue || hasValue;
    case "enum_legacy": {
      const values = operator === "in" || operator === "not_in" ? valuesOf(value ?? "") : [value ?? ""];
      return values.length > 0 && values.every((source) => SOURCES.has(source));
    }
    case "date_time":
      return value !== undefined && readTimestamp(value) !== undefined;
    case "number":
    case "duration":
      return value !== undefined && PARSABLE_NUMBER.test(value);
    case "feedback_scores_number":
      return hasKey && (needsNoValue || (value !== undefined && DECIMAL.test(value)));
    case "dictionary":
    case "map":
      return hasKey && (needsNoValue || value !== undefined);
    case "error_container":
      return needsNoValue;
    default:
      return hasValue;
  }
}
