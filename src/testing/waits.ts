import type { PlainWait } from "../client/plain.ts";
import { callerIn } from "./executor-calls.ts";
import { toRawJson } from "./jobs.ts";
import { plain, type Running } from "./running.ts";

/** The waits of runs for events. */
export interface TestWaits {
  /** Returns the waits of a project, also those that are over, newest first, a thousand at most. */
  list(options?: { project?: string }): PlainWait[];

  /**
   * Sends an event to the run that waits for it, as `POST /v1/events/{key}/send` does.
   *
   * ```ts
   * await opik.runs.waitFor(id, "waiting"); // an event without a wait is refused
   * opik.waits.send("approve-1.4.2", { approved_by: "ada" });
   * ```
   * @param payload any JSON; default none
   * @param options `project`: only in this project; default any that has the key
   * @throws Error with the API's answer: 404 when no run waits for the event, 409 when the wait is over
   */
  send(key: string, payload?: unknown, options?: { project?: string }): void;
}

const MAX_LISTED = 1_000;

/** `TestWaits` of a server in this process. */
export class LocalWaits implements TestWaits {
  readonly #running: Running;

  constructor(running: Running) {
    this.#running = running;
  }

  list({ project }: { project?: string } = {}): PlainWait[] {
    const { server, executorProject } = this.#running();
    const { data } = server.runs.eventTriggers.list(callerIn(project ?? executorProject), {
      status: undefined,
      source_type: undefined,
      workflow_run_id: undefined,
      cursor: undefined,
      limit: MAX_LISTED,
    });
    return plain<PlainWait[]>(data);
  }

  send(key: string, payload?: unknown, { project }: { project?: string } = {}): void {
    const { server, workspace } = this.#running();
    const { eventTriggers } = server.runs;
    eventTriggers.send(callerIn(project ?? workspace), key, payload === undefined ? undefined : toRawJson(payload));
  }
}
