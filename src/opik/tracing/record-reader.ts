import type { LongList } from "../../core/long-list.ts";
import { rowsInParts, type SizedRow } from "../../database/rows-in-parts.ts";
import type { SlicedQuery } from "../../database/sliced-search.ts";
import { type Sql, sql } from "../../database/sql.ts";
import type { Owner } from "../access/owner.ts";
import type { ProjectReference, ProjectService } from "../projects/service.ts";
import { OpikError } from "../wire/errors.ts";
import { offsetOf, type Page } from "../wire/page.ts";
import type { CommentService } from "./comments/service.ts";
import { changedOneByOne, type FileReader, withFiles } from "./extracted-files.ts";
import type { FeedbackService } from "./feedback/service.ts";
import type { CommonColumns, OwnColumns } from "./fields.ts";
import {
  type FileChoice,
  indexQuery,
  type RecordListQuery,
  type RecordSearch,
  type RecordStreamQuery,
  type Searchable,
  shownAs,
  slicedQuery,
} from "./record-search.ts";
import type { GroupedRow, Conditions, MeasuredRow, RecordTable } from "./record-table.ts";
import { type Measures, type RecordStats, StatsBuilder } from "./stats/stats.ts";

export interface RecordReaderDependencies {
  projects: ProjectService;
  feedback: FeedbackService;
  comments: CommentService;
  files: FileReader;
}

/** Conditions of a search besides those of every record. */
export interface SearchConditions {
  /** An index on its column and the id serves it. */
  indexed?: Sql | undefined;
  others?: readonly Sql[];
}

/** Which records. Pages count from 1. */
export interface RecordFilter extends ProjectReference {
  page: number;
  size: number;
}

/** How traces and spans are read, listed, searched and counted. */
export abstract class RecordReader<Columns extends CommonColumns, Shown extends object> {
  /** The real server's name for a record. */
  protected abstract readonly label: "Trace" | "Span";
  /** The fields by which the real server says that its lists can be sorted. */
  protected abstract readonly sortableBy: readonly string[];
  protected abstract readonly searchable: Searchable;
  protected readonly store: RecordTable<OwnColumns & Columns>;
  protected readonly projects: ProjectService;
  protected readonly feedback: FeedbackService;
  protected readonly comments: CommentService;
  readonly #files: FileReader;

  protected constructor(dependencies: RecordReaderDependencies, store: RecordTable<OwnColumns & Columns>) {
    this.store = store;
    this.projects = dependencies.projects;
    this.feedback = dependencies.feedback;
    this.comments = dependencies.comments;
    this.#files = dependencies.files;
  }

  /**
   * A record, by default with the files that were taken out of it.
   * @throws OpikError 404, also when its project was deleted [opik 7.1]
   */
  get(owner: Owner, id: string, { strip_attachments: isStripped = false }: FileChoice = {}): Shown {
    const row = this.store.find(owner.workspace, id);
    if (row !== undefined) this.projects.get(owner, row.project_id);
    const [shown] = row === undefined ? [] : this.show(owner.workspace, [row]);
    if (row === undefined || shown === undefined) throw this.#notFound(id);
    return isStripped ? shown : this.#withFiles(row, shown);
  }

  /** The records of these ids that are there, by their ids. */
  byIds({ workspace }: Owner, ids: readonly string[]): Map<string, Shown> {
    const rows = [...new Set(ids)].map((id) => this.store.find(workspace, id)).filter((row) => row !== undefined);
    const shown = this.show(workspace, rows);
    return new Map(rows.map(({ id }, index) => [id, shown[index] as Shown]));
  }

  /** The id of the project that a record belongs to. */
  projectOf({ workspace }: Owner, id: string): string | undefined {
    return this.store.find(workspace, id)?.project_id;
  }

  /**
   * The id of the project of a record.
   * @throws OpikError 404
   */
  requireProjectOf(owner: Owner, id: string): string {
    const projectId = this.projectOf(owner, id);
    if (projectId === undefined) throw this.#notFound(id);
    return projectId;
  }

  /**
   * One page of a project's records, the newest id first.
   * @param conditions what else must be equal
   * @throws OpikError 400 when no project is named, 404
   */
  list(owner: Owner, filter: RecordFilter, conditions: Conditions = {}): Page<Shown> {
    const { workspace } = owner;
    const project_id = this.projects.idForRead(owner, filter);
    const { total, size, rows } = this.store.page(
      workspace,
      { project_id, ...conditions },
      filter.size,
      offsetOf(filter),
    );
    return {
      page: filter.page,
      size,
      total,
      content: rows.mapParts((part) => this.show(workspace, part)),
      sortable_by: [...this.sortableBy],
    };
  }

  /**
   * One page of the records of a project that are searched for; those that are written meanwhile may count or not.
   * @throws OpikError 400 when no project is named, 404
   */
  async find(owner: Owner, query: RecordListQuery, conditions: SearchConditions = {}): Promise<Page<Shown>> {
    const { page, size: limit, sorting } = query;
    const found = await this.store.search.page(await this.#slicedQuery(owner, query, conditions), {
      limit,
      offset: offsetOf(query),
      sorting,
    });
    const content = this.#shown(owner, found.rows, query);
    return { page, size: found.rows.length, total: found.total, content, sortable_by: [...this.sortableBy] };
  }

  /**
   * Statistics of the records of a project that are searched for.
   * @param countName the name of the number of records
   * @throws OpikError 400 when no project is named, 404
   */
  async stats(
    owner: Owner,
    query: RecordSearch,
    countName: string,
    conditions: SearchConditions = {},
  ): Promise<RecordStats> {
    const builder = new StatsBuilder();
    await this.measure(owner, query, (row, measures) => builder.add(row, measures), conditions);
    return builder.result(countName);
  }

  /**
   * Visits the records of a project that are searched for, with what is measured of them.
   * @throws OpikError 400 when no project is named, 404
   */
  async measure(
    owner: Owner,
    query: RecordSearch,
    visit: (row: MeasuredRow, measures: Measures) => void,
    conditions: SearchConditions = {},
  ): Promise<void> {
    await this.store.search.forEach(await this.#slicedQuery(owner, query, conditions), (ids) => {
      const measuresOf = this.measuresOf(owner.workspace, ids);
      for (const row of this.store.measured(owner.workspace, ids)) visit(row, measuresOf(row.id));
    });
  }

  /** What a record is grouped by. */
  grouped(workspace: string, id: string): GroupedRow | undefined {
    return this.store.grouped(workspace, id);
  }

  /**
   * Whether a project has a record that meets these conditions.
   * @throws OpikError 400 when no project is named, 404
   */
  async exists(owner: Owner, project: ProjectReference, conditions: readonly Sql[]): Promise<boolean> {
    const projectId = this.projects.idForRead(owner, project);
    const scope = [sql`workspace = ${owner.workspace}`, sql`project_id = ${projectId}`];
    const found = await this.store.search.newest({ scope, where: conditions, isSelective: false }, 1);
    return found.length > 0;
  }

  /**
   * The newest records of a project that are searched for; they are read as they are needed.
   * @throws OpikError 400 when no project is named, 404
   */
  async findNewest(
    owner: Owner,
    query: RecordStreamQuery,
    conditions: SearchConditions = {},
  ): Promise<Iterable<Shown>> {
    const { limit, last_retrieved_id } = query;
    const sliced = await this.#slicedQuery(owner, query, conditions);
    return this.#shown(owner, await this.store.search.newest(sliced, limit, last_retrieved_id), query);
  }

  /**
   * Indexes metadata, if filters need the index.
   * @returns whether there may be more
   */
  indexMetadata(): boolean {
    return this.store.metadata.continue();
  }

  /** What statistics need to know of these records besides their rows. */
  protected abstract measuresOf(workspace: string, ids: readonly string[]): (id: string) => Measures;

  /** Rows of one workspace as clients see them. */
  protected abstract show(workspace: string, rows: ReadonlyArray<OwnColumns & Columns>): Shown[];

  #notFound(id: string): OpikError {
    return OpikError.message(404, `${this.label} id: ${id} not found`);
  }

  async #slicedQuery(owner: Owner, query: RecordSearch, conditions: SearchConditions): Promise<SlicedQuery> {
    const { indexed, others = [] } = conditions;
    const projectId = this.projects.idForRead(owner, query);
    const workspace = sql`workspace = ${owner.workspace}`;
    if (indexed !== undefined) {
      // Of two indexes the one on the other column has fewer rows of the same value.
      const scope = [workspace, sql`+project_id = ${projectId}`, indexed];
      return slicedQuery({ scope, where: others }, query, this.searchable.searched);
    }
    const project = [workspace, sql`project_id = ${projectId}`];
    const sliced = slicedQuery({ scope: project, where: others }, query, this.searchable.searched);
    const counted = sliced.scope.length === project.length ? project : undefined;
    const byIndex = sliced.isSelective ? undefined : indexQuery(project, query, sliced);
    const isIndexed = byIndex !== undefined && (await this.store.metadata.canServe(project));
    return { ...sliced, counted, byIndex: isIndexed ? byIndex : undefined };
  }

  #shown({ workspace }: Owner, rows: readonly SizedRow[], query: RecordSearch): LongList<Shown> {
    const shown = rowsInParts(rows, (id) => this.store.find(workspace, id)).mapParts((part) => {
      const records = this.show(workspace, part).map((record) => shownAs(record, query));
      return part.map((row, index) => ({ row, record: records[index] as Shown }));
    });
    if (query.strip_attachments === true) return shown.map(({ record }) => record);
    const withFiles = changedOneByOne(shown, (item) => {
      const record = this.#withFiles(item.row, item.record);
      return record === item.record ? item : { ...item, record };
    });
    return withFiles.map(({ record }) => record);
  }

  #withFiles({ workspace, project_id, id }: OwnColumns, record: Shown): Shown {
    const entity_type = this.label === "Trace" ? "trace" : "span";
    return withFiles(record, { workspace, project_id, entity_type, entity_id: id }, this.#files);
  }
}
