import { randomUuid } from "../../../core/ids.ts";
import type { RawJson } from "../../../core/json.ts";
import type { StraitContext } from "../../context.ts";
import type { RunRow } from "../../run/run.ts";
import { StraitError } from "../../wire/errors.ts";
import { secondsAfter } from "../../wire/time.ts";
import type { JobMemory, MemoryRequest } from "./schema.ts";
import { MEMORY, type MemoryRow, MemoryStore } from "./store.ts";

const MAX_KEY_BYTES = 256;
const MAX_VALUE_BYTES = 1_048_576;
const MAX_JOB_BYTES = 10_485_760;

/** Values under keys that all runs of a job share [strait 2.20]. An expired value counts as absent. */
export class MemoryService {
  readonly #store: MemoryStore;
  readonly #context: StraitContext;

  constructor(context: StraitContext) {
    this.#store = new MemoryStore(context.database);
    this.#context = context;
  }

  /**
   * Stores a value, for `ttl_secs` seconds or without end. It needs an open transaction.
   * @throws StraitError 400 when the job would keep too much
   */
  set(run: RunRow, key: string, { value, ttl_secs = 0 }: MemoryRequest): JobMemory {
    this.#context.database.requireTransaction();
    const now = this.#context.clock.now();
    const size = Buffer.byteLength(value.text);
    this.#store.deleteExpired(run.job_id, now);
    if (this.#store.sizeWithout(run.job_id, key) + size > MAX_JOB_BYTES) {
      throw new StraitError(400, "value exceeds per-job memory limit");
    }
    const row = MEMORY.row({
      id: randomUuid(this.#context.ids),
      job_id: run.job_id,
      project_id: run.project_id,
      memory_key: key,
      value_json: value.text,
      size_bytes: size,
      ttl_expires_at: ttl_secs > 0 ? secondsAfter(now, ttl_secs) : null,
      created_at: now,
      updated_at: now,
    });
    return toJobMemory(this.#store.upsert(row));
  }

  find(run: RunRow, key: string): JobMemory | undefined {
    const row = this.#store.find(run.job_id, key);
    return row === undefined || this.#isExpired(row) ? undefined : toJobMemory(row);
  }

  /** By key. */
  list(run: RunRow): JobMemory[] {
    return this.#store
      .list(run.job_id)
      .filter((row) => !this.#isExpired(row))
      .map(toJobMemory);
  }

  delete(run: RunRow, key: string): void {
    this.#store.delete(run.job_id, key);
  }

  /**
   * Deletes what has expired, of all jobs.
   * @returns whether there may be more to delete
   */
  deleteExpired(): boolean {
    return this.#store.deleteAllExpired(this.#context.clock.now());
  }

  #isExpired(row: MemoryRow): boolean {
    return row.ttl_expires_at !== null && row.ttl_expires_at <= this.#context.clock.now();
  }
}

/** Checks the key of a value that is written; reading accepts longer keys [strait 2.20]. @throws StraitError 400 */
export function checkMemoryKey(key: string): void {
  if (Buffer.byteLength(key) > MAX_KEY_BYTES) throw new StraitError(400, "memory key must be 256 characters or fewer");
}

/** @throws StraitError 400 */
export function checkMemoryValue(value: RawJson): void {
  if (Buffer.byteLength(value.text) > MAX_VALUE_BYTES) throw new StraitError(400, "value exceeds per-key memory limit");
}

function toJobMemory(row: MemoryRow): JobMemory {
  return MEMORY.toFields(row);
}
