import { ConfigurationError } from "../core/errors.ts";
import { withFullStop } from "../core/sentence.ts";
import { DatabaseUnusableError } from "../database/errors.ts";
import { FixtureError } from "../fixtures/format/mistakes.ts";

/** Exit codes; documented by `opik-local help exit-codes`. */
export const EXIT = {
  success: 0,
  /** It could not be done. */
  failure: 1,
  /** The command line or a setting is wrong, or the port is taken. */
  usage: 2,
} as const;

/** A failure that the user can correct, described in one sentence. */
export class CommandError extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode: number = EXIT.failure) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** The message of a failure, and the exit code of the process. */
export interface Failure {
  message: string;
  exitCode: number;
  /** The stack trace, only for unexpected failures. */
  stack?: string | undefined;
}

/** Describes any error for people. */
export function describeFailure(error: unknown): Failure {
  if (error instanceof CommandError) return { message: error.message, exitCode: error.exitCode };
  if (error instanceof ConfigurationError) return { message: error.message, exitCode: EXIT.usage };
  if (error instanceof DatabaseUnusableError) return { message: error.message, exitCode: EXIT.failure };
  if (error instanceof FixtureError) return { message: error.message, exitCode: EXIT.failure };
  // citty does not export the class of its errors.
  if (error instanceof Error && error.name === "CLIError")
    return { message: withFullStop(error.message), exitCode: EXIT.usage };
  return {
    message: `opik-local failed unexpectedly: ${error instanceof Error ? error.message : String(error)}`,
    exitCode: EXIT.failure,
    stack: error instanceof Error ? error.stack : undefined,
  };
}
