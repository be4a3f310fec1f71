import type { StraitContext } from "../../context.ts";
import { placeOf, type StoredJob } from "../../definitions/jobs/job.ts";
import type { JobService } from "../../definitions/jobs/service.ts";
import { type RunRow, writeMap } from "../../run/run.ts";
import type { RunService } from "../../run/service.ts";
import { type Link, linkAfter } from "./links.ts";

export interface ChainServiceDependencies {
  jobs: JobService;
  runs: RunService;
}

/** The limit of links in a chain, so that jobs that start each other in a circle end (`MaxJobChainDepth` of the real server). */
const MAX_DEPTH = 10;

/**
 * Chains of jobs: the end of a run creates a run of the job that `on_complete_trigger_job` or `on_failure_trigger_job`
 * names, in the same transaction, so exactly once, also after a crash. The real server follows only runs that it has
 * pushed; here, as documented, every run that completes or fails, also by its executor's report.
 */
export class ChainService {
  readonly #context: StraitContext;
  readonly #dependencies: ChainServiceDependencies;

  constructor(context: StraitContext, dependencies: ChainServiceDependencies) {
    this.#context = context;
    this.#dependencies = dependencies;
  }

  /**
   * Creates the next run of a chain after a run that has just ended. Call it inside the transaction of the end.
   * @param job the run's, at its version
   */
  follow(run: RunRow, job: StoredJob): void {
    const link = linkAfter(run, job);
    if (link === undefined) return;
    if (link.workflow) this.#break(run, link.workflow, "workflows are not emulated");
    if (link.job) this.#startNext(run, link, link.job);
  }

  #startNext(run: RunRow, { triggeredBy, payload }: Link, slug: string): void {
    const { jobs, runs } = this.#dependencies;
    if (run.lineage_depth >= MAX_DEPTH) {
      this.#break(run, slug, `a chain ends after ${MAX_DEPTH} links`);
      return;
    }
    const next = jobs.findBySlug(run.project_id, slug);
    if (next === undefined) {
      this.#break(run, slug, "there is no such job");
      return;
    }
    const source = new Map([
      ["source_job_id", run.job_id],
      ["source_run_id", run.id],
    ]);
    runs.create({
      ...placeOf(next),
      triggered_by: triggeredBy,
      payload_json: payload()?.text ?? null,
      tags_json: writeMap(source),
      parent_run_id: run.id,
      lineage_depth: run.lineage_depth + 1,
    });
  }

  /** Reports by an event that a chain cannot continue: no request can be answered with the error. */
  #break(run: RunRow, next: string, reason: string): void {
    this.#context.events.emit("run:chain:broken", { run_id: run.id, next, reason });
  }
}
