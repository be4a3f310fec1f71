import { expect } from "vitest";

/** An id that the server made (UUIDv7 in lower case) [opik 1.4]. */
export const UUID: unknown = expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/);

/** The hash of a version of a dataset: the end of its id [opik 10.3]. */
export const HASH: unknown = expect.stringMatching(/^[0-9a-f]{8}$/);

/** The name of an experiment that was made without one [opik 11.1]. */
export const GENERATED_NAME: unknown = expect.stringMatching(/^[a-z]+_[a-z]+_\d+$/);

/** The id of a version of a job [strait 0.5]. */
export const VERSION_ID: unknown = expect.stringMatching(/^ver_[0-9a-z]{12}$/);

/** A time as both APIs write it: UTC, with any number of digits of a second. */
export const TIMESTAMP: unknown = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);

/** A token of a run, or of a stream: a JWT. */
export const TOKEN: unknown = expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/);

/** The commit of a version of a prompt that its author did not choose: the end of its id [opik 9.2]. */
export const COMMIT: unknown = expect.stringMatching(/^[0-9a-f]{8}$/);

/** A list of these texts in any order, as the real server prints a set. */
export function inAnyOrder(...texts: string[]): unknown {
  return expect.toSatisfy(
    (actual: unknown) => Array.isArray(actual) && actual.toSorted().join("\n") === texts.toSorted().join("\n"),
    `be ${texts.join(", ")} in any order`,
  );
}

/** An object that has none of these fields. */
export function without(...names: string[]): object {
  return expect.toSatisfy(
    (actual: unknown) => typeof actual === "object" && actual !== null && !names.some((name) => name in actual),
    `be without ${names.join(", ")}`,
  ) as object;
}

/** A list whose first item is this one. */
export function beginningWith(first: object): unknown {
  return expect.toSatisfy(
    (actual: unknown) => Array.isArray(actual) && JSON.stringify(actual[0]) === JSON.stringify(first),
    `begin with ${JSON.stringify(first)}`,
  );
}

/** The answer to a bridge command that was submitted [opik 2.15]. */
export const SUBMITTED = { status: 201, json: { command_id: UUID } };

/** The answer to a heartbeat when nothing was cancelled [opik 2.6]. */
export const ALIVE = { status: 200, json: { cancelled_job_ids: [] } };
