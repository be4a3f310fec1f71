import type { Config } from "../../../config.ts";
import type { Clock } from "../../../core/clock.ts";
import type { IdSource } from "../../../core/ids.ts";
import type { Database } from "../../../database/database.ts";
import { requireBelowLimit } from "../../wire/limit.ts";
import { formatTime } from "../../wire/time.ts";
import type { ResourceSnapshot } from "./schema.ts";
import { type ResourceSnapshotRow, ResourceStore } from "./store.ts";

export interface ResourceServiceOptions {
  database: Database;
  clock: Clock;
  ids: IdSource;
  config: Pick<Config, "maxRecordsPerRun">;
}

/** What an executor measured. */
export type Measurement = Omit<ResourceSnapshotRow, "id" | "run_id" | "created_at">;

/** What runs use of their machines. */
export class ResourceService {
  readonly #store: ResourceStore;
  readonly #clock: Clock;
  readonly #ids: IdSource;
  readonly #most: number;

  constructor(options: ResourceServiceOptions) {
    this.#store = new ResourceStore(options.database);
    this.#clock = options.clock;
    this.#ids = options.ids;
    this.#most = options.config.maxRecordsPerRun;
  }

  /** @throws StraitError 429 when the run has too many */
  append(runId: string, measurement: Measurement): ResourceSnapshot {
    requireBelowLimit(this.#store.count(runId), this.#most, "resource snapshots");
    const row = { id: this.#ids.uuid(), run_id: runId, ...measurement, created_at: this.#clock.now() };
    this.#store.insert(row);
    return toSnapshot(row);
  }

  /** Newest first. @param range milliseconds since the epoch, both included */
  list(
    runId: string,
    range: { from?: number | undefined; to?: number | undefined; limit: number },
  ): ResourceSnapshot[] {
    const { from = 0, to = Number.MAX_SAFE_INTEGER, limit } = range;
    return this.#store.between(runId, from, to, limit).map(toSnapshot);
  }
}

function toSnapshot(row: ResourceSnapshotRow): ResourceSnapshot {
  return { ...row, created_at: formatTime(row.created_at) };
}
