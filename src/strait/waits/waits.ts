import type { Background } from "../../core/background.ts";
import { Deadlines } from "../../core/deadlines.ts";
import type { RawJson } from "../../core/json.ts";
import type { StraitContext } from "../context.ts";
import type { CheckpointService } from "../records/checkpoints/service.ts";
import type { RunChange, RunRow } from "../run/run.ts";
import type { RunService } from "../run/service.ts";
import { isTerminal, type RunStatus } from "../run/state-machine.ts";
import type { WebhookService } from "../webhooks/service.ts";
import { StraitError } from "../wire/errors.ts";
import { EventTriggerStore } from "./store.ts";
import { EVENT_TRIGGERS, type EventTriggerRow } from "./trigger.ts";

export interface WaitsDependencies {
  runs: RunService;
  checkpoints: CheckpointService;
  webhooks: WebhookService;
}

/** A new wait. */
export interface NewWait {
  key: string;
  timeoutSeconds: number;
  /** Sends the webhook of a wait, see `webhooks/`. */
  notifyUrl?: string | undefined;
}

/** Creates the checkpoint with an event's payload, for the executor that continues the run [strait 4.5]. */
const CHECKPOINT_SOURCE = "event_trigger";
/** Keys of waits for the end of a child begin with this. */
export const CHILD_KEY_PREFIX = "spawn-await:";

/**
 * The life cycle of waits: a run begins to wait for an event, and continues when the event is sent, or ends at the
 * deadline. Every wait ends exactly once, here.
 */
export class Waits implements Background {
  readonly #context: StraitContext;
  readonly #store: EventTriggerStore;
  readonly #runs: RunService;
  readonly #checkpoints: CheckpointService;
  readonly #webhooks: WebhookService;
  readonly #deadlines: Deadlines;
  /** Ids of the waits that are not over, by run. */
  readonly #waiting = new Map<string, Set<string>>();

  constructor(context: StraitContext, dependencies: WaitsDependencies) {
    this.#context = context;
    this.#store = new EventTriggerStore(context.database);
    this.#runs = dependencies.runs;
    this.#checkpoints = dependencies.checkpoints;
    this.#webhooks = dependencies.webhooks;
    this.#webhooks.onWaitTold((id, status) => this.#store.setNotifyStatus(id, status));
    const { clock, reportError } = context;
    this.#deadlines = new Deadlines({ clock, onDue: (id) => this.#timeOut(id), onError: reportError });
  }

  /**
   * Begins a wait of a run; an executing run becomes `waiting`. It needs an open transaction.
   * @throws StraitError 429 for too many waits in the project, 409 for a key that was used already
   */
  begin(run: RunRow, wait: NewWait): EventTriggerRow {
    this.#context.database.requireTransaction();
    const limit = this.#context.config.maxEventWaitsPerProject;
    if (this.#store.countWaiting(run.project_id) >= limit) {
      throw new StraitError(429, `project has reached maximum active event triggers (${limit})`);
    }
    if (this.#store.findByKey(run.project_id, wait.key) !== undefined) {
      throw new StraitError(409, "event key already in use");
    }
    const now = this.#context.clock.now();
    const row = EVENT_TRIGGERS.row({
      id: this.#context.ids.uuid(),
      event_key: wait.key,
      project_id: run.project_id,
      job_run_id: run.id,
      timeout_secs: wait.timeoutSeconds,
      requested_at: now,
      expires_at: now + wait.timeoutSeconds * 1_000,
      notify_url: wait.notifyUrl ?? null,
      notify_status: wait.notifyUrl === undefined ? null : "pending",
    });
    this.#store.insert(row);
    this.#webhooks.announceWait(row);
    if (run.status === "executing") this.#runs.transition(run, "waiting");
    this.#emit(row);
    return row;
  }

  /** Finds the wait of a key in a project, in any status. */
  find(projectId: string, key: string): EventTriggerRow | undefined {
    return this.#store.findByKey(projectId, key);
  }

  /** All waits for the end of a child. */
  forChildren(): EventTriggerRow[] {
    return this.#store.waiting().filter(isForChild);
  }

  /**
   * Delivers an event: its payload becomes the run's newest checkpoint, and the run is queued to continue. A run that
   * waits for several children continues when the last of them has ended.
   */
  receive(row: EventTriggerRow, payload: RawJson | undefined, sentBy: string): EventTriggerRow {
    return this.#context.database.transaction(() => {
      const received = this.#end(row, {
        status: "received",
        response_payload_json: payload?.text ?? null,
        received_at: this.#context.clock.now(),
        sent_by: sentBy,
      });
      const run = this.#runOf(row);
      if (run === undefined || isTerminal(run.status)) return received;
      if (payload !== undefined) this.#checkpoints.append(run.id, CHECKPOINT_SOURCE, payload);
      if (run.status === "waiting" && !this.#hasOtherChildren(row)) this.#runs.transition(run, "queued");
      return received;
    });
  }

  /** Cancels a wait and its run. */
  cancel(row: EventTriggerRow, error: string): EventTriggerRow {
    return this.#giveUp(row, "canceled", "canceled", error);
  }

  /** Sets the deadlines of all waits, also of those from before a restart. */
  start(): void {
    for (const row of this.#store.waiting()) {
      const run = this.#runOf(row);
      if (run === undefined || isTerminal(run.status)) this.#endAllOf(row.job_run_id ?? "");
      else this.follow(row);
    }
  }

  stop(): void {
    this.#deadlines.forgetAll();
    this.#waiting.clear();
  }

  /** Sets the deadline of a wait that has begun, and forgets one that is over. */
  follow({ id, status, job_run_id, expires_at }: EventTriggerRow): void {
    const runId = job_run_id ?? "";
    const waits = this.#waiting.get(runId) ?? new Set();
    if (status === "waiting") {
      this.#waiting.set(runId, waits.add(id));
      this.#deadlines.set(id, expires_at);
      return;
    }
    waits.delete(id);
    if (waits.size === 0) this.#waiting.delete(runId);
    this.#deadlines.forget(id);
  }

  /** Ends the waits of a run that has ended. */
  followRun(run: RunRow): void {
    if (isTerminal(run.status) && this.#waiting.has(run.id)) this.#endAllOf(run.id);
  }

  #timeOut(id: string): void {
    const row = this.#store.find(id);
    if (row?.status === "waiting") this.#giveUp(row, "timed_out", "timed_out", "event trigger timed out");
  }

  #giveUp(
    row: EventTriggerRow,
    status: "canceled" | "timed_out",
    runStatus: RunStatus,
    error: string,
  ): EventTriggerRow {
    return this.#context.database.transaction(() => {
      const ended = this.#end(row, { status, error });
      const run = this.#runOf(row);
      const change: RunChange = { error };
      if (run?.status === "waiting") this.#runs.transition(run, runStatus, change);
      return ended;
    });
  }

  /** A run that has ended waits for nothing any more. */
  #endAllOf(runId: string): void {
    const rows = this.#store.waitingOfRun(runId);
    if (rows.length === 0) return;
    this.#context.database.transaction(() => {
      for (const row of rows) this.#end(row, { status: "canceled", error: "run has ended" });
    });
  }

  #end(
    row: EventTriggerRow,
    change: Partial<EventTriggerRow> & { status: EventTriggerRow["status"] },
  ): EventTriggerRow {
    const ended = { ...row, ...change };
    this.#store.update(ended);
    this.#emit(ended);
    return ended;
  }

  #emit(wait: EventTriggerRow): void {
    this.#context.events.emit("run:wait:changed", { wait });
  }

  #runOf(row: EventTriggerRow): RunRow | undefined {
    return row.job_run_id === null ? undefined : this.#runs.find(row.job_run_id);
  }

  #hasOtherChildren(row: EventTriggerRow): boolean {
    return isForChild(row) && this.#store.waitingOfRun(row.job_run_id ?? "").some(isForChild);
  }
}

function isForChild({ event_key }: EventTriggerRow): boolean {
  return event_key.startsWith(CHILD_KEY_PREFIX);
}
