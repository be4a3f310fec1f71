import { type Field, type Fields, textOf, timeOfMilliseconds } from "../../search/fields.ts";

/*
 * What lists of dashboards can be sorted and filtered by [opik 9.6].
 */

const textField = (column: string): Field => ({ type: "string_state_db", sql: textOf(column) });
const timeField = (column: string): Field => ({ type: "date_time", sql: timeOfMilliseconds(column) });

export const DASHBOARD_FIELDS: Fields = {
  javaName: "DashboardField",
  fields: {
    id: textField("id"),
    name: textField("name"),
    description: textField("description"),
    type: { type: "enum", sql: textOf("type") },
    scope: { type: "enum", sql: textOf("scope") },
    created_at: timeField("created_at"),
    last_updated_at: timeField("last_updated_at"),
    created_by: textField("created_by"),
    last_updated_by: textField("last_updated_by"),
  },
};

/** What a list of dashboards can be sorted by. */
export const SORTABLE_DASHBOARD_FIELDS = [
  "id",
  "name",
  "description",
  "created_at",
  "last_updated_at",
  "created_by",
  "last_updated_by",
] as const;
export type SortableDashboardField = (typeof SORTABLE_DASHBOARD_FIELDS)[number];
