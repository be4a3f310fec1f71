import { comparisonKey, fold } from "../../../core/comparison-key.ts";
import { stringifyJson } from "../../../core/json.ts";
import { sql } from "../../../database/sql.ts";
import type { Owner } from "../../access/owner.ts";
import type { OpikContext } from "../../context.ts";
import { jsonField, timeField } from "../../wire/columns.ts";
import { OpikError } from "../../wire/errors.ts";
import { offsetOf } from "../../wire/page.ts";
import type { FeedbackDefinition, FeedbackDefinitionPage, FeedbackDefinitionWrite, FeedbackType } from "./schema.ts";
import { type FeedbackDefinitionRow, FEEDBACK_DEFINITIONS, FeedbackDefinitionStore } from "./store.ts";
import { USER_FEEDBACK } from "./user-feedback.ts";

/** Which definitions. Pages count from 1. */
export interface FeedbackDefinitionFilter {
  page: number;
  size: number;
  /** A part of the name in any case. */
  name?: string | undefined;
  type?: FeedbackType | undefined;
}

/** The user who made it. */
const MAKER = "admin";

/** Feedback definitions: which scores people give, and their values [opik 9.10]. */
export class FeedbackDefinitionService {
  readonly #context: OpikContext;
  readonly #store: FeedbackDefinitionStore;

  constructor(context: OpikContext) {
    this.#context = context;
    this.#store = new FeedbackDefinitionStore(context.database);
  }

  /**
   * Creates a definition.
   * @returns its id
   * @throws OpikError 409 when the name is taken
   */
  create(owner: Owner, definition: FeedbackDefinitionWrite): string {
    return this.#inWorkspace(owner, () => {
      const id = this.#context.ids.uuid();
      const { created_at, created_by } = { created_at: this.#context.clock.now(), created_by: owner.user };
      this.#save(owner, { id, created_at, created_by }, definition);
      return id;
    });
  }

  /**
   * Replaces a definition.
   * @throws OpikError 404, 409 when the name is another one's
   */
  update(owner: Owner, id: string, definition: FeedbackDefinitionWrite): void {
    this.#inWorkspace(owner, () => this.#save(owner, this.#require(owner, id), definition));
  }

  /** @throws OpikError 404 */
  get(owner: Owner, id: string): FeedbackDefinition {
    return this.#inWorkspace(owner, () => toDefinition(this.#require(owner, id)));
  }

  /** One page of a workspace's definitions, the newest id first. */
  list(owner: Owner, filter: FeedbackDefinitionFilter): FeedbackDefinitionPage {
    const { page, size, name, type } = filter;
    const where = [
      sql`workspace = ${owner.workspace}`,
      name === undefined ? undefined : sql`name_key LIKE ${`%${fold(name)}%`} ESCAPE '\\'`,
      type === undefined ? undefined : sql`type = ${type}`,
    ];
    const { total, rows } = this.#inWorkspace(owner, () => this.#store.page(where, size, offsetOf(filter)));
    return { page, size: rows.length, total, content: rows.map(toDefinition) };
  }

  /**
   * Deletes definitions; ignores those that do not exist.
   * @throws OpikError 409 for the one that every workspace begins with
   */
  delete(owner: Owner, ids: readonly string[]): void {
    const { workspace } = owner;
    this.#inWorkspace(owner, () => {
      const key = comparisonKey(USER_FEEDBACK.name);
      if (ids.some((id) => this.#store.find(workspace, id)?.name_key === key)) {
        throw OpikError.message(409, `Cannot delete feedback definition '${USER_FEEDBACK.name}'`);
      }
      for (const id of ids) this.#store.delete(workspace, id);
    });
  }

  /** Does something in a transaction, with the first definition of the workspace there: also after a reset. */
  #inWorkspace<Result>({ workspace }: Owner, work: () => Result): Result {
    return this.#context.database.transaction(() => {
      const name_key = comparisonKey(USER_FEEDBACK.name);
      const existing = this.#store.find(workspace, USER_FEEDBACK.id) ?? this.#store.findByKey(workspace, name_key);
      if (existing === undefined) {
        const now = this.#context.clock.now();
        const times = { created_at: now, created_by: MAKER, last_updated_at: now, last_updated_by: MAKER };
        this.#store.save(FEEDBACK_DEFINITIONS.row({ workspace, ...USER_FEEDBACK, name_key, ...times }));
      }
      return work();
    });
  }

  #save(
    { workspace, user }: Owner,
    made: Pick<FeedbackDefinitionRow, "id" | "created_at" | "created_by">,
    { name, description, type, details }: FeedbackDefinitionWrite,
  ): void {
    const name_key = comparisonKey(name);
    const other = this.#store.findByKey(workspace, name_key);
    if (other !== undefined && other.id !== made.id) throw OpikError.errors(409, "Feedback already exists");
    const { id, created_at, created_by } = made;
    const row = FEEDBACK_DEFINITIONS.row({
      ...{ workspace, id, created_at, created_by, name, name_key, type },
      description: description ?? null,
      details_json: detailsOf(type, details),
      last_updated_at: this.#context.clock.now(),
      last_updated_by: user,
    });
    this.#store.save(row);
  }

  #require({ workspace }: Owner, id: string): FeedbackDefinitionRow {
    const row = this.#store.find(workspace, id);
    if (row === undefined) throw OpikError.errors(404, "Feedback definition not found");
    return row;
  }
}

/** The fields of the values that belong to a type, as JSON. */
function detailsOf(type: FeedbackType, details: FeedbackDefinitionWrite["details"]): string {
  const { max, min, categories = new Map<string, number | null>(), trueLabel, falseLabel } = details;
  switch (type) {
    case "numerical":
      return stringifyJson({ max, min });
    case "categorical":
      return stringifyJson({ categories });
    case "boolean":
      return stringifyJson({ trueLabel, falseLabel });
  }
}

function toDefinition(row: FeedbackDefinitionRow): FeedbackDefinition {
  return {
    id: row.id,
    name: row.name,
    description: row.description ?? undefined,
    type: row.type,
    details: jsonField(row.details_json),
    created_at: timeField(row.created_at),
    created_by: row.created_by,
    last_updated_at: timeField(row.last_updated_at),
    last_updated_by: row.last_updated_by,
  };
}
