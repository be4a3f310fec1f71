import { printTimestamp } from "../../core/timestamps.ts";
import type { Project } from "./schema.ts";
import type { ProjectRow } from "./store.ts";

/** A row as clients see it. */
export function toProject(row: ProjectRow): Project {
  return {
    id: row.id,
    name: row.name,
    visibility: row.visibility,
    description: row.description ?? undefined,
    created_at: new Date(row.created_at).toISOString(),
    created_by: row.created_by,
    last_updated_at: new Date(row.last_updated_at).toISOString(),
    last_updated_by: row.last_updated_by,
    last_updated_trace_at: row.last_updated_trace_at === null ? undefined : printTimestamp(row.last_updated_trace_at),
  };
}
