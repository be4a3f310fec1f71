import * as v from "valibot";
import type { RawJson } from "../../../core/json.ts";
import { projectName } from "../../projects/schema.ts";
import { BATCH_SIZE, isBatch } from "../../wire/id-batch.ts";
import { decimalOf, printedNumber } from "../../wire/numbers.ts";
import {
  constrained,
  exactly,
  list,
  map,
  notBlank,
  number,
  optional,
  required,
  string,
  uuid,
} from "../../wire/values.ts";

export const SCORE_SOURCES = ["ui", "sdk", "online_scoring"] as const;
export type ScoreSource = (typeof SCORE_SOURCES)[number];

/** A value has nine digits before the point, and nine behind it [opik 7.12]. */
const [END_OF_VALUES, DECIMALS] = [1e9, 9];

const notTooSmall = constrained(
  required(number()),
  (value) => value > -END_OF_VALUES,
  "must be greater than or equal to -999999999.999999999",
);

const scoreFields = {
  name: notBlank(),
  category_name: optional(string()),
  value: constrained(
    notTooSmall,
    (value) => value < END_OF_VALUES,
    "must be less than or equal to 999999999.999999999",
  ),
  reason: optional(string()),
  source: required(exactly("score source", SCORE_SOURCES)),
  source_queue_id: optional(uuid()),
};

/** Body of `PUT /traces/{id}/feedback-scores` and `/spans/{id}/feedback-scores`. */
export const scoreRequest = v.object(scoreFields);
export type ScoreRequest = v.InferOutput<typeof scoreRequest>;

const batchFields = {
  ...scoreFields,
  project_name: projectName,
  project_id: optional(uuid()),
  author: optional(string()),
};

/** Body of `PUT /traces/feedback-scores` and `/spans/feedback-scores`. */
export const scoreBatch = v.object({
  scores: constrained(
    required(list(required(v.object({ ...batchFields, id: required(uuid()) })))),
    isBatch,
    BATCH_SIZE,
  ),
});
export type ScoreOfBatch = v.InferOutput<typeof scoreBatch>["scores"][number];

/** Body of `PUT /traces/threads/feedback-scores`. */
export const threadScoreBatch = v.object({
  scores: constrained(
    required(list(required(v.object({ ...batchFields, thread_id: notBlank() })))),
    isBatch,
    BATCH_SIZE,
  ),
});

/** Body of `POST /traces/{id}/feedback-scores/delete`. */
export const scoreDeletion = v.object({
  name: notBlank(),
  author: optional(string()),
  source_queue_id: optional(uuid()),
});
export type ScoreDeletion = v.InferOutput<typeof scoreDeletion>;

const times = {
  created_at: string({ format: "date-time" }),
  last_updated_at: string({ format: "date-time" }),
  created_by: string(),
  last_updated_by: string(),
};

/** The score of one author. */
const authorsScore = v.object({
  value: printedNumber(),
  reason: optional(string()),
  category_name: optional(string()),
  source: exactly("score source", SCORE_SOURCES),
  last_updated_at: string({ format: "date-time" }),
  source_queue_id: optional(string()),
  author: string(),
});
export type AuthorsScore = v.InferOutput<typeof authorsScore>;

/** The scores of all authors under one name: the value is their average. */
export const feedbackScore = v.object({
  name: string(),
  category_name: optional(string()),
  value: printedNumber(),
  reason: optional(string()),
  source: exactly("score source", SCORE_SOURCES),
  source_queue_id: optional(string()),
  ...times,
  value_by_author: map(authorsScore),
});
export type FeedbackScore = v.InferOutput<typeof feedbackScore>;

/** The average of scores of the same name. */
export const averageScore = v.object({ name: string(), value: printedNumber() });
export type AverageScore = v.InferOutput<typeof averageScore>;

/** Body of an answer with names of scores. */
export const scoreNames = v.object({ scores: list(v.object({ name: string() })) });
export type ScoreNames = v.InferOutput<typeof scoreNames>;

/** A value of a score in an answer. */
export function scoreField(value: number): RawJson {
  return decimalOf(value, DECIMALS);
}
