import type { FixtureTargets } from "../../fixtures/load/loader.ts";
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

/** Explains why a job or run waits or has failed. */
export class WhyService {
  readonly #context: AdminContext;
  readonly #dependencies: WhyServiceDependencies;

  constructor(context: AdminContext, dependencies: WhyServiceDependencies) {
    this.#context = context;
    this.#dependencies = dependencies;
  }

  /** @throws LocalError 422 when there is no job and no run with this id */
  explain(id: string): Explanation {
    const now = this.#context.clock.now();
    const { services, executor } = this.#dependencies;
    const job = services.jobs.find(id);
    if (job !== undefined) return { kind: "job", id, status: job.status, ...explainJob(job, services, now) };
    const run = executor.runs.find(id);
    if (run !== undefined) return { kind: "run", id, status: run.status, ...explainRun(run, executor, now) };
    throw new LocalError(422, `There is no job and no run ${id}`);
  }
}
