import type { SortKey } from "../../database/sliced-search.ts";
import type { Sql } from "../../database/sql.ts";
import type { Parameter } from "../wire/parameters.ts";
import { firstSorting } from "../wire/sorting.ts";

/**
 * The query parameter `sorting` of lists that are sorted by fields such as `usage.total_tokens`.
 * @param keyOf what rows are sorted by for a field; `undefined` for a field that is ignored
 */
export function querySortKey(keyOf: (field: string) => Sql | undefined): Parameter<SortKey | undefined> {
  return {
    schema: { type: "string" },
    required: false,
    read: (text) => {
      const sorting = firstSorting(text);
      const sql = sorting && keyOf(sorting.field);
      return sql && { sql, descending: sorting.descending };
    },
  };
}
