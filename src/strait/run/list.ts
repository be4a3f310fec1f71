import { RawJson } from "../../core/json.ts";
import { nextTurn } from "../../core/slices.ts";
import type { StraitContext } from "../context.ts";
import { type Caller, projectOf } from "../wire/caller.ts";
import { StraitError } from "../wire/errors.ts";
import { after, type Cursor, type Page, toPage } from "../wire/paging.ts";
import { containsJson } from "./containment.ts";
import { type RunRow, toStoredRun } from "./run.ts";
import type { ErrorClass, ExecutionMode, Run } from "./schema.ts";
import { type Label, type RunFilter, RunSearch } from "./search.ts";
import type { RunService } from "./service.ts";
import { isRunStatus, type RunStatus } from "./state-machine.ts";
import { RunStore } from "./store.ts";

/** The filters of a list of runs, as in the query [strait 4.4]. */
export interface RunQuery {
  status: string | undefined;
  statuses: readonly string[];
  "statuses[]": readonly string[];
  tag_key: string | undefined;
  tag_value: string | undefined;
  metadata_key: string | undefined;
  metadata_value: string | undefined;
  triggered_by: string | undefined;
  batch_id: string | undefined;
  payload_contains: string | undefined;
  execution_mode: ExecutionMode | undefined;
  error_class: ErrorClass | undefined;
  limit: number;
  cursor: Cursor | undefined;
}

/** Which runs that have not started are meant; an empty text does not filter. */
export interface CancelFilter {
  job_id: string | undefined;
  batch_id: string | undefined;
  triggered_by: string | undefined;
  status: string | undefined;
}

interface PageQuery {
  limit: number;
  cursor: Cursor | undefined;
}

/** How many rows are read at once when payloads are searched, between which other requests are answered. */
const CHUNK = 50;

/** The lists of runs. */
export class RunList {
  readonly #store: RunStore;
  readonly #search: RunSearch;
  readonly #runs: RunService;

  constructor(context: StraitContext, dependencies: { runs: RunService }) {
    this.#store = new RunStore(context.database);
    this.#search = new RunSearch(context.database);
    this.#runs = dependencies.runs;
  }

  /**
   * Newest first. No index serves `payload_contains`: the other runs are read in parts, between which other requests
   * are answered.
   * @throws StraitError 400 for filters that contradict each other
   */
  async list(caller: Caller, query: RunQuery): Promise<Page<Run>> {
    const filter = readFilter(projectOf(caller), query);
    const wanted = readWanted(query.payload_contains);
    const rows =
      wanted === undefined
        ? this.#search.newest(filter, query.cursor, query.limit + 1)
        : await this.#matching(filter, wanted.value, query);
    return page(rows, query.limit);
  }

  /** The dead letter queue, newest first. */
  deadLetters(caller: Caller, query: PageQuery): Page<Run> {
    const filter: RunFilter = { projectId: projectOf(caller), statuses: ["dead_letter"] };
    return page(this.#search.newest(filter, query.cursor, query.limit + 1), query.limit);
  }

  /** The runs that a run has spawned, oldest first. @throws StraitError 404 */
  children(caller: Caller, runId: string, query: PageQuery): Page<Run> {
    const { id } = this.#runs.require(caller, runId);
    return page(this.#store.children(id, after(query.cursor), query.limit + 1), query.limit);
  }

  /** The run with those it continues and those that continue it, by depth. @throws StraitError 404 */
  lineage(caller: Caller, runId: string, query: PageQuery): Page<Run> {
    const runs = this.#store.lineage(this.#runs.require(caller, runId).id);
    const { cursor } = query;
    const start = cursor === undefined ? 0 : runs.findIndex(({ id }) => id === cursor.id) + 1;
    return page(runs.slice(start, start + query.limit + 1), query.limit);
  }

  /** The ids of a project's runs that have not started yet, oldest first, at most 10,000. */
  idsToStart(projectId: string, filter: CancelFilter): string[] {
    const { job_id, batch_id, triggered_by, status } = filter;
    return this.#search.idsToStart({
      projectId,
      jobId: job_id || undefined,
      batchId: batch_id || undefined,
      triggeredBy: triggered_by || undefined,
      status: status || undefined,
    });
  }

  /** The ids of a project's dead letters, oldest first. */
  deadLetterIds(projectId: string, limit: number): string[] {
    return this.#store.deadLetterIds(projectId, limit);
  }

  async #matching(filter: RunFilter, wanted: unknown, query: PageQuery): Promise<RunRow[]> {
    const found: RunRow[] = [];
    let { cursor } = query;
    for (;;) {
      const rows = this.#search.newest(filter, cursor, CHUNK);
      found.push(...rows.filter((row) => containsJson(payloadOf(row), wanted)));
      const last = rows.at(-1);
      if (last === undefined || rows.length < CHUNK || found.length > query.limit) return found;
      cursor = { time: last.created_at, id: last.id };
      await nextTurn();
    }
  }
}

function page(rows: readonly RunRow[], limit: number): Page<Run> {
  return toPage(rows, limit, ({ created_at, id }) => ({ time: created_at, id }), toStoredRun);
}

function payloadOf(row: RunRow): unknown {
  return row.payload_json === null ? undefined : new RawJson(row.payload_json).parse();
}

function readFilter(projectId: string, query: RunQuery): RunFilter {
  if (query.tag_value !== undefined && query.tag_key === undefined) {
    throw new StraitError(400, "tag_key is required when tag_value is provided");
  }
  if (query.metadata_value !== undefined && query.metadata_key === undefined) {
    throw new StraitError(400, "metadata_key is required when metadata_value is provided");
  }
  if (query.tag_key !== undefined && query.metadata_key !== undefined) {
    throw new StraitError(400, "tag_key and metadata_key filters are mutually exclusive");
  }
  const given = [...(query.status === undefined ? [] : [query.status]), ...query.statuses, ...query["statuses[]"]];
  return {
    projectId,
    statuses: [...new Set(given.map(readStatus))],
    tag: readLabel(query.tag_key, query.tag_value),
    metadata: readLabel(query.metadata_key, query.metadata_value),
    triggeredBy: query.triggered_by,
    batchId: query.batch_id,
    executionMode: query.execution_mode,
    errorClass: query.error_class,
  };
}

function readLabel(key: string | undefined, value: string | undefined): Label | undefined {
  return key === undefined ? undefined : { key, value };
}

function readStatus(text: string): RunStatus {
  if (!isRunStatus(text)) throw new StraitError(400, "status is invalid");
  return text;
}

function readWanted(text: string | undefined): { value: unknown } | undefined {
  if (text === undefined) return undefined;
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    throw new StraitError(400, "payload_contains must be valid JSON");
  }
}
