import { didYouMean } from "../core/did-you-mean.ts";
import { createFieldCheck } from "../http/ignored-fields.ts";
import { reasonOf } from "../http/reason.ts";
import type { OpikLocalParts } from "../server.ts";
import { wholeJob } from "../strait/definitions/jobs/schema.ts";
import { triggerRequest } from "../strait/triggers/trigger/schema.ts";
import { createTextReader } from "../strait/wire/body.ts";
import type { Caller } from "../strait/wire/caller.ts";
import { StraitError } from "../strait/wire/errors.ts";
import { toRawJson } from "./jobs.ts";
import { type NewTestExecutorJob, type NewTestRun, type TestRun, toTestRun, type TriggeredRun } from "./runs.ts";

const DEFAULT_PROJECT = "default";
const readJob = createTextReader(wholeJob, createFieldCheck(wholeJob, refuseField));
const readTrigger = createTextReader(triggerRequest, createFieldCheck(triggerRequest, refuseField));

/** What tests do on the side of executor runs, past the control plane's HTTP but as it does it. */
export class ExecutorSide {
  readonly #parts: OpikLocalParts;

  constructor(parts: OpikLocalParts) {
    this.#parts = parts;
  }

  /** See `TestServer.createExecutorJob`. */
  createJob({ project = DEFAULT_PROJECT, slug, name = slug, ...fields }: NewTestExecutorJob): string {
    const { jobs } = this.#parts.runs;
    return tellingDetails(() => {
      const request = readJob(JSON.stringify({ ...fields, slug, name, project_id: project }));
      return jobs.create(callerIn(project), request).id;
    });
  }

  /** See `TestServer.triggerRun`. */
  trigger({ job, project = DEFAULT_PROJECT, idempotency_key, ...fields }: NewTestRun): TriggeredRun {
    const { jobs, triggers, tokens } = this.#parts.runs;
    const found = jobs.find(job) ?? jobs.findBySlug(project, job);
    if (found === undefined) throw new Error(`There is no executor job "${job}" in the project "${project}".`);
    const context = { idempotencyKey: idempotency_key, traceHeaders: {} };
    return tellingDetails(() =>
      this.#parts.database.transaction(() => {
        const request = readTrigger(JSON.stringify(fields));
        const triggered = triggers.trigger(callerIn(found.project_id), found.id, request, context);
        if (!("run" in triggered)) throw new Error(`This trigger is ${triggered.kind}: it makes no run.`);
        return { id: triggered.run.id, run_token: tokens.mint(triggered.run, triggered.timeoutSeconds) };
      }),
    );
  }

  /** See `TestServer.sendEvent`. */
  sendEvent(key: string, payload: unknown, project: string | undefined): void {
    const { eventTriggers } = this.#parts.runs;
    eventTriggers.send(callerIn(project), key, payload === undefined ? undefined : toRawJson(payload));
  }

  /** All runs in the order in which they were made. */
  runs(): TestRun[] {
    return this.#parts.runs.snapshots.runs().flatMap(({ id }) => this.run(String(id)) ?? []);
  }

  run(id: string): TestRun | undefined {
    const { runs, runEvents } = this.#parts.runs;
    const row = runs.find(id);
    return row && toTestRun(row, [...runEvents.behind(id, 0)].flat());
  }
}

function callerIn(projectId: string | undefined): Caller {
  return { projectId, environmentId: undefined, actor: "test", scopes: undefined, internal: true };
}

/** The API ignores such a field; a test that sets one is wrong. */
function refuseField(path: string, name: string, known: readonly string[]): never {
  throw new Error(`There is no field "${path}${name}".${didYouMean(name, known)}`);
}

/** Adds the details of the API's answer to the message, because test runners print only that. */
function tellingDetails<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof StraitError) || error.details === undefined) throw error;
    throw new StraitError(error.status, reasonOf(error));
  }
}
