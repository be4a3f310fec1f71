import { type Fields, stateField, textOf, timeField } from "../../search/fields.ts";

/*
 * What lists of dashboards can be sorted and filtered by [opik 9.6].
 */

export const DASHBOARD_FIELDS: Fields = {
  javaName: "DashboardField",
  fields: {
    id: stateField("id"),
    name: stateField("name"),
    description: stateField("description"),
    type: { type: "enum", sql: textOf("type") },
    scope: { type: "enum", sql: textOf("scope") },
    created_at: timeField("created_at"),
    last_updated_at: timeField("last_updated_at"),
    created_by: stateField("created_by"),
    last_updated_by: stateField("last_updated_by"),
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
