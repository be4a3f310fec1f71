import type { Database } from "../../database/database.ts";
import { type Order, Search } from "../../database/search.ts";
import { SlicedDeletion } from "../../database/sliced-deletion.ts";
import { equals } from "../../database/sql.ts";
import type { EventTriggerStats, NotifyStatus } from "./schema.ts";
import { EVENT_TRIGGERS, type EventTriggerRow } from "./trigger.ts";

/** The waits of a project or, unless it is `null`, of one of its environments. */
export interface EventTriggerScope {
  project_id: string;
  environment_id: string | null;
}

/** Which waits a list shows; `null` does not filter. */
export interface EventTriggerFilter extends EventTriggerScope {
  status: string | null;
  source_type: string | null;
}

/** No text in the database is greater than a prefix followed by this. */
const GREATEST = "char(1114111)";
const IN_SCOPE = "project_id = +:project_id AND (:environment_id IS NULL OR environment_id = +:environment_id)";
const OLD = `${IN_SCOPE} AND status <> 'waiting' AND requested_at < +:time`;

const NEWEST: Order = { columns: ["requested_at", "id"], descending: true };

/** The SQL of waits for events. */
export class EventTriggerStore {
  readonly #insert;
  readonly #update;
  readonly #setNotifyStatus;
  readonly #find;
  readonly #findOfProject;
  readonly #findByKey;
  readonly #search: Search<EventTriggerRow>;
  readonly #waiting;
  readonly #waitingOfRun;
  readonly #ofRun;
  readonly #waitingByPrefix;
  readonly #countWaiting;
  readonly #stats;
  readonly #countOld;
  readonly #deleteOld;
  readonly #deleteEnded;

  constructor(database: Database) {
    const select = `SELECT ${EVENT_TRIGGERS.list} FROM ${EVENT_TRIGGERS.name}`;
    this.#insert = EVENT_TRIGGERS.insert(database);
    this.#update = EVENT_TRIGGERS.update(database);
    this.#setNotifyStatus = database.prepare<[NotifyStatus, string]>(
      "UPDATE executor_event_triggers SET notify_status = ? WHERE id = ?",
    );
    this.#find = database.prepare<[string], EventTriggerRow>(`${select} WHERE id = ?`);
    this.#findOfProject = database.prepare<[string, string], EventTriggerRow>(
      `${select} WHERE project_id = ? AND event_key = ?`,
    );
    this.#findByKey = database.prepare<[string], EventTriggerRow>(
      `${select} WHERE event_key = +? ORDER BY status = 'waiting' DESC, requested_at DESC LIMIT 1`,
    );
    this.#search = new Search(database, EVENT_TRIGGERS.list, EVENT_TRIGGERS.name);
    this.#waiting = database.prepare<[], EventTriggerRow>(`${select} WHERE status = 'waiting' ORDER BY expires_at`);
    this.#waitingOfRun = database.prepare<[string], EventTriggerRow>(
      `${select} WHERE job_run_id = ? AND status = 'waiting'`,
    );
    this.#ofRun = database.prepare<[string], EventTriggerRow>(`${select} WHERE job_run_id = ?`);
    this.#waitingByPrefix = database.prepare<[{ project_id: string; prefix: string; limit: number }], EventTriggerRow>(
      `${select} WHERE project_id = +:project_id AND event_key >= +:prefix AND event_key < +:prefix || ${GREATEST}
       AND status = 'waiting' ORDER BY event_key LIMIT +:limit`,
    );
    this.#countWaiting = database
      .prepare<[string], number>(
        "SELECT count(*) FROM executor_event_triggers WHERE project_id = ? AND status = 'waiting'",
      )
      .pluck();
    this.#stats = database.prepare<[EventTriggerScope], EventTriggerStats>(
      `SELECT count(*) AS total_count, count(*) FILTER (WHERE status = 'waiting') AS waiting_count,
       count(*) FILTER (WHERE status = 'received') AS received_count,
       count(*) FILTER (WHERE status = 'timed_out') AS timed_out_count,
       count(*) FILTER (WHERE status = 'canceled') AS canceled_count,
       coalesce(avg(received_at - requested_at) / 1000.0, 0) AS avg_wait_duration_secs
       FROM executor_event_triggers WHERE ${IN_SCOPE}`,
    );
    this.#countOld = database
      .prepare<[EventTriggerScope & { time: number }], number>(
        `SELECT count(*) FROM executor_event_triggers WHERE ${OLD}`,
      )
      .pluck();
    this.#deleteOld = new SlicedDeletion(database, {
      table: "executor_event_triggers",
      key: ["id"],
      condition: OLD,
      order: "requested_at",
    });
    this.#deleteEnded = new SlicedDeletion(database, {
      table: "executor_event_triggers",
      key: ["id"],
      condition: "status <> 'waiting' AND coalesce(received_at, expires_at) <= +:time",
      order: "coalesce(received_at, expires_at)",
    });
  }

  insert(row: EventTriggerRow): void {
    this.#insert.run(row);
  }

  /** Writes what changes when a wait ends. */
  update(row: EventTriggerRow): void {
    this.#update.run(row);
  }

  /** Writes the outcome of the call of a wait's `notify_url`. */
  setNotifyStatus(id: string, status: NotifyStatus): void {
    this.#setNotifyStatus.run(status, id);
  }

  find(id: string): EventTriggerRow | undefined {
    return this.#find.get(id);
  }

  /** @param projectId without one, of all projects: the one that waits before those that do not, then the newest */
  findByKey(projectId: string | undefined, key: string): EventTriggerRow | undefined {
    return projectId === undefined ? this.#findByKey.get(key) : this.#findOfProject.get(projectId, key);
  }

  /** Newest first. */
  newest(filter: EventTriggerFilter, bounds: { time: number; id: string }, limit: number): EventTriggerRow[] {
    const { project_id, status, source_type, environment_id } = filter;
    return this.#search.page({
      where: [
        equals("project_id", project_id),
        equals("status", status),
        equals("source_type", source_type),
        equals("environment_id", environment_id),
      ],
      order: NEWEST,
      after: [bounds.time, bounds.id],
      limit,
    });
  }

  /** All waits of a run, in no order. */
  ofRun(runId: string): EventTriggerRow[] {
    return this.#ofRun.all(runId);
  }

  /** All that wait, in all projects. */
  waiting(): EventTriggerRow[] {
    return this.#waiting.all();
  }

  waitingOfRun(runId: string): EventTriggerRow[] {
    return this.#waitingOfRun.all(runId);
  }

  /** By key. */
  waitingByPrefix(projectId: string, prefix: string, limit: number): EventTriggerRow[] {
    return this.#waitingByPrefix.all({ project_id: projectId, prefix, limit });
  }

  countWaiting(projectId: string): number {
    return this.#countWaiting.get(projectId) ?? 0;
  }

  stats(scope: EventTriggerScope): EventTriggerStats | undefined {
    return this.#stats.get(scope);
  }

  /** @param before milliseconds since the epoch */
  countOld(scope: EventTriggerScope, before: number): number {
    return this.#countOld.get({ ...scope, time: before }) ?? 0;
  }

  /** Deletes a slice of them. @returns how many were deleted, and whether there may be more */
  deleteOld(scope: EventTriggerScope, before: number): { deleted: number; hasMore: boolean } {
    return this.#deleteOld.slice(before, { ...scope });
  }

  /** Those of all projects. @param before milliseconds since the epoch */
  deleteEnded(before: number): boolean {
    return this.#deleteEnded.run(before);
  }
}
