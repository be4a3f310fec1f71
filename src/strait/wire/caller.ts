import { StraitError } from "./errors.ts";

/** The caller of the control plane, with project and scopes. */
export interface Caller {
  /** The project that the key, the header, the query or the body names; `undefined` when none does. */
  projectId: string | undefined;
  /** Only things of this environment are seen; `undefined` for all. */
  environmentId: string | undefined;
  /** What `created_by` says. */
  actor: string;
  /** What the API key may do; `undefined` for everything. */
  scopes: ReadonlySet<string> | undefined;
  /** Admitted as the owner of the server: with the internal secret, or because no key is required. */
  internal: boolean;
}

/** The project of a request that names none. */
const DEFAULT_PROJECT = "default";

/** The project in which a caller creates and lists. */
export function projectOf(caller: Caller): string {
  return caller.projectId ?? DEFAULT_PROJECT;
}

/**
 * The project in which a caller creates something.
 * @param named the one that the body names, if it does
 * @throws StraitError 403 for another than the caller's
 */
export function projectToCreateIn(caller: Caller, named: string | undefined): string {
  if (named && caller.projectId !== undefined && named !== caller.projectId) {
    throw new StraitError(403, "project_id does not match authenticated project");
  }
  return projectOf(caller);
}

/** Whether a caller may know of a thing of this project; the owner of the server sees all unless a project is named. */
export function canSee(caller: Caller, thing: { project_id: string; environment_id?: string | null }): boolean {
  const sameProject = caller.projectId === undefined || caller.projectId === thing.project_id;
  return sameProject && (caller.environmentId === undefined || caller.environmentId === thing.environment_id);
}

/** What an API key must be allowed to do, such as `jobs:trigger`: one of a list is enough [strait 1.2]. */
export type RequiredScope = string | readonly string[];

/** Whether the caller's scopes cover it [strait 1.2]. */
export function isAllowed({ scopes }: Caller, required: RequiredScope): boolean {
  if (scopes === undefined || scopes.size === 0 || scopes.has("*")) return true;
  const alternatives = typeof required === "string" ? [required] : required;
  return alternatives.some((scope) => scopes.has(scope));
}

/** @throws StraitError 403 when the key's scopes do not cover it [strait 1.2] */
export function requireScope(caller: Caller, required: RequiredScope): void {
  if (isAllowed(caller, required)) return;
  const detail = typeof required === "string" ? `: requires ${required}` : "";
  throw new StraitError(403, `insufficient permissions${detail}`);
}
