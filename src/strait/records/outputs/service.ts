import type { RawJson } from "../../../core/json.ts";
import type { StraitContext } from "../../context.ts";
import type { RunService } from "../../run/service.ts";
import type { Caller } from "../../wire/caller.ts";
import { requireBelowLimit } from "../../wire/limit.ts";
import { before, type Cursor, type Page, toPage } from "../../wire/paging.ts";
import type { Output } from "./schema.ts";
import { type OutputRow, OUTPUTS, OutputStore } from "./store.ts";

export interface OutputServiceDependencies {
  runs: RunService;
}

/** What is written as an output. */
export interface NewOutput {
  output_key: string;
  value: RawJson;
  schema: RawJson | undefined;
}

/** The named results of runs. */
export class OutputService {
  readonly #store: OutputStore;
  readonly #context: StraitContext;
  readonly #most: number;
  readonly #runs: RunService;

  constructor(context: StraitContext, dependencies: OutputServiceDependencies) {
    this.#store = new OutputStore(context.database);
    this.#context = context;
    this.#most = context.config.maxRecordsPerRun;
    this.#runs = dependencies.runs;
  }

  /** Writes a run's output of that key [strait 2.7]. @throws StraitError 429 for one key too many */
  set(runId: string, { output_key, value, schema }: NewOutput): Output {
    requireBelowLimit(this.#store.countOthers(runId, output_key), this.#most, "outputs");
    const row = OUTPUTS.row({
      id: this.#context.ids.uuid(),
      run_id: runId,
      output_key,
      schema_json: schema?.text ?? null,
      value_json: value.text,
      created_at: this.#context.clock.now(),
    });
    return toOutput(this.#store.upsert(row));
  }

  /** By key. @throws StraitError 404 */
  list(caller: Caller, runId: string, query: { limit: number; cursor?: Cursor | undefined }): Page<Output> {
    const { id } = this.#runs.require(caller, runId);
    const rows = this.#store.page(id, before(query.cursor), query.limit + 1);
    return toPage(rows, query.limit, (row) => ({ time: row.created_at, id: row.id }), toOutput);
  }
}

function toOutput(row: OutputRow): Output {
  return OUTPUTS.toFields(row);
}
