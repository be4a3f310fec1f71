import type { PlainRun, PlainRunEvent, TriggeredRun } from "../client/plain.ts";
import { createFieldCheck } from "../http/ignored-fields.ts";
import type { LocalEvents } from "../opik-local.ts";
import type { RunEventNotice } from "../strait/events.ts";
import { type RunRow, toRun } from "../strait/run/run.ts";
import { isTerminal, RUN_STATUSES, type RunStatus } from "../strait/run/state-machine.ts";
import { triggerRequest } from "../strait/triggers/trigger/schema.ts";
import { createTextReader } from "../strait/wire/body.ts";
import { callerIn, refuseField, withDetails } from "./executor-calls.ts";
import { plain, type Running } from "./running.ts";
import { waitForStatus, type WaitOptions } from "./waiting.ts";

/** A run to trigger. */
export interface NewTestRun {
  /** Slug or id of the job. */
  job: string;
  /** The project of the slug. Default: `default`. */
  project?: string;
  /** The payload for the executor; any JSON. */
  payload?: unknown;
  /** A second trigger with the same key gives the same run. */
  idempotency_key?: string;
  /** Any other field of `POST /v1/jobs/{id}/trigger`, by its name there: `tags`, `scheduled_at`, `priority`. */
  [field: string]: unknown;
}

/** An executor run as tests see it. */
export interface TestRun extends PlainRun {
  /** Its history: the events of its executor and of the server so far. */
  events: PlainRunEvent[];
}

/** The runs of executor jobs. */
export interface TestRuns {
  /**
   * Triggers a run of an executor job, as `POST /v1/jobs/{id}/trigger` does.
   *
   * ```ts
   * const { id, run_token } = opik.runs.trigger({ job: "deploy", payload: { version: "1.4.2" } });
   * ```
   * @returns its id, and the run token of its executor
   * @throws Error for a job that does not exist, for a trigger that makes no run now (`dry_run`, or a job that defers
   * triggers; nothing has happened then), or with the API's answer
   */
  trigger(run: NewTestRun): TriggeredRun;

  /** Returns a run; `undefined` when there is none with that id. */
  get(id: string): TestRun | undefined;

  /** Returns all runs in the order in which they were created. */
  list(): TestRun[];

  /**
   * Waits until a run has a status, or fulfils a condition on its status and its history.
   *
   * ```ts
   * await opik.runs.waitFor(id, "waiting");
   * await opik.runs.waitFor(id, (run) => run.events.some(({ message }) => message === "built 1.4.2"));
   * ```
   * @throws WaitTimeoutError, or an Error at once when the run has ended in another status, or there is no such run or
   * status
   */
  waitFor(id: string, wanted: RunStatus | ((run: TestRun) => boolean), options?: WaitOptions): Promise<TestRun>;
}

const readTrigger = createTextReader(triggerRequest, createFieldCheck(triggerRequest, refuseField));

/** `TestRuns` of a server in this process. */
export class LocalRuns implements TestRuns {
  readonly #running: Running;

  constructor(running: Running) {
    this.#running = running;
  }

  trigger({ job, project, idempotency_key, ...fields }: NewTestRun): TriggeredRun {
    const { server, executorProject } = this.#running();
    const { database, runs } = server;
    const { jobs, triggers, tokens } = runs;
    const project_id = project ?? executorProject;
    const found = jobs.find(job) ?? jobs.findBySlug(project_id, job);
    if (found === undefined) throw new Error(`There is no executor job "${job}" in the project "${project_id}".`);
    const context = { idempotencyKey: idempotency_key, traceHeaders: {} };
    return withDetails(() =>
      database.transaction(() => {
        const request = readTrigger(JSON.stringify(fields));
        const triggered = triggers.trigger(callerIn(found.project_id), found.id, request, context);
        if (!("run" in triggered)) throw new Error(`This trigger is ${triggered.kind}: it makes no run.`);
        return { id: triggered.run.id, run_token: tokens.mint(triggered.run, triggered.timeoutSeconds) };
      }),
    );
  }

  get(id: string): TestRun | undefined {
    const { runs, runEvents } = this.#running().server.runs;
    const row = runs.find(id);
    return row && toTestRun(row, [...runEvents.behind(id, 0)].flat());
  }

  list(): TestRun[] {
    const { server, sees } = this.#running();
    return server.runs.snapshots
      .runs()
      .flatMap(({ id }) => this.get(String(id)) ?? [])
      .filter(({ project_id }) => sees(project_id));
  }

  async waitFor(id: string, wanted: RunStatus | ((run: TestRun) => boolean), options?: WaitOptions): Promise<TestRun> {
    return waitForStatus<TestRun>({
      options,
      events: this.#running().server.events,
      method: this.waitFor,
      wanted,
      find: () => this.get(id),
      isAbout: (name, payload) => isAboutRun(id, name, payload),
      isEnd: isTerminal,
      kind: "run",
      statuses: RUN_STATUSES,
      describe: (run) => describeRun(id, run),
    });
  }
}

function toTestRun(row: RunRow, history: readonly RunEventNotice[]): TestRun {
  return { ...plain<PlainRun>(toRun(row)), events: history.map(toTestRunEvent) };
}

function toTestRunEvent({ type, level, message, data }: RunEventNotice): PlainRunEvent {
  return {
    type,
    message,
    ...(level === undefined ? {} : { level }),
    ...(data === undefined ? {} : { data: JSON.parse(data) as unknown }),
  };
}

/** Whether an event changes a run. */
function isAboutRun(id: string, name: string, payload: unknown): boolean {
  if (name === "run:status:changed") return (payload as LocalEvents["run:status:changed"]).run.id === id;
  return name === "run:event:appended" && (payload as LocalEvents["run:event:appended"]).event.run_id === id;
}

function describeRun(id: string, run: TestRun | undefined): string {
  if (run === undefined) return `there is no run ${id}`;
  return `the run ${id} is ${run.status}${run.error === undefined ? "" : ` (${run.error})`}`;
}
