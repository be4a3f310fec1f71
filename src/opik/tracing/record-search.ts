import * as v from "valibot";
import { uuidsAt } from "../../core/ids.ts";
import { RawJson } from "../../core/json.ts";
import type { IndexQuery, SlicedQuery, SortKey } from "../../database/sliced-search.ts";
import { joined, type Sql, sql } from "../../database/sql.ts";
import type { Schema } from "../../http/schema.ts";
import type { ProjectReference } from "../projects/service.ts";
import { type Fields, textOf } from "../search/fields.ts";
import { type Filter, type FilterConditions, filterList, queryFilters } from "../search/filters.ts";
import { CONDITIONS } from "../search/operators.ts";
import { boundsOf, queryExclude, queryInstant, type TimeRange } from "../search/parameters.ts";
import { querySortKey } from "../search/sorting.ts";
import { contains } from "../search/text-match.ts";
import { pageQuery } from "../wire/page.ts";
import { type Parameter, queryBoolean, queryText, queryUuid } from "../wire/parameters.ts";
import { boolean, constrained, exactly, integer, list, optional, string, uuid } from "../wire/values.ts";
import { truncated } from "./truncation.ts";
import { instant } from "./values.ts";

/** How a kind of record is searched. */
export interface Searchable {
  fields: Fields;
  /** What its lists are sorted by; `undefined` for a field that is ignored. */
  sortKey(field: string): Sql | undefined;
  /** The columns of text that `search` looks into, besides those of every record. */
  searched: readonly string[];
  /** The fields that can be left out of answers. */
  excludable: readonly string[];
}

/** Whether records are shown with the files that were taken out of them. */
export interface FileChoice {
  /** Default false: each file is in its place again. */
  strip_attachments?: boolean | undefined;
}

/** Which records are searched, and how much of them is shown. */
export interface RecordSearch extends ProjectReference, TimeRange, FileChoice {
  filters: FilterConditions;
  /** Text that occurs in one of the searched columns. */
  search?: string | undefined;
  /** Names of fields that are left out. */
  exclude: ReadonlySet<string>;
  /** Whether long JSON and images are cut. */
  truncate: boolean;
}

/** A page of them. Pages count from 1. */
export interface RecordListQuery extends RecordSearch {
  page: number;
  size: number;
  sorting: SortKey | undefined;
}

/** The newest of them, as a stream. */
export interface RecordStreamQuery extends RecordSearch {
  /** Default the newest id. */
  last_retrieved_id?: string | undefined;
  limit: number;
}

/** The query parameters of a list. */
type RecordListParameters = { readonly [Name in keyof RecordListQuery]-?: Parameter<RecordListQuery[Name]> };

/** The query parameters of a list of such records. */
export function recordListQuery({ fields, sortKey, excludable }: Searchable): RecordListParameters {
  return {
    ...pageQuery,
    project_name: queryText,
    project_id: queryUuid,
    filters: queryFilters(fields),
    search: queryText,
    sorting: querySortKey(sortKey),
    exclude: queryExclude(excludable),
    truncate: queryBoolean,
    strip_attachments: queryBoolean,
    from_time: queryInstant,
    to_time: queryInstant,
  };
}

/** The limit of rows of a stream, and its default [opik 7.11]. */
const [MAX_ROWS, DEFAULT_ROWS] = [2_000, 500];

const atLeastOne = constrained(optional(integer()), (rows) => rows >= 1, "must be greater than or equal to 1");
const limit = v.pipe(
  constrained(atLeastOne, (rows) => rows <= MAX_ROWS, `must be less than or equal to ${MAX_ROWS}`),
  v.transform((rows) => rows ?? DEFAULT_ROWS),
);

/** What the body of a search says. */
interface RecordSearchBody extends Omit<RecordStreamQuery, "filters" | "search"> {
  filters?: Filter[] | undefined;
}

/** The fields of the body of a search for such records. */
export function recordSearchFields({ fields, excludable }: Searchable): {
  [Name in keyof RecordSearchBody]-?: Schema<RecordSearchBody[Name]>;
} {
  return {
    project_name: optional(string()),
    project_id: optional(uuid()),
    filters: optional(filterList(fields)),
    last_retrieved_id: optional(uuid()),
    limit,
    truncate: v.pipe(
      optional(boolean()),
      v.transform((isTruncated) => isTruncated ?? true),
    ),
    strip_attachments: optional(boolean()),
    exclude: v.pipe(
      optional(list(exactly("field", excludable))),
      v.transform((names): ReadonlySet<string> => new Set(names)),
    ),
    from_time: optional(instant),
    to_time: optional(instant),
  };
}

/** The columns of text that `search` looks into, of every record. */
const SEARCHED = ["id", "name", "input_json", "output_json", "metadata_json", "error_info_json"];

/**
 * The conditions of a search.
 * @param scope conditions that an index on their columns and the id serves
 * @param where other conditions besides those of the query
 * @throws OpikError 400 for a span of time that ends before it begins
 */
export function slicedQuery(
  { scope, where }: Pick<SlicedQuery, "scope" | "where">,
  query: RecordSearch,
  searched: readonly string[],
): SlicedQuery {
  const { search, filters } = query;
  const ofQuery = search === undefined ? filters.where : [...filters.where, containsText(search, searched)];
  return {
    scope: [...scope, ...idsBetween(query)],
    where: [...where, ...ofQuery],
    isSelective: filters.isSelective,
  };
}

/**
 * The same search by the index of metadata.
 * @param project the conditions of the project, also on the table of the index
 * @returns `undefined` when no filter is served by it
 */
export function indexQuery(
  project: readonly Sql[],
  query: RecordSearch,
  { where }: SlicedQuery,
): IndexQuery | undefined {
  const { keyed } = query.filters;
  if (keyed === undefined) return undefined;
  return {
    scope: [...project, keyed.indexed, ...idsBetween(query)],
    where: where.filter((condition) => condition !== keyed.plain),
  };
}

/** The conditions of the span of time, which ids contain. */
function idsBetween(range: TimeRange): Sql[] {
  const { from, to } = boundsOf(range);
  return [
    ...(from === undefined ? [] : [sql`id >= ${uuidsAt(from).first}`]),
    ...(to === undefined ? [] : [sql`id <= ${uuidsAt(to).last}`]),
  ];
}

function containsText(text: string, searched: readonly string[]): Sql {
  const columns = [...SEARCHED, ...searched].map((column) => contains(textOf(column), text));
  const inTags = CONDITIONS.list.contains?.(sql`tags_json`, text, "");
  return joined(inTags === undefined ? columns : [...columns, inTags], " OR ");
}

/** The record without the fields that are left out, and with long JSON cut. */
export function shownAs<Shown extends object>(
  record: Shown,
  { exclude, truncate }: Pick<RecordSearch, "exclude" | "truncate">,
): Shown {
  if (exclude.size === 0 && !truncate) return record;
  const fields = Object.entries(record)
    .filter(([name]) => !exclude.has(name))
    .map(([name, value]): [string, unknown] => [
      name,
      truncate && value instanceof RawJson ? truncated(name, value) : value,
    ]);
  return Object.fromEntries(fields) as Shown;
}
