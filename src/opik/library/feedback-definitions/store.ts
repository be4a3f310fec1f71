import { json, text } from "../../../database/column.ts";
import type { Database } from "../../../database/database.ts";
import { Search } from "../../../database/search.ts";
import { type Sql, sql } from "../../../database/sql.ts";
import { type Row, Table } from "../../../database/table.ts";
import { time } from "../../wire/columns.ts";
import type { FeedbackType } from "./schema.ts";

export const FEEDBACK_DEFINITIONS = new Table("feedback_definitions", {
  workspace: text().internal(),
  id: text(),
  name: text().changing(),
  /** The key by which names are compared. */
  name_key: text().internal().changing(),
  description: text().nullable().changing(),
  type: text<FeedbackType>().changing(),
  details_json: json().changing(),
  created_at: time(),
  created_by: text(),
  last_updated_at: time().changing(),
  last_updated_by: text().changing(),
});

export type FeedbackDefinitionRow = Row<typeof FEEDBACK_DEFINITIONS>;

const NEWEST_FIRST = { columns: ["id"], descending: true };

/** The SQL of feedback definitions. */
export class FeedbackDefinitionStore {
  readonly #save;
  readonly #delete;
  readonly #rows;

  constructor(database: Database) {
    const { insertion, assignments, list, name } = FEEDBACK_DEFINITIONS;
    this.#save = database.prepare<[FeedbackDefinitionRow]>(
      `${insertion} ON CONFLICT (workspace, id) DO UPDATE SET ${assignments}`,
    );
    this.#delete = database.prepare<[string, string]>(
      "DELETE FROM feedback_definitions WHERE workspace = ? AND id = ?",
    );
    this.#rows = new Search<FeedbackDefinitionRow>(database, list, name);
  }

  /** Writes a row, in place of the one of its id. */
  save(row: FeedbackDefinitionRow): void {
    this.#save.run(row);
  }

  delete(workspace: string, id: string): void {
    this.#delete.run(workspace, id);
  }

  find(workspace: string, id: string): FeedbackDefinitionRow | undefined {
    return this.#rows.where([sql`workspace = ${workspace}`, sql`id = ${id}`])[0];
  }

  findByKey(workspace: string, nameKey: string): FeedbackDefinitionRow | undefined {
    return this.#rows.where([sql`workspace = ${workspace}`, sql`name_key = ${nameKey}`])[0];
  }

  /** One page of the rows that meet the conditions, the newest id first, and how many there are in all. */
  page(
    where: ReadonlyArray<Sql | undefined>,
    limit: number,
    offset: number,
  ): { total: number; rows: FeedbackDefinitionRow[] } {
    return {
      total: this.#rows.count(where),
      rows: this.#rows.page({ where, order: NEWEST_FIRST, limit, offset }),
    };
  }
}
