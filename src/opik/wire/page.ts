import * as v from "valibot";
import type { Schema } from "../../http/schema.ts";
import { queryInteger, queryPageSize } from "./parameters.ts";
import { integer, list, string } from "./values.ts";

/** The query of lists whose pages count from 1 [opik 1.5]. */
export const pageQuery = { page: queryInteger(1, 1), size: queryPageSize(10) };

/** One page of a list: `size` is the number of rows in it, not the number that was asked for. */
export interface Page<Item> {
  page: number;
  size: number;
  total: number;
  content: Iterable<Item>;
  /** The fields the list can be sorted by; left out where it cannot be sorted. */
  sortable_by?: string[] | undefined;
}

/** The fields of a page as a schema has them. */
export type PageFields<Item> = {
  page: Schema<number>;
  size: Schema<number>;
  total: Schema<number>;
  content: Schema<Item[]>;
  sortable_by: v.OptionalSchema<Schema<string[]>, undefined>;
};

/** The fields of a page, for a schema that has more of them. */
export function pageFields<Item>(item: Schema<Item>): PageFields<Item> {
  return {
    page: integer(),
    size: integer(),
    total: integer("int64"),
    content: list(item),
    sortable_by: v.optional(list(string())),
  };
}

/** The schema of a page. */
export function pageOf<Item>(item: v.GenericSchema<unknown, Item>): v.GenericSchema<unknown, Page<Item>> {
  return v.object(pageFields(item));
}

/** How many rows come before a page that counts from 1. */
export function offsetOf({ page, size }: { page: number; size: number }): number {
  return (page - 1) * size;
}
