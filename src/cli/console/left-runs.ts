import { describeDuration } from "../../core/durations.ts";
import type { OpikLocalParts } from "../../server.ts";
import type { Entry } from "./log.ts";

/**
 * Describes the runs that were executing when the last server ended: they send no reports until they count as lost.
 * Call it before fixtures are loaded.
 * @returns `undefined` when there are none
 */
export function leftRuns({ runs, config }: Pick<OpikLocalParts, "runs" | "config">): Entry | undefined {
  const count = runs.runHeartbeats.countLeft();
  if (count === 0) return undefined;
  const staleThresholdMs = config.runStaleThresholdMs;
  const [were, it, gives] = count === 1 ? ["run was", "it is", "it gives"] : ["runs were", "they are", "they give"];
  const threshold = describeDuration(staleThresholdMs);
  return {
    message: `\n  ${count} ${were} executing when the server ended: ${it} tried again if ${gives} no sign of life within ${threshold}.`,
    event: "runs:left",
    details: { count, staleThresholdMs },
  };
}
