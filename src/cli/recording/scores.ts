import { comparisonKey } from "../../core/comparison-key.ts";
import type { RawJson } from "../../core/json.ts";
import { DEFAULT_PROJECT } from "../../opik/projects/service.ts";
import type { RecordedExchange } from "./exchange.ts";
import { fieldsOf, itemsOf, textOf, toJson } from "./state.ts";

type Fields = ReadonlyMap<string, RawJson>;

/** The scores of something by their names, as a fixture has them. */
type Scores = Map<string, object>;

/** A thread that was scored. */
export interface ScoredThread {
  /** The score that names its project. */
  fields: Fields;
  thread_id: string;
  scores: Scores;
}

/** The feedback scores of a recording. */
export interface RecordedScores {
  /** By the id of the trace. */
  traces: Map<string, Scores>;
  /** By the id of the span. */
  spans: Map<string, Scores>;
  /** By project and thread. */
  threads: Map<string, ScoredThread>;
}

/** The fields of a score in a fixture. */
const OF_SCORE = ["name", "value", "reason", "category_name", "source"];

const BATCH = /^(?:\/api)?\/v1\/private\/(traces|spans)\/feedback-scores\/?$/;
const ONE = /^(?:\/api)?\/v1\/private\/(traces|spans)\/([0-9a-f-]{36})\/feedback-scores(\/delete)?\/?$/;
const THREADS = /^(?:\/api)?\/v1\/private\/traces\/threads\/feedback-scores(\/delete)?\/?$/;

/** Reads the scores that requests gave and deleted; a later one replaces the one of its name. */
export function readScores(exchanges: readonly RecordedExchange[]): RecordedScores {
  const recorded: RecordedScores = { traces: new Map(), spans: new Map(), threads: new Map() };
  for (const { path, status, body: text, method } of exchanges) {
    const body = toJson(text);
    if (status < 200 || status > 299 || !body?.isObject || (method !== "PUT" && method !== "POST")) continue;
    const [pathname = ""] = path.split("?");
    const fields = fieldsOf(body);
    const [, batchKind] = BATCH.exec(pathname) ?? [];
    const [, kind, id = "", deletes] = ONE.exec(pathname) ?? [];
    const threads = THREADS.exec(pathname);
    if (batchKind === "traces" || batchKind === "spans") {
      for (const score of scoresIn(fields)) give(recorded[batchKind], textOf(score.get("id")), score);
    } else if (kind === "traces" || kind === "spans") {
      if (deletes === undefined) give(recorded[kind], id, fields);
      else recorded[kind].get(id)?.delete(textOf(fields.get("name")) ?? "");
    } else if (threads !== null) {
      if (threads[1] === undefined) for (const score of scoresIn(fields)) giveThread(recorded.threads, score);
      else deleteOfThread(recorded.threads, fields);
    }
  }
  return recorded;
}

/** Scores as a field of an entry; no field when there are none. */
export function scoresField(scores: Scores | undefined): object {
  return scores === undefined || scores.size === 0 ? {} : { feedback_scores: [...scores.values()] };
}

function scoresIn(fields: Fields): Fields[] {
  return itemsOf(fields.get("scores"))
    .filter((item) => item.isObject)
    .map(fieldsOf);
}

function give(all: Map<string, Scores>, id: string | undefined, score: Fields): void {
  if (id === undefined) return;
  const scores = all.get(id) ?? new Map<string, object>();
  add(scores, score);
  all.set(id, scores);
}

function giveThread(all: Map<string, ScoredThread>, score: Fields): void {
  const thread_id = textOf(score.get("thread_id"));
  if (thread_id === undefined) return;
  const key = keyOf(score, thread_id);
  const thread = all.get(key) ?? { fields: score, thread_id, scores: new Map<string, object>() };
  add(thread.scores, score);
  all.set(key, thread);
}

function deleteOfThread(all: Map<string, ScoredThread>, fields: Fields): void {
  const thread = all.get(keyOf(fields, textOf(fields.get("thread_id")) ?? ""));
  for (const name of itemsOf(fields.get("names"))) thread?.scores.delete(textOf(name) ?? "");
}

function add(scores: Scores, score: Fields): void {
  const name = textOf(score.get("name"));
  if (name === undefined) return;
  const own = OF_SCORE.flatMap((field): Array<[string, RawJson]> => {
    const value = score.get(field);
    return value === undefined || value.isNull ? [] : [[field, value]];
  });
  scores.set(name, Object.fromEntries(own));
}

function keyOf(fields: Fields, threadId: string): string {
  const project =
    textOf(fields.get("project_id")) ?? comparisonKey(textOf(fields.get("project_name")) ?? DEFAULT_PROJECT);
  return JSON.stringify([project, threadId]);
}
