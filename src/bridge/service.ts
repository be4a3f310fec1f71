import type { ServerContext } from "../context.ts";
import { readAgentAddress } from "../core/agent-address.ts";
import type { Background } from "../core/background.ts";
import type { Reactions } from "../core/events.ts";
import type { Owner } from "../opik/access/owner.ts";
import type { OpikChanges } from "../opik/events.ts";
import type { Opik } from "../opik/opik.ts";
import { toJob } from "../opik/runners/jobs/row.ts";
import type { JobRow } from "../opik/runners/jobs/row.ts";
import type { LogEntry } from "../opik/runners/jobs/schema.ts";
import { timeoutSecondsOf } from "../strait/definitions/jobs/job.ts";
import type { StraitChanges } from "../strait/events.ts";
import type { RunRow } from "../strait/run/run.ts";
import type { RunStatus } from "../strait/run/schema.ts";
import type { Runs } from "../strait/strait.ts";
import type { Caller } from "../strait/wire/caller.ts";
import { failureOfJob, failureToBegin } from "./failures.ts";
import { toInputs } from "./inputs.ts";
import { type RunnerJobLink, RunnerJobStore } from "./store.ts";

export interface RunnerDispatchDependencies {
  opik: Pick<Opik["services"], "jobs" | "projects">;
  runs: Pick<Runs["services"], "attempts" | "control" | "jobs" | "runHeartbeats" | "runEvents" | "runs" | "tokens">;
  /** The owner of the runners that execute runs. */
  owner: Owner;
}

/** A job asks for the run's token with this in its `default_run_metadata`: `{"opik_local_run_token": "input"}`. */
const TOKEN_METADATA = "opik_local_run_token";
/** The user that may cancel a runner's job may cancel its run. */
const RUNNER: Caller = {
  projectId: undefined,
  environmentId: undefined,
  actor: "opik-runner",
  scopes: undefined,
  internal: true,
};
/** The agent itself may have brought its run here, and still has to come to its end. */
const WITH_THE_AGENT: ReadonlySet<RunStatus> = new Set(["waiting", "completed", "failed"]);

/**
 * Executes the runs of jobs whose endpoint is `opik://<project>/<agent>` on the local runner that has the agent.
 * Neither API depends on the other: a dispatched run becomes a job with its payload as inputs, and the events of the
 * job update the run. No real server does this.
 */
export class RunnerDispatch implements Background {
  readonly #context: ServerContext<OpikChanges & StraitChanges, object>;
  readonly #dependencies: RunnerDispatchDependencies;
  readonly #store: RunnerJobStore;
  /** Whether any job was made for a run: without one, events of jobs need no look into the links. */
  #isUsed = false;

  constructor(context: ServerContext<OpikChanges & StraitChanges, object>, dependencies: RunnerDispatchDependencies) {
    this.#context = context;
    this.#dependencies = dependencies;
    this.#store = new RunnerJobStore(context.database);
  }

  /** Continues the runs that runners were executing when the server ended. */
  start(): void {
    this.#isUsed = this.#store.hasAny();
    for (const link of this.#store.executing()) {
      const job = this.#dependencies.opik.jobs.findRow(link.job_id);
      if (job === undefined) continue;
      this.#dependencies.runs.runHeartbeats.keep(link.run_id);
      this.#followJob(link, job);
    }
  }

  /** What follows from events of both APIs; it comes after the reactions of each. */
  get reactions(): Reactions<OpikChanges & StraitChanges> {
    return {
      "run:dispatched": [
        ({ run, endpoint_url }) => {
          if (/^opik:/i.test(endpoint_url)) this.#begin(run.id, endpoint_url);
        },
      ],
      "run:status:changed": [({ run, from }) => this.#followRun(run, from)],
      "job:status:changed": [
        ({ job }) => {
          const link = this.#linkOf(job);
          if (link !== undefined) this.#followJob(link, job);
        },
      ],
      "job:logs:appended": [({ job, entries }) => this.#copyLogs(job, entries)],
    };
  }

  #linkOf(job: JobRow): RunnerJobLink | undefined {
    return this.#isUsed ? this.#store.ofJob(job.id) : undefined;
  }

  #begin(id: string, endpointUrl: string): void {
    const { database, clock } = this.#context;
    const { runs, opik, owner } = this.#dependencies;
    const begin = (): void => {
      const run = runs.runs.find(id);
      if (run?.status !== "executing") return;
      const request = this.#requestFor(run, endpointUrl);
      if ("error" in request) {
        runs.attempts.fail(id, request);
        return;
      }
      const jobId = opik.jobs.create(owner, request);
      this.#isUsed = true;
      this.#store.save({ run_id: id, job_id: jobId, created_at: clock.now() });
      runs.runHeartbeats.keep(id);
    };
    try {
      database.transaction(begin);
    } catch (error) {
      // Behind the transaction, so that nothing is left of a job that could not be made.
      runs.attempts.fail(id, failureToBegin(error));
    }
  }

  #requestFor(
    run: RunRow,
    endpointUrl: string,
  ): Parameters<Opik["services"]["jobs"]["create"]>[1] | ReturnType<typeof failureOfJob> {
    const { opik, owner } = this.#dependencies;
    const address = readAgentAddress(endpointUrl);
    if (address === undefined) {
      return { error: `${endpointUrl} is no opik://<project>/<agent>`, errorClass: "client" };
    }
    const { project, agent } = address;
    const project_id = opik.projects.exists(owner.workspace, project)
      ? project
      : opik.projects.idByName(owner, project);
    if (project_id === undefined) {
      return { error: `there is no project "${project}", and so no runner for it`, errorClass: "connection" };
    }
    const inputs = toInputs(run.payload_json, this.#tokenFor(run));
    if (inputs === undefined) {
      return { error: "the payload is no object, as the inputs of an agent are", errorClass: "client" };
    }
    return { project_id, agent_name: agent, inputs, ...NOTHING_MORE };
  }

  #tokenFor(run: RunRow): string | undefined {
    const { jobs, tokens } = this.#dependencies.runs;
    const definition = jobs.ofRun(run)?.definition;
    if (definition?.default_run_metadata?.get(TOKEN_METADATA) !== "input") return undefined;
    return tokens.mint(run, run.timeout_secs_override ?? timeoutSecondsOf(definition));
  }

  /** Updates the run of a job that has changed, as long as the run executes. */
  #followJob({ run_id }: RunnerJobLink, job: JobRow): void {
    const { attempts, control, runs } = this.#dependencies.runs;
    if (job.status === "completed") attempts.complete(run_id, toJob(job).result);
    if (job.status === "failed") attempts.fail(run_id, failureOfJob(job));
    if (job.status === "cancelled" && runs.find(run_id)?.status === "executing") control.cancel(RUNNER, run_id);
  }

  /** Cancels the job of a run that does not execute any more. */
  #followRun(run: RunRow, from: RunStatus): void {
    if (!this.#isUsed) return;
    const { opik, owner } = this.#dependencies;
    const isTaken = from === "executing" ? !WITH_THE_AGENT.has(run.status) : run.status === "canceled";
    const link = isTaken ? this.#store.ofRun(run.id) : undefined;
    const job = link && opik.jobs.find(link.job_id);
    if (job?.status === "pending" || job?.status === "running") opik.jobs.cancel(owner, job.id);
  }

  #copyLogs(job: JobRow, entries: readonly LogEntry[]): void {
    const { database } = this.#context;
    const { runs } = this.#dependencies;
    const link = this.#linkOf(job);
    const run = link && runs.runs.find(link.run_id);
    if (run === undefined) return;
    database.transaction(() => {
      for (const { stream, text } of entries) {
        if (!runs.runEvents.hasCapacity(run)) return;
        const level = stream === "stderr" ? "error" : "info";
        runs.runEvents.append(run, { type: "log", level, message: text, data: undefined });
      }
    });
  }
}

/** The fields of a job that a run does not determine. */
const NOTHING_MORE = {
  mask_id: undefined,
  prompt_masks: undefined,
  blueprint_name: undefined,
  metadata: undefined,
};
