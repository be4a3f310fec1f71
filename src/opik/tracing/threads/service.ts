import { uuidsAt } from "../../../core/ids.ts";
import type { SizedRow } from "../../../database/rows-in-parts.ts";
import type { SlicedQuery, SortKey } from "../../../database/sliced-search.ts";
import { sql } from "../../../database/sql.ts";
import type { Owner } from "../../access/owner.ts";
import type { OpikContext } from "../../context.ts";
import type { ProjectReference, ProjectService } from "../../projects/service.ts";
import type { FilterConditions } from "../../search/filters.ts";
import { boundsOf, type TimeRange } from "../../search/parameters.ts";
import { OpikError } from "../../wire/errors.ts";
import { offsetOf, type Page } from "../../wire/page.ts";
import type { BatchUpdate } from "../batch.ts";
import type { CommentService } from "../comments/service.ts";
import type { FeedbackService, GivenScore } from "../feedback/service.ts";
import { shownAs } from "../record-search.ts";
import type { GroupedRow, MeasuredRow } from "../record-table.ts";
import type { SpanService } from "../spans/service.ts";
import type { Measures } from "../stats/stats.ts";
import { changedTags } from "../tags.ts";
import type { TraceService } from "../traces/service.ts";
import { BY_LAST_UPDATE, threadContains } from "./filters.ts";
import { threadMeasures } from "./measures.ts";
import type { ThreadRegistry } from "./registry.ts";
import { SORTABLE_THREAD_FIELDS, type Thread, type ThreadUpdate } from "./schema.ts";
import { ThreadStore } from "./store.ts";
import type { ThreadRow, ThreadStatus } from "./thread.ts";
import { ThreadView } from "./view.ts";

export interface ThreadServiceDependencies {
  projects: ProjectService;
  traces: TraceService;
  spans: SpanService;
  feedback: FeedbackService;
  comments: CommentService;
  registry: ThreadRegistry;
}

/** Which threads of a project, and whether long messages are cut. */
export interface ThreadSearch extends ProjectReference, TimeRange {
  filters: FilterConditions;
  /** Text that occurs in the id, the first or last message or a tag. */
  search?: string | undefined;
  truncate: boolean;
}

/** A page of them. Pages count from 1. */
export interface ThreadListQuery extends ThreadSearch {
  page: number;
  size: number;
  /** Default those that were changed last come first. */
  sorting: SortKey | undefined;
  /** Names of fields that are left out. */
  exclude: ReadonlySet<string>;
}

/** A score of a thread. */
export interface ThreadScore extends GivenScore, ProjectReference {
  thread_id: string;
}

/** The rules of threads: the traces of a project that have one `thread_id` [opik 7.14]. */
export class ThreadService {
  readonly #context: OpikContext;
  readonly #dependencies: ThreadServiceDependencies;
  readonly #store: ThreadStore;
  readonly #view: ThreadView;

  constructor(context: OpikContext, dependencies: ThreadServiceDependencies) {
    this.#context = context;
    this.#dependencies = dependencies;
    this.#store = new ThreadStore(context.database);
    this.#view = new ThreadView(this.#store, dependencies);
  }

  /**
   * One page of the threads of a project.
   * @throws OpikError 400 when no project is named, 404
   */
  async find(owner: Owner, query: ThreadListQuery): Promise<Page<Thread>> {
    const { rows, total } = await this.#findPage(owner, query);
    const { exclude } = query;
    const content = this.#view
      .list(owner, rows, query.truncate)
      .map((thread) => shownAs(thread, { exclude, truncate: false }));
    return { page: query.page, size: rows.length, total, content, sortable_by: [...SORTABLE_THREAD_FIELDS] };
  }

  /**
   * The threads of a project whose models are the newest.
   * @param after the id of the model behind which the stream goes on
   * @throws OpikError 400 when no project is named, 404
   */
  async findNewest(owner: Owner, query: ThreadSearch, limit: number, after?: string): Promise<Iterable<Thread>> {
    const rows = await this.#store.search.newest(this.#slicedQuery(owner, query), limit, after);
    return this.#view.list(owner, rows, query.truncate);
  }

  /**
   * Visits the threads of a project that are searched for, with what is measured of their traces.
   * @throws OpikError 400 when no project is named, 404
   */
  async measure(
    owner: Owner,
    query: Omit<ThreadSearch, "truncate">,
    visit: (row: MeasuredRow, measures: Measures) => void,
  ): Promise<void> {
    const measuresOf = threadMeasures(this.#store, this.#dependencies);
    await this.#store.search.forEach(this.#slicedQuery(owner, query), (ids) => {
      for (const measured of measuresOf(owner.workspace, ids)) visit(...measured);
    });
  }

  /** @throws OpikError 404 */
  get(owner: Owner, project: ProjectReference, threadId: string, truncate: boolean): Thread {
    const row = this.#find(owner, project, threadId);
    const [thread] = row === undefined ? [] : this.#view.show(owner.workspace, [row], truncate);
    if (thread === undefined) throw OpikError.message(404, `Thread id: ${threadId} not found`);
    return thread;
  }

  /**
   * Closes or opens threads: an SDK may score them in either state.
   * @throws OpikError 404 for a thread that does not exist; then none is changed
   */
  setStatus(owner: Owner, project: ProjectReference, threadIds: readonly string[], status: ThreadStatus): void {
    this.#context.database.transaction(() => {
      const rows = threadIds.map((threadId) => {
        const row = this.#find(owner, project, threadId);
        if (row === undefined) throw OpikError.message(404, `Thread '${threadId}' not found:`);
        return row;
      });
      for (const row of rows) this.#save(owner, { ...row, status });
      this.#changed(owner, rows);
    });
  }

  /** What a thread is grouped by. */
  grouped(workspace: string, id: string): GroupedRow | undefined {
    return this.#store.findById(workspace, id);
  }

  /** The thread of a model. */
  findModel({ workspace }: Owner, id: string): ThreadRow | undefined {
    return this.#store.findById(workspace, id);
  }

  /** Changes the tags of a thread. @throws OpikError 404, 422 for too many tags */
  update(owner: Owner, id: string, update: ThreadUpdate): void {
    if (this.findModel(owner, id) === undefined) throw OpikError.message(404, `Thread id: ${id} not found`);
    this.updateBatch(owner, { ids: [id], update });
  }

  /** Changes the tags of the threads of these models that exist. @throws OpikError 422 for too many tags */
  updateBatch(owner: Owner, { ids, update, merge_tags: mergeTags = false }: BatchUpdate<ThreadUpdate>): void {
    this.#context.database.transaction(() => {
      const rows = ids.map((id) => this.#store.findById(owner.workspace, id)).filter((row) => row !== undefined);
      for (const row of rows) {
        const tags_json = changedTags(row.tags_json, update, mergeTags) ?? row.tags_json;
        this.#save(owner, { ...row, tags_json });
      }
      this.#changed(owner, rows);
    });
  }

  /** Deletes threads with their traces; ignores those that do not exist. */
  async delete(owner: Owner, project: ProjectReference, threadIds: readonly string[]): Promise<void> {
    const { projects, traces, feedback, comments } = this.#dependencies;
    const projectId = projects.idForRead(owner, project);
    const rows = threadIds
      .map((threadId) => this.#store.find(owner.workspace, projectId, threadId))
      .filter((row) => row !== undefined);
    for (const row of rows) {
      await traces.delete(owner, this.#store.traceIds(row), projectId);
      this.#context.database.transaction(() => {
        // A trace that was written meanwhile keeps its thread.
        if (this.#store.findById(owner.workspace, row.id)?.has_traces === 1) return;
        this.#store.delete(owner.workspace, row.id);
        feedback.deleteOf(owner.workspace, "thread", [row.id]);
        comments.deleteOf(owner.workspace, "thread", [row.id]);
        this.#context.events.emit("threads:deleted", { ids: [row.id], workspace: owner.workspace });
      });
    }
  }

  /** Scores threads, which need not have traces yet. */
  score(owner: Owner, scores: readonly ThreadScore[]): void {
    const { projects, registry, feedback } = this.#dependencies;
    this.#context.database.transaction(() => {
      for (const { thread_id, project_name, project_id: _, ...score } of scores) {
        const project_id = projects.getOrCreate(owner, project_name);
        const { workspace, user } = owner;
        const { id } = registry.getOrCreate({ workspace, user, project_id, thread_id });
        feedback.score(owner, { type: "thread", id }, project_id, [score]);
      }
    });
  }

  /** Deletes the scores of these names of a thread; silent when there is no such thread or project. */
  deleteScores(
    owner: Owner,
    {
      project_name,
      thread_id,
      names,
      author,
    }: { project_name: string; thread_id: string; names: string[]; author?: string | undefined },
  ): void {
    const { projects, feedback } = this.#dependencies;
    const projectId = projects.idByName(owner, project_name);
    const row = projectId === undefined ? undefined : this.#store.find(owner.workspace, projectId, thread_id);
    if (row !== undefined) feedback.deleteAll(owner, { type: "thread", id: row.id }, names, author);
  }

  /**
   * Deletes threads that were changed longer ago than traces are kept.
   * @returns whether there may be more to delete
   */
  deleteExpired(): boolean {
    return this.#store.deleteUpdated(this.#context.clock.now() - this.#context.config.traceTtlMs);
  }

  /** @returns `undefined` for a thread without traces */
  #find(owner: Owner, project: ProjectReference, threadId: string): ThreadRow | undefined {
    const projectId = this.#dependencies.projects.idForRead(owner, project);
    const row = this.#store.find(owner.workspace, projectId, threadId);
    return row?.has_traces === 1 ? row : undefined;
  }

  #save(owner: Owner, row: ThreadRow): void {
    this.#store.update({ ...row, last_updated_at: this.#context.clock.now(), last_updated_by: owner.user });
  }

  #changed({ workspace }: Owner, rows: readonly ThreadRow[]): void {
    if (rows.length > 0) this.#context.events.emit("threads:changed", { ids: rows.map(({ id }) => id), workspace });
  }

  async #findPage(owner: Owner, query: ThreadListQuery): Promise<{ rows: SizedRow[]; total: number }> {
    const { filters, search, from_time: from, to_time: to, size: limit } = query;
    const offset = offsetOf(query);
    const sorting = query.sorting ?? { sql: BY_LAST_UPDATE, descending: true };
    const areAll = filters.where.length === 0 && [search, from, to].every((condition) => condition === undefined);
    if (areAll && sorting.sql === BY_LAST_UPDATE && sorting.descending) {
      const projectId = this.#dependencies.projects.idForRead(owner, query);
      return this.#store.page(owner.workspace, projectId, { limit, offset });
    }
    return await this.#store.search.page(this.#slicedQuery(owner, query), { limit, offset, sorting });
  }

  #slicedQuery(owner: Owner, query: Omit<ThreadSearch, "truncate">): SlicedQuery {
    const { from, to } = boundsOf(query);
    const { filters, search } = query;
    const projectId = this.#dependencies.projects.idForRead(owner, query);
    return {
      scope: [
        ...this.#store.listed(owner.workspace, projectId),
        ...(from === undefined ? [] : [sql`id >= ${uuidsAt(from).first}`]),
        ...(to === undefined ? [] : [sql`id <= ${uuidsAt(to).last}`]),
      ],
      where: search === undefined ? filters.where : [...filters.where, threadContains(search)],
      isSelective: filters.isSelective,
    };
  }
}
