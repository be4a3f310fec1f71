import { resolve } from "node:path";
import { describeFileFailure } from "../core/file-failure.ts";
import { CommandError, EXIT } from "./failures.ts";
import { tryToWrite } from "./whole-file.ts";

/**
 * Finds the file that a command writes at its end, and tries at its start whether that is possible: what the command has
 * done until then would be lost.
 * @param given the path on the command line; a relative one is of `folder`
 * @param flag that names it, for the message
 * @returns the whole path; `undefined` when none is given
 * @throws CommandError with exit code 2 when no file can be written there
 */
export function outputFile(given: unknown, flag: string, folder: string): string | undefined {
  if (typeof given !== "string") return undefined;
  const path = resolve(folder, given);
  try {
    tryToWrite(path);
  } catch (error) {
    const reason = describeFileFailure(error, path);
    throw new CommandError(`${path} cannot be written: ${reason}. Choose another file with ${flag}.`, EXIT.usage);
  }
  return path;
}
