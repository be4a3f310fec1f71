import { withJitter } from "../../core/backoff.ts";
import type { StraitContext } from "../context.ts";
import type { StoredJob } from "../definitions/jobs/job.ts";
import type { RunRow } from "../run/run.ts";
import type { NotifyStatus } from "../waits/schema.ts";
import type { EventTriggerRow } from "../waits/trigger.ts";
import { type Caller, canSee, projectOf } from "../wire/caller.ts";
import { StraitError } from "../wire/errors.ts";
import { before, type Cursor, type Page, toPage } from "../wire/paging.ts";
import { type DeliveryRow, type PendingDelivery, toDelivery, toShownDelivery } from "./delivery.ts";
import { endPayload, waitPayload } from "./payloads.ts";
import type { Delivery } from "./schema.ts";
import { DeliveryStore } from "./store.ts";

/** How a call of a webhook ended. */
export interface CallOutcome {
  /** The answer, if there is one. */
  statusCode?: number;
  /** What went wrong; nothing when it was delivered. */
  error?: string;
  /** Whether it can be tried again. */
  retryable?: boolean;
}

/** Called with the outcome of a wait's webhook, inside the transaction. */
type WaitToldListener = (triggerId: string, status: NotifyStatus) => void;

/** What a new delivery must be given. */
type NewDelivery = Pick<DeliveryRow, "project_id" | "environment_id" | "event_trigger_id" | "run_id" | "job_id"> &
  Pick<DeliveryRow, "webhook_url" | "signing_secret" | "payload_json" | "max_attempts">;

interface DeliveryQuery {
  status: string | undefined;
  limit: number;
  cursor: Cursor | undefined;
}

const WAIT_ATTEMPTS = 5;
const LONGEST_DELAY_MS = 1_800_000;

/**
 * Webhooks for waits and the ends of runs. A delivery is written in the transaction that causes it, so it is sent at
 * least once, also after a crash; `WebhookSender` sends it. The real server calls neither the `notify_url` of a run's
 * wait, nor the `webhook_url` when the executor ends the run itself; both are documented.
 */
export class WebhookService {
  readonly #context: StraitContext;
  readonly #store: DeliveryStore;
  readonly #runAttempts: number;
  #onWaitTold: WaitToldListener = () => undefined;

  constructor(context: StraitContext) {
    this.#context = context;
    this.#store = new DeliveryStore(context.database);
    this.#runAttempts = context.config.webhookMaxAttempts;
  }

  /** Registers the part that stores the outcomes of webhooks of waits. */
  onWaitTold(listener: WaitToldListener): void {
    this.#onWaitTold = listener;
  }

  /** Adds the delivery for a wait with a `notify_url`. Call it inside the transaction. */
  announceWait(wait: EventTriggerRow): void {
    if (wait.notify_url === null) return;
    this.#add({
      project_id: wait.project_id,
      environment_id: wait.environment_id,
      event_trigger_id: wait.id,
      run_id: null,
      job_id: null,
      webhook_url: wait.notify_url,
      signing_secret: null,
      payload_json: waitPayload(wait),
      max_attempts: WAIT_ATTEMPTS,
    });
  }

  /**
   * Adds the delivery for the end of a run whose job has a `webhook_url`. Call it inside the transaction.
   * @param job the run's, at its version
   */
  announceEnd(run: RunRow, { definition, signing_secret }: StoredJob): void {
    if (!definition.webhook_url) return;
    this.#add({
      project_id: run.project_id,
      environment_id: definition.environment_id ?? null,
      event_trigger_id: null,
      run_id: run.id,
      job_id: run.job_id,
      webhook_url: definition.webhook_url,
      signing_secret,
      payload_json: endPayload(run, this.#context.clock.now()),
      max_attempts: this.#runAttempts,
    });
  }

  /** A delivery of any project, for the server's own use. */
  find(id: string): DeliveryRow | undefined {
    return this.#store.find(id);
  }

  /** All that are to be called, the first in turn first. */
  pending(): PendingDelivery[] {
    return this.#store.pending();
  }

  /** Stores the outcome of a call. A delivery that is over, or deleted with its wait or run, is not changed. */
  settle(id: string, outcome: CallOutcome): void {
    this.#context.database.transaction(() => {
      const row = this.#store.find(id);
      if (row?.status !== "pending") return;
      const attempts = row.attempts + 1;
      const last_status_code = outcome.statusCode ?? row.last_status_code;
      const called = { ...row, attempts, last_status_code, last_error: outcome.error ?? null };
      if (outcome.error === undefined) this.#end(called, "delivered");
      else if (outcome.retryable !== true || attempts >= row.max_attempts) this.#end(called, "dead");
      else this.#change({ ...called, next_retry_at: this.#context.clock.now() + this.#delayMs(attempts) });
    });
  }

  /** The webhooks of a run of any project, oldest first. */
  ofRun(runId: string): Delivery[] {
    const rows = this.#store.ofRun(runId);
    return rows.toSorted((left, right) => left.created_at - right.created_at).map(toDelivery);
  }

  /** Newest first. */
  list(caller: Caller, { status, limit, cursor }: DeliveryQuery): Page<Delivery> {
    const filter = {
      project_id: projectOf(caller),
      environment_id: caller.environmentId ?? null,
      status: status ?? null,
    };
    const rows = this.#store.newest(filter, before(cursor), limit + 1);
    return toPage(rows, limit, ({ created_at, id }) => ({ time: created_at, id }), toShownDelivery);
  }

  /** @throws StraitError 404 */
  get(caller: Caller, id: string): Delivery {
    return toShownDelivery(this.#require(caller, id));
  }

  /** Calls a webhook that was given up as if it had never been called. @throws StraitError 404, 409 */
  retry(caller: Caller, id: string): Delivery {
    return this.#context.database.transaction(() => {
      const row = this.#require(caller, id);
      if (row.status !== "dead") throw new StraitError(409, "only failed or dead deliveries can be retried");
      if (row.event_trigger_id !== null) this.#onWaitTold(row.event_trigger_id, "pending");
      const forgotten = { attempts: 0, last_status_code: null, last_error: null };
      return toShownDelivery(
        this.#change({ ...row, ...forgotten, status: "pending", next_retry_at: this.#context.clock.now() }),
      );
    });
  }

  #require(caller: Caller, id: string): DeliveryRow {
    const row = this.#store.find(id);
    if (row === undefined || !canSee(caller, row)) throw new StraitError(404, "delivery not found");
    return row;
  }

  #add(given: NewDelivery): void {
    const now = this.#context.clock.now();
    const row: DeliveryRow = {
      ...given,
      id: this.#context.ids.uuid(),
      status: "pending",
      attempts: 0,
      last_status_code: null,
      last_error: null,
      next_retry_at: now,
      delivered_at: null,
      created_at: now,
      updated_at: now,
    };
    this.#store.insert(row);
    this.#context.events.emit("run:webhook:changed", { delivery: row });
  }

  #end(row: DeliveryRow, status: "delivered" | "dead"): void {
    const isDelivered = status === "delivered";
    this.#change({ ...row, status, next_retry_at: null, delivered_at: isDelivered ? this.#context.clock.now() : null });
    if (row.event_trigger_id !== null) this.#onWaitTold(row.event_trigger_id, isDelivered ? "sent" : "failed");
  }

  #change(row: DeliveryRow): DeliveryRow {
    const changed = { ...row, updated_at: this.#context.clock.now() };
    this.#store.update(changed);
    this.#context.events.emit("run:webhook:changed", { delivery: changed });
    return changed;
  }

  /** The delay before the next call: 5 s, 25 s, 125 s... up to half an hour, with jitter of 20 %. */
  #delayMs(attempts: number): number {
    return withJitter(Math.min(1_000 * 5 ** attempts, LONGEST_DELAY_MS), this.#context.ids);
  }
}
