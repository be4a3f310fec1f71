import { createFieldCheck } from "../http/ignored-fields.ts";
import { wholeJob } from "../strait/definitions/jobs/schema.ts";
import { createTextReader } from "../strait/wire/body.ts";
import { callerIn, refuseField, withDetails } from "./executor-calls.ts";
import type { Running } from "./running.ts";

/** A job of executor runs to create. */
export interface NewTestExecutorJob {
  /** By which it is referred to; unique in its project. */
  slug: string;
  /** Default: the slug. */
  name?: string;
  /** Default: `default`. */
  project?: string;
  /** Where its runs are pushed to, or `opik://<project>/<agent>`. Jobs of workers need none. */
  endpoint_url?: string;
  /**
   * `http`, the default, pushes runs to the endpoint; `worker` leaves them to clients that fetch them or have their
   * token.
   */
  execution_mode?: "http" | "worker";
  /** How often a run is tried at most. Default: 3. */
  max_attempts?: number;
  /** How long an attempt may take. Default: 300. */
  timeout_secs?: number;
  /** Any other field of `POST /v1/jobs`, by its name there. */
  [field: string]: unknown;
}

/** The jobs of executor runs. */
export interface TestExecutorJobs {
  /**
   * Creates a job of executor runs, as `POST /v1/jobs` does.
   *
   * ```ts
   * opik.executorJobs.create({ slug: "deploy", endpoint_url: "http://127.0.0.1:3000" });
   * ```
   * @returns its id
   * @throws Error with the API's answer, such as 409 for a slug that is taken
   */
  create(job: NewTestExecutorJob): string;
}

const readJob = createTextReader(wholeJob, createFieldCheck(wholeJob, refuseField));

/** `TestExecutorJobs` of a server in this process. */
export class LocalExecutorJobs implements TestExecutorJobs {
  readonly #running: Running;

  constructor(running: Running) {
    this.#running = running;
  }

  create({ project, slug, name = slug, ...fields }: NewTestExecutorJob): string {
    const { server, executorProject } = this.#running();
    const project_id = project ?? executorProject;
    return withDetails(() => {
      const request = readJob(JSON.stringify({ ...fields, slug, name, project_id }));
      return server.runs.jobs.create(callerIn(project_id), request).id;
    });
  }
}
