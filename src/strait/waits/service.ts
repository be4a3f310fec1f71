import { isDeepStrictEqual } from "node:util";
import type { RawJson } from "../../core/json.ts";
import { inSlices } from "../../core/slices.ts";
import type { TokenHolder } from "../access/tokens/service.ts";
import type { StraitContext } from "../context.ts";
import type { RunService } from "../run/service.ts";
import { type Caller, canSee, isAllowed, projectOf, requireScope } from "../wire/caller.ts";
import { StraitError } from "../wire/errors.ts";
import { before, type Cursor, type Page, toPage } from "../wire/paging.ts";
import { formatTime } from "../wire/time.ts";
import { checkEventKey, checkNotifyUrl, waitSeconds } from "./rules.ts";
import type {
  EventTrigger,
  EventTriggerStats,
  PurgeRequest,
  PurgeResponse,
  WaitRequest,
  WaitResponse,
} from "./schema.ts";
import { type EventTriggerScope, EventTriggerStore } from "./store.ts";
import { type EventTriggerRow, toEventTrigger } from "./trigger.ts";
import type { Waits } from "./waits.ts";

export interface EventTriggerServiceDependencies {
  runs: RunService;
  waits: Waits;
}

interface EventTriggerQuery {
  status: string | undefined;
  source_type: string | undefined;
  workflow_run_id: string | undefined;
  limit: number;
  cursor: Cursor | undefined;
}

const MAX_SENT_AT_ONCE = 1_000;
const DAY_MS = 86_400_000;
const MAX_PURGE_DAYS = 36_500;

/** Events that executors wait for and other clients send [strait 2.12, 4.5]. An event without a wait is lost. */
export class EventTriggerService {
  readonly #context: StraitContext;
  readonly #store: EventTriggerStore;
  readonly #requireApiKey: boolean;
  readonly #runs: RunService;
  readonly #waits: Waits;

  constructor(context: StraitContext, dependencies: EventTriggerServiceDependencies) {
    this.#context = context;
    this.#store = new EventTriggerStore(context.database);
    this.#requireApiKey = context.config.requireApiKey;
    this.#runs = dependencies.runs;
    this.#waits = dependencies.waits;
  }

  /**
   * Suspends the current run until an event arrives.
   * @throws StraitError 400 for an invalid key, time-out or URL, 409 when the run does not execute or the
   * key was used before, 429
   */
  wait(holder: TokenHolder, request: WaitRequest): WaitResponse {
    const { event_key: key, timeout_secs, notify_url } = request;
    checkEventKey(key);
    checkNotifyUrl(notify_url);
    const timeoutSeconds = waitSeconds(timeout_secs, "timeout_secs");
    return this.#context.database.transaction(() => {
      const run = this.#runs.speakFor(holder.runId, holder.attempt);
      if (run.status !== "executing") {
        throw new StraitError(409, `run must be executing to wait for event, current status: ${run.status}`);
      }
      const { id, expires_at } = this.#waits.begin(run, { key, timeoutSeconds, notifyUrl: notify_url });
      return { event_key: key, expires_at: formatTime(expires_at), status: "waiting", trigger_id: id };
    });
  }

  /**
   * Sends an event to the run that waits for it. A repeated event has the answer of the first one.
   * @throws StraitError 400 for a key that no event can have, 404 when no run waits, 403 for a key that may only trigger
   * workflows, 409 when the wait is over
   */
  send(caller: Caller, key: string, payload: RawJson | undefined): EventTrigger {
    return this.#context.database.transaction(() => {
      const row = this.#require(caller, key);
      requireScope(caller, "jobs:trigger");
      if (row.status === "waiting") return toEventTrigger(this.#waits.receive(row, payload, senderOf(caller)));
      if (row.status === "received" && samePayload(row.response_payload_json, payload)) return toEventTrigger(row);
      throw notWaiting();
    });
  }

  /**
   * Sends one event to all runs that wait for a key with this beginning, a thousand at most; those to which the caller may
   * not send one are left out. @throws StraitError 400
   */
  sendByPrefix(caller: Caller, prefix: string, payload: RawJson | undefined): EventTrigger[] {
    checkEventKey(prefix);
    const projectId = this.#projectOf(caller);
    if (!isAllowed(caller, "jobs:trigger")) return [];
    return this.#context.database.transaction(() =>
      this.#store
        .waitingByPrefix(projectId, prefix, MAX_SENT_AT_ONCE)
        .filter((row) => canSee(caller, row))
        .map((row) => toEventTrigger(this.#waits.receive(row, payload, senderOf(caller)))),
    );
  }

  /** Cancels a wait and its run. @throws StraitError 400 for a key that no event can have, 404, 409 when the wait is over */
  cancel(caller: Caller, key: string): EventTrigger {
    return this.#context.database.transaction(() => {
      const row = this.#require(caller, key);
      requireScope(caller, "jobs:write");
      if (row.status !== "waiting") throw notWaiting();
      return toEventTrigger(this.#waits.cancel(row, "canceled by user"));
    });
  }

  /** @throws StraitError 400 for a key that no event can have, 404 */
  get(caller: Caller, key: string): EventTrigger {
    return toEventTrigger(this.#require(caller, key));
  }

  /** A wait of any project by its id, for streams. */
  find(id: string): EventTrigger | undefined {
    const row = this.#store.find(id);
    return row === undefined ? undefined : toEventTrigger(row);
  }

  /** The waits of a run of any project, oldest first. */
  ofRun(runId: string): EventTrigger[] {
    const rows = this.#store.ofRun(runId);
    return rows.toSorted((left, right) => left.requested_at - right.requested_at).map(toEventTrigger);
  }

  /** Newest first. There are no workflows here, so none of their waits. */
  list(caller: Caller, query: EventTriggerQuery): Page<EventTrigger> {
    const { status, source_type, workflow_run_id, limit, cursor } = query;
    const filter = {
      project_id: this.#projectOf(caller),
      status: status ?? null,
      source_type: source_type ?? null,
      environment_id: caller.environmentId ?? null,
    };
    const rows = workflow_run_id === undefined ? this.#store.newest(filter, before(cursor), limit + 1) : [];
    return toPage(rows, limit, ({ requested_at, id }) => ({ time: requested_at, id }), toEventTrigger);
  }

  stats(caller: Caller): EventTriggerStats {
    return this.#store.stats(this.#scopeOf(caller)) ?? NO_STATS;
  }

  /**
   * Deletes waits that are over and began that long ago, so that their keys can be used again. Other requests are
   * answered between slices of them; when the server stops before the end, the rest is still there.
   * @throws StraitError 400
   */
  async purge(caller: Caller, { older_than_days = 0, dry_run = false }: PurgeRequest): Promise<PurgeResponse> {
    if (older_than_days < 1) throw new StraitError(400, "older_than_days must be >= 1");
    if (older_than_days > MAX_PURGE_DAYS) throw new StraitError(400, `older_than_days must be <= ${MAX_PURGE_DAYS}`);
    const scope = this.#scopeOf(caller);
    const before = this.#context.clock.now() - older_than_days * DAY_MS;
    if (dry_run) return { dry_run: true, would_delete: this.#store.countOld(scope, before) };
    let total = 0;
    await inSlices(() => {
      const { deleted, hasMore } = this.#store.deleteOld(scope, before);
      total += deleted;
      return hasMore;
    });
    return { deleted: total };
  }

  /**
   * Deletes waits of all projects that were over before a time, in milliseconds since the epoch.
   * @returns whether there may be more to delete
   */
  deleteEnded(before: number): boolean {
    return this.#store.deleteEnded(before);
  }

  #require(caller: Caller, key: string): EventTriggerRow {
    checkEventKey(key);
    this.#requireProject(caller);
    const row = this.#store.findByKey(caller.projectId, key);
    if (row === undefined || !canSee(caller, row)) throw new StraitError(404, "event trigger not found");
    return row;
  }

  /** The waits that a caller may count and delete. */
  #scopeOf(caller: Caller): EventTriggerScope {
    return { project_id: this.#projectOf(caller), environment_id: caller.environmentId ?? null };
  }

  #projectOf(caller: Caller): string {
    this.#requireProject(caller);
    return projectOf(caller);
  }

  /** The project of the caller's key, where keys are required; the internal secret has none. */
  #requireProject(caller: Caller): void {
    if (!this.#requireApiKey || caller.projectId !== undefined) return;
    throw new StraitError(400, "project context is required -- authenticate with an API key");
  }
}

const NO_STATS: EventTriggerStats = {
  total_count: 0,
  waiting_count: 0,
  received_count: 0,
  timed_out_count: 0,
  canceled_count: 0,
  avg_wait_duration_secs: 0,
};

function senderOf({ internal, projectId }: Caller): string {
  return internal ? "internal" : `api-key:${projectId}`;
}

function notWaiting(): StraitError {
  return new StraitError(409, "event trigger is not in waiting state");
}

/** Whether two payloads mean the same: order of keys and the way numbers are written do not matter. */
function samePayload(kept: string | null, sent: RawJson | undefined): boolean {
  if (kept === null || sent === undefined) return kept === null && sent === undefined;
  return isDeepStrictEqual(JSON.parse(kept), sent.parse());
}
