import type { Project } from "./schema.ts";
import { type ProjectRow, PROJECTS } from "./store.ts";

/** A project as clients see it. */
export function toProject(row: ProjectRow): Project {
  return PROJECTS.toFields(row);
}
