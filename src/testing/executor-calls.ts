import { didYouMean } from "../core/did-you-mean.ts";
import { reasonOf } from "../http/reason.ts";
import type { Caller } from "../strait/wire/caller.ts";
import { StraitError } from "../strait/wire/errors.ts";

/*
 * What the calls of tests to the services of executor runs have in common.
 */

/** @param projectId `undefined` for all projects */
export function callerIn(projectId: string | undefined): Caller {
  return { projectId, environmentId: undefined, actor: "test", scopes: undefined, internal: true };
}

/** Refuses an unknown field, which the API ignores: a test that sets one is wrong. */
export function refuseField(path: string, name: string, known: readonly string[]): never {
  throw new Error(`There is no field "${path}${name}".${didYouMean(name, known)}`);
}

/** Adds the details of the API's answer to the message of an error, because test runners print only that. */
export function withDetails<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof StraitError) || error.details === undefined) throw error;
    throw new StraitError(error.status, reasonOf(error));
  }
}
