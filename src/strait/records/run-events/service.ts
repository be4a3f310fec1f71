import type { RawJson } from "../../../core/json.ts";
import type { StraitContext } from "../../context.ts";
import type { RunEventNotice } from "../../events.ts";
import type { RunRow } from "../../run/run.ts";
import type { RunService } from "../../run/service.ts";
import type { Caller } from "../../wire/caller.ts";
import { requireBelowLimit } from "../../wire/limit.ts";
import { after, type Cursor, type Page, toPage } from "../../wire/paging.ts";
import type { RunEvent } from "./schema.ts";
import { RUN_EVENTS, type RunEventRow, RunEventStore, type StoredRunEvent } from "./store.ts";

export interface RunEventServiceDependencies {
  runs: RunService;
}

/** What is written into a run's history. */
export interface NewRunEvent {
  type: string;
  level: string | undefined;
  message: string;
  data: RawJson | undefined;
}

interface RunEventQuery {
  level?: string | undefined;
  type?: string | undefined;
  limit: number;
  cursor?: Cursor | undefined;
}

const EVENTS_PER_PAGE = 100;

/** The histories of runs: events of executors and of the server. */
export class RunEventService {
  readonly #context: StraitContext;
  readonly #store: RunEventStore;
  readonly #maxEvents: number;
  readonly #runs: RunService;

  constructor(context: StraitContext, dependencies: RunEventServiceDependencies) {
    this.#context = context;
    this.#store = new RunEventStore(context.database);
    this.#maxEvents = context.config.maxEventsPerRun;
    this.#runs = dependencies.runs;
  }

  /**
   * Writes an event into a run's history.
   * @throws StraitError 429 when the history is full; the real server keeps any number
   */
  append(run: RunRow, given: NewRunEvent): RunEvent {
    return this.#context.database.transaction(() => {
      requireBelowLimit(this.#store.count(run.id), this.#maxEvents, "events");
      const row = RUN_EVENTS.row({
        id: this.#context.ids.uuid(),
        run_id: run.id,
        type: given.type,
        level: given.level ?? null,
        message: given.message,
        data_json: given.data?.text ?? null,
        created_at: this.#context.clock.now(),
      });
      const sequence = this.#store.insert(row);
      this.#context.events.emit("run:event:appended", {
        project_id: run.project_id,
        event: toNotice({ ...row, sequence }),
      });
      return toRunEvent(row);
    });
  }

  /**
   * Whether a run's history may have one more event; for events that do not come from a request, which could be
   * refused.
   */
  hasCapacity(run: RunRow): boolean {
    return this.#store.count(run.id) < this.#maxEvents;
  }

  /** Oldest first. @throws StraitError 404 */
  list(caller: Caller, runId: string, query: RunEventQuery): Page<RunEvent> {
    const filter = {
      run_id: this.#runs.require(caller, runId).id,
      level: query.level ?? null,
      type: query.type ?? null,
    };
    const rows = this.#store.oldest(filter, after(query.cursor), query.limit + 1);
    return toPage(rows, query.limit, ({ created_at, id }) => ({ time: created_at, id }), toRunEvent);
  }

  /** The sequence of the run's newest event; 0 when it has none. */
  position(runId: string): number {
    return this.#store.lastSequence(runId);
  }

  /**
   * A run's published events behind the last one that a client has seen, up to the newest there is now, in order and in
   * pages, each of which is read when it is asked for.
   * @param type of which type; default all
   */
  *behind(runId: string, lastSeen: number, type?: string): Generator<RunEventNotice[], void, void> {
    const range = { run_id: runId, until: this.position(runId), type: type ?? null };
    let after = lastSeen;
    for (;;) {
      const page = this.#store.behind({ ...range, after }, EVENTS_PER_PAGE);
      const last = page.at(-1);
      if (last === undefined) return;
      after = last.sequence;
      yield page.map(toNotice);
    }
  }
}

function toRunEvent(row: RunEventRow): RunEvent {
  return RUN_EVENTS.toFields(row);
}

function toNotice(row: StoredRunEvent): RunEventNotice {
  const { sequence, id, run_id, type, level, message, data_json, created_at } = row;
  return { sequence, id, run_id, type, level: level ?? undefined, message, data: data_json ?? undefined, created_at };
}
