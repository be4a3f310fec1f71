import type { FixtureTargets } from "../../fixtures/load/loader.ts";
import type { Job } from "../../opik/runners/jobs/schema.ts";
import type { StraitServices } from "../../strait/services.ts";
import type { AdminContext } from "../context.ts";
import { LocalError } from "../errors.ts";
import { explainJob } from "./job.ts";
import { explainRun } from "./run.ts";
import type { Explanation } from "./schema.ts";

export interface WhyServiceDependencies {
  services: Pick<FixtureTargets, "projects" | "runners" | "jobs">;
  executor: Pick<StraitServices, "jobs" | "runs" | "eventTriggers">;
}

/** Explains why a job or run waits or has failed, and why the jobs of a runner wait. */
export class WhyService {
  readonly #context: AdminContext;
  readonly #dependencies: WhyServiceDependencies;

  constructor(context: AdminContext, dependencies: WhyServiceDependencies) {
    this.#context = context;
    this.#dependencies = dependencies;
  }

  /** @throws LocalError 422 when there is no job, run or runner with this id */
  explain(id: string): Explanation {
    const now = this.#context.clock.now();
    const { services, executor } = this.#dependencies;
    const runner = services.runners.byId(id);
    const job = runner === undefined ? services.jobs.find(id) : this.#oldestPending(runner.id);
    if (job !== undefined) return { kind: "job", id: job.id, status: job.status, ...explainJob(job, services, now) };
    if (runner !== undefined) {
      const status = services.runners.isConnected(runner) ? "connected" : "disconnected";
      return { kind: "runner", id, status, reason: "None of its jobs is pending." };
    }
    const run = executor.runs.find(id);
    if (run !== undefined) return { kind: "run", id, status: run.status, ...explainRun(run, executor, now) };
    throw new LocalError(422, `There is no job and no run ${id}`);
  }

  #oldestPending(runnerId: string): Job | undefined {
    return this.#dependencies.services.jobs.unfinishedOf(runnerId).find(({ status }) => status === "pending");
  }
}
