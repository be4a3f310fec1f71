import { awaitedStatus } from "../../core/awaited-status.ts";
import { didYouMean } from "../../core/did-you-mean.ts";
import { JOB_STATUSES, type JobStatus } from "../../opik/runners/jobs/schema.ts";
import type { JobService } from "../../opik/runners/jobs/service.ts";
import { JOB_STATES } from "../../opik/runners/jobs/state-machine.ts";
import { toRun } from "../../strait/run/run.ts";
import type { RunService } from "../../strait/run/service.ts";
import { isTerminal, RUN_STATUSES, type RunStatus } from "../../strait/run/state-machine.ts";
import { LocalError } from "../errors.ts";
import { subjectOf } from "../events/subject.ts";
import type { Condition } from "./condition.ts";

interface StatusWait<Thing extends { status: string }> {
  kind: "job" | "run";
  id: string;
  /** As the query says; default any status that is final. */
  status: string | undefined;
  statuses: ReadonlyArray<Thing["status"]>;
  isFinal(status: Thing["status"]): boolean;
  find(): (Thing & { error?: string | undefined }) | undefined;
}

/** Waits until a job of a runner has a status. @throws LocalError 400 for an unknown status */
export function jobHasStatus(jobs: JobService, id: string, status: string | undefined): Condition {
  const isFinal = (of: JobStatus): boolean => JOB_STATES.isFinal(of);
  return hasStatus({ kind: "job", id, status, statuses: JOB_STATUSES, isFinal, find: () => jobs.find(id) });
}

/** Waits until an executor run has a status. @throws LocalError 400 for an unknown status */
export function runHasStatus(runs: RunService, id: string, status: string | undefined): Condition {
  const find = (): ReturnType<typeof toRun> | undefined => {
    const run = runs.find(id);
    return run && toRun(run);
  };
  const isFinal = (of: RunStatus): boolean => isTerminal(of);
  return hasStatus({ kind: "run", id, status, statuses: RUN_STATUSES, isFinal, find });
}

function hasStatus<Thing extends { status: string }>(wait: StatusWait<Thing>): Condition {
  const { kind, id, statuses, isFinal, find } = wait;
  const wanted = statuses.find((known) => known === wait.status);
  if (wait.status !== undefined && wanted === undefined) {
    const known = `There are ${statuses.join(", ")}.`;
    throw new LocalError(400, `There is no status "${wait.status}".${didYouMean(wait.status, statuses)} ${known}`);
  }
  const describe = (): string => {
    const thing = find();
    if (thing === undefined) return `there is no ${kind} ${id}`;
    return `the ${kind} ${id} is ${thing.status}${thing.error === undefined ? "" : ` (${thing.error})`}`;
  };
  return {
    describe,
    concerns: (event) => subjectOf(event)[kind] === id,
    check: () => {
      const thing = find();
      if (thing === undefined) throw new LocalError(404, `There is no ${kind} ${id}`);
      const outcome = awaitedStatus<Thing["status"]>(thing, wanted, isFinal);
      if (outcome === "impossible") throw new LocalError(409, `${describe()}, and never will be ${wanted}`);
      return outcome === "reached" ? { [kind]: thing } : undefined;
    },
  };
}
