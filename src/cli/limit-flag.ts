import type { ArgsDef } from "citty";
import { CommandError, EXIT } from "./failures.ts";

const DEFAULT = 20;
const MAX = 1_000;

/** The flag of commands that list things. */
export const LIMIT_FLAG: ArgsDef = {
  limit: { type: "string", valueHint: "number", description: `At most so many (${DEFAULT})` },
};

/** @throws CommandError for a text that is not a number from 1 to 1000 */
export function limitOf(given: unknown): number {
  const limit = given === undefined ? DEFAULT : Number(given);
  if (Number.isInteger(limit) && limit >= 1 && limit <= MAX) return limit;
  throw new CommandError(`--limit is "${String(given)}", but should be a number from 1 to ${MAX}.`, EXIT.usage);
}
