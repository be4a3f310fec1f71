import type { StraitContext } from "../../context.ts";
import { requireBelowLimit } from "../../wire/limit.ts";
import type { ResourceSnapshot } from "./schema.ts";
import { RESOURCE_SNAPSHOTS, type ResourceSnapshotRow, ResourceStore } from "./store.ts";

/** What an executor measured. */
export type Measurement = Omit<ResourceSnapshotRow, "id" | "run_id" | "created_at">;

/** What runs use of their machines. */
export class ResourceService {
  readonly #store: ResourceStore;
  readonly #context: StraitContext;
  readonly #most: number;

  constructor(context: StraitContext) {
    this.#store = new ResourceStore(context.database);
    this.#context = context;
    this.#most = context.config.maxRecordsPerRun;
  }

  /** @throws StraitError 429 when the run has too many */
  append(runId: string, measurement: Measurement): ResourceSnapshot {
    requireBelowLimit(this.#store.count(runId), this.#most, "resource snapshots");
    const row = RESOURCE_SNAPSHOTS.row({
      ...measurement,
      id: this.#context.ids.uuid(),
      run_id: runId,
      created_at: this.#context.clock.now(),
    });
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
  return RESOURCE_SNAPSHOTS.toFields(row);
}
