import type { OpikLocalClient } from "../client/client.ts";
import type { PlainRun } from "../client/plain.ts";
import { didYouMean } from "../core/did-you-mean.ts";
import { CommandError, EXIT } from "./failures.ts";

/** Does it, and returns what was done: `resumed`. */
type Action = (client: OpikLocalClient, run: PlainRun) => Promise<string>;

/** What `opik-local runs RUN ACTION` can do to an executor run. */
export const RUN_ACTIONS: Readonly<Record<string, Action>> = {
  start: async ({ runs }, run) => {
    await runs.start(run);
    return "is started now";
  },
  pause: async ({ runs }, { id }) => {
    await runs.pause(id);
    return "is paused";
  },
  resume: async ({ runs }, run) => {
    const job = run.status === "paused" ? undefined : await runs.resumePausedJob(run.job_id);
    if (job !== undefined) return `goes on: its job ${job} is resumed`;
    await runs.resume(run.id);
    return "is resumed";
  },
  replay: async ({ runs }, run) => {
    const replay = await runs.replay(run);
    return replay === run.id ? "is replayed" : `is replayed as the run ${replay}`;
  },
  cancel: async ({ runs }, { id }) => {
    await runs.cancel(id);
    return "is canceled";
  },
};

/**
 * Does something to an executor run.
 * @returns a sentence that says what was done
 * @throws CommandError for an unknown action, RefusedError when the status of the run does not allow it
 */
export async function actOnRun(client: OpikLocalClient, run: PlainRun, name: string): Promise<string> {
  const act = Object.hasOwn(RUN_ACTIONS, name) ? RUN_ACTIONS[name] : undefined;
  if (act === undefined) {
    const names = Object.keys(RUN_ACTIONS);
    const hint = didYouMean(name, names) || ` The actions are ${names.join(", ")}.`;
    throw new CommandError(`There is no action ${name} of runs.${hint}`, EXIT.usage);
  }
  return `The run ${run.id} ${await act(client, run)}.`;
}
