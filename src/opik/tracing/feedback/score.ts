import { integer, real, text } from "../../../database/column.ts";
import { type Row, Table } from "../../../database/table.ts";
import { isBlank } from "../../wire/values.ts";
import type { EntityType } from "../entity.ts";
import { type AuthorsScore, type AverageScore, type FeedbackScore, scoreField, type ScoreSource } from "./schema.ts";

/** The scores of traces, spans and threads, one for each name and author. */
export const SCORES = new Table("feedback_scores", {
  workspace: text(),
  entity_type: text<EntityType>(),
  entity_id: text(),
  name: text(),
  author: text(),
  project_id: text().changing(),
  value: real().changing(),
  category_name: text().nullable().changing(),
  reason: text().nullable().changing(),
  source: text<ScoreSource>().changing(),
  source_queue_id: text().nullable().changing(),
  created_at: integer(),
  created_by: text(),
  last_updated_at: integer().changing(),
  last_updated_by: text().changing(),
});
export type ScoreRow = Row<typeof SCORES>;

/** The reason of an author without one, among the reasons of others. */
const NO_REASON = "<no reason>";

/** The scores of one thing as clients see them, one for each name, in the order of the names. */
export function toFeedbackScores(rows: readonly ScoreRow[]): FeedbackScore[] {
  const byName = Map.groupBy(rows.toSorted(byNameAndAuthor), ({ name }) => name);
  return [...byName].map(([name, ofName]) => toFeedbackScore(name, ofName));
}

function byNameAndAuthor(one: ScoreRow, other: ScoreRow): number {
  if (one.name !== other.name) return one.name < other.name ? -1 : 1;
  return one.author < other.author ? -1 : 1;
}

function toFeedbackScore(name: string, rows: readonly ScoreRow[]): FeedbackScore {
  const [first = missing(), ...others] = rows.toSorted((one, other) => one.created_at - other.created_at);
  const last = rows.reduce((latest, row) => (row.last_updated_at > latest.last_updated_at ? row : latest), first);
  const reasons = rows.map(({ reason }) => given(reason));
  return {
    name,
    category_name: distinct(rows.map(({ category_name }) => given(category_name))),
    value: scoreField(average(rows)),
    reason: others.length === 0 ? reasons[0] : distinctReasons(reasons),
    source: first.source,
    source_queue_id: first.source_queue_id ?? undefined,
    created_at: timeOf(first.created_at),
    last_updated_at: timeOf(last.last_updated_at),
    created_by: first.created_by,
    last_updated_by: last.last_updated_by,
    value_by_author: new Map(rows.map((row) => [row.author, toAuthorsScore(row)])),
  };
}

function toAuthorsScore(row: ScoreRow): AuthorsScore {
  return {
    value: scoreField(row.value),
    reason: given(row.reason),
    category_name: given(row.category_name),
    source: row.source,
    last_updated_at: timeOf(row.last_updated_at),
    source_queue_id: row.source_queue_id ?? undefined,
    author: row.author,
  };
}

/** The average of scores of one name. */
export function average(rows: ReadonlyArray<{ value: number }>): number {
  return rows.reduce((sum, { value }) => sum + value, 0) / rows.length;
}

/** Averages the scores of many things, a few things at a time; a thing counts once, however many authors score it. */
export class ScoreAverages {
  readonly #byName = new Map<string, { sum: number; things: number }>();

  /** Adds the scores of some things. */
  add(rows: readonly ScoreRow[]): void {
    for (const ofThing of Map.groupBy(rows, ({ entity_id }) => entity_id).values()) {
      for (const [name, ofName] of Map.groupBy(ofThing, (row) => row.name)) {
        const { sum, things } = this.#byName.get(name) ?? { sum: 0, things: 0 };
        this.#byName.set(name, { sum: sum + average(ofName), things: things + 1 });
      }
    }
  }

  /** The averages in the order of the names, if there are any. */
  result(): AverageScore[] | undefined {
    if (this.#byName.size === 0) return undefined;
    return [...this.#byName]
      .map(([name, { sum, things }]) => ({ name, value: scoreField(sum / things) }))
      .toSorted((one, other) => (one.name < other.name ? -1 : 1));
  }
}

function distinct(texts: ReadonlyArray<string | undefined>): string | undefined {
  return [...new Set(texts.filter((text) => text !== undefined))].join(", ") || undefined;
}

function distinctReasons(reasons: ReadonlyArray<string | undefined>): string | undefined {
  if (reasons.every((reason) => reason === undefined)) return undefined;
  return distinct(reasons.map((reason) => reason ?? NO_REASON));
}

function given(text: string | null): string | undefined {
  return text === null || isBlank(text) ? undefined : text;
}

function timeOf(time: number): string {
  return new Date(time).toISOString();
}

function missing(): never {
  throw new Error("a score has at least one author");
}
