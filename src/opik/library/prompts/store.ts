import type { LongList } from "../../../core/long-list.ts";
import { integer, json, text } from "../../../database/column.ts";
import type { Database } from "../../../database/database.ts";
import { bytesOf, rowsInParts, type SizedRow } from "../../../database/rows-in-parts.ts";
import { type Order, Search } from "../../../database/search.ts";
import { type Sql, sql } from "../../../database/sql.ts";
import { type Row, Table } from "../../../database/table.ts";
import { time } from "../../wire/columns.ts";
import type { PromptType, TemplateStructure } from "./schema.ts";

export const PROMPTS = new Table("prompts", {
  workspace: text().internal(),
  id: text(),
  name: text().changing(),
  /** The key by which names are compared. */
  name_key: text().internal().changing(),
  project_id: text(),
  description: text().nullable().changing(),
  template_structure: text<TemplateStructure>(),
  tags_json: json().nullable().changing(),
  created_at: time(),
  created_by: text(),
  last_updated_at: time().changing(),
  last_updated_by: text().changing(),
  /** The number of the latest version; masks do not count. */
  version_count: integer().default(0).changing(),
});

export type PromptRow = Row<typeof PROMPTS>;

export const VERSIONS = new Table("prompt_versions", {
  workspace: text().internal(),
  id: text(),
  prompt_id: text(),
  /** From 1 in each prompt; `null` for a mask. */
  number: integer().nullable().internal(),
  commit_hash: text().named("commit"),
  template: text(),
  metadata_json: json().nullable(),
  type: text<PromptType>(),
  change_description: text().nullable(),
  /** `setVersionTags` changes them. */
  tags_json: json().nullable(),
  created_at: time(),
  created_by: text(),
});

export type VersionRow = Row<typeof VERSIONS>;

/** The versions that environments use. */
const PROMPT_ENVIRONMENTS = new Table("prompt_environments", {
  workspace: text(),
  prompt_id: text(),
  environment: text(),
  version_id: text().changing(),
});

/** A page of a list. */
export interface ListQuery {
  where: ReadonlyArray<Sql | undefined>;
  order: Order;
  limit: number;
  offset: number;
}

/** The SQL of prompts, their versions and the environments that use these. */
export class PromptStore {
  readonly #prompts: Search<PromptRow>;
  readonly #versions: Search<SizedRow>;
  readonly #insert;
  readonly #find;
  readonly #findIn;
  readonly #findAnywhere;
  readonly #update;
  readonly #delete;
  readonly #insertVersion;
  readonly #findVersion;
  readonly #latest;
  readonly #byCommit;
  readonly #byNumber;
  readonly #byEnvironment;
  readonly #withCommit;
  readonly #setTags;
  readonly #deleteVersions;
  readonly #environmentsOf;
  readonly #assign;
  readonly #clear;
  readonly #deleteEnvironments;

  constructor(database: Database) {
    this.#prompts = new Search(database, PROMPTS.list, "prompts");
    this.#versions = new Search(database, `id, ${bytesOf(["template", "metadata_json"])} AS bytes`, "prompt_versions");
    this.#insert = PROMPTS.insert(database);
    this.#find = database.prepare<[string, string], PromptRow>(
      `SELECT ${PROMPTS.list} FROM prompts WHERE workspace = ? AND id = ?`,
    );
    this.#findIn = database.prepare<[string, string, string], PromptRow>(
      `SELECT ${PROMPTS.list} FROM prompts WHERE workspace = ? AND name_key = ? AND project_id = ?`,
    );
    this.#findAnywhere = database.prepare<[string, string], PromptRow>(
      `SELECT ${PROMPTS.list} FROM prompts WHERE workspace = +? AND name_key = +? ORDER BY id LIMIT 1`,
    );
    this.#update = database.prepare<[PromptRow]>(
      `UPDATE prompts SET ${PROMPTS.assignments} WHERE workspace = :workspace AND id = :id`,
    );
    this.#delete = database.prepare<[string, string]>("DELETE FROM prompts WHERE workspace = ? AND id = ?");
    this.#insertVersion = VERSIONS.insert(database);
    const versions = `SELECT ${VERSIONS.list} FROM prompt_versions WHERE workspace = +?`;
    this.#findVersion = database.prepare<[string, string], VersionRow>(`${versions} AND id = ?`);
    this.#latest = database.prepare<[string, string], VersionRow>(
      `${versions} AND prompt_id = +? AND number IS NOT NULL ORDER BY id DESC LIMIT 1`,
    );
    this.#byCommit = database.prepare<[string, string, string], VersionRow>(
      `${versions} AND prompt_id = ? AND commit_hash = ?`,
    );
    this.#byNumber = database.prepare<[string, string, number], VersionRow>(
      `${versions} AND prompt_id = ? AND number = ?`,
    );
    this.#byEnvironment = database
      .prepare<[string, string, string], string>(
        "SELECT version_id FROM prompt_environments WHERE workspace = ? AND prompt_id = ? AND environment = ?",
      )
      .pluck();
    this.#withCommit = database.prepare<[string, string], VersionRow>(
      `${versions} AND commit_hash = +? AND number IS NOT NULL LIMIT 2`,
    );
    this.#setTags = database.prepare<[string, string, string]>(
      "UPDATE prompt_versions SET tags_json = ? WHERE workspace = ? AND id = ?",
    );
    this.#deleteVersions = database.prepare<[string, string]>(
      "DELETE FROM prompt_versions WHERE workspace = ? AND prompt_id = ?",
    );
    this.#environmentsOf = database
      .prepare<[string, string], string>(
        "SELECT environment FROM prompt_environments WHERE workspace = +? AND version_id = +? ORDER BY environment",
      )
      .pluck();
    this.#assign = database.prepare<[Row<typeof PROMPT_ENVIRONMENTS>]>(
      `${PROMPT_ENVIRONMENTS.insertion} ON CONFLICT (workspace, prompt_id, environment)
       DO UPDATE SET ${PROMPT_ENVIRONMENTS.assignments}`,
    );
    this.#clear = database.prepare<[string, string]>(
      "DELETE FROM prompt_environments WHERE workspace = ? AND version_id = ?",
    );
    this.#deleteEnvironments = database.prepare<[string, string]>(
      "DELETE FROM prompt_environments WHERE workspace = ? AND prompt_id = ?",
    );
  }

  insert(row: PromptRow): void {
    this.#insert.run(row);
  }

  find(workspace: string, id: string): PromptRow | undefined {
    return this.#find.get(workspace, id);
  }

  /** The prompt of that name in a project. */
  findIn(workspace: string, nameKey: string, projectId: string): PromptRow | undefined {
    return this.#findIn.get(workspace, nameKey, projectId);
  }

  /** The oldest prompt of that name in any project. */
  findAnywhere(workspace: string, nameKey: string): PromptRow | undefined {
    return this.#findAnywhere.get(workspace, nameKey);
  }

  /** One page of prompts, and how many there are in all. */
  list(query: ListQuery): { total: number; rows: PromptRow[] } {
    return { total: this.#prompts.count(query.where), rows: this.#prompts.page(query) };
  }

  /** Writes the columns of a prompt that can change. */
  update(row: PromptRow): void {
    this.#update.run(row);
  }

  /** Deletes a prompt with all that belongs to it. Returns whether there was one. */
  delete(workspace: string, id: string): boolean {
    if (this.#delete.run(workspace, id).changes === 0) return false;
    this.#deleteVersions.run(workspace, id);
    this.#deleteEnvironments.run(workspace, id);
    return true;
  }

  insertVersion(row: VersionRow): void {
    this.#insertVersion.run(row);
  }

  findVersion(workspace: string, id: string): VersionRow | undefined {
    return this.#findVersion.get(workspace, id);
  }

  /** The version with the greatest id; masks do not count. */
  latestVersion({ workspace, id }: PromptRow): VersionRow | undefined {
    return this.#latest.get(workspace, id);
  }

  /** The version or mask of a prompt with that commit. */
  versionByCommit({ workspace, id }: PromptRow, commit: string): VersionRow | undefined {
    return this.#byCommit.get(workspace, id, commit);
  }

  versionByNumber(workspace: string, promptId: string, number: number): VersionRow | undefined {
    return this.#byNumber.get(workspace, promptId, number);
  }

  /** The version of a prompt that an environment uses. */
  versionByEnvironment({ workspace, id }: PromptRow, environment: string): VersionRow | undefined {
    const versionId = this.#byEnvironment.get(workspace, id, environment);
    return versionId === undefined ? undefined : this.findVersion(workspace, versionId);
  }

  /** The versions of any prompt with that commit, two at most. */
  versionsWithCommit(workspace: string, commit: string): VersionRow[] {
    return this.#withCommit.all(workspace, commit);
  }

  /** One page of versions, which are read when they are needed, and how many there are on it and in all. */
  listVersions(workspace: string, query: ListQuery): { total: number; size: number; rows: LongList<VersionRow> } {
    const where = [sql`workspace = ${workspace}`, sql`number IS NOT NULL`, ...query.where];
    const rows = this.#versions.page({ ...query, where });
    return {
      total: this.#versions.count(where),
      size: rows.length,
      rows: rowsInParts(rows, (id) => this.findVersion(workspace, id)),
    };
  }

  setVersionTags(workspace: string, id: string, tags: string): void {
    this.#setTags.run(tags, workspace, id);
  }

  /** The environments that use a version, by name. */
  environmentsOf({ workspace, id }: VersionRow): string[] {
    return this.#environmentsOf.all(workspace, id);
  }

  /** Makes exactly these environments use a version. */
  setEnvironments({ workspace, id, prompt_id }: VersionRow, environments: readonly string[]): void {
    this.#clear.run(workspace, id);
    for (const environment of environments) this.#assign.run({ workspace, prompt_id, environment, version_id: id });
  }
}
