import { didYouMean } from "../core/did-you-mean.ts";
import { CommandError, EXIT } from "./failures.ts";

/**
 * The status that a list is limited to.
 * @throws CommandError for one that is not among `statuses`
 */
export function statusOf(given: unknown, statuses: readonly string[]): string | undefined {
  if (given === undefined) return undefined;
  const status = String(given);
  if (statuses.includes(status)) return status;
  const message = `--status is "${status}", but should be one of ${statuses.join(", ")}.${didYouMean(status, statuses)}`;
  throw new CommandError(message, EXIT.usage);
}
