import * as v from "valibot";
import { type Page, pageOf } from "../../wire/page.ts";
import {
  constrained,
  exactly,
  freeForm,
  isBlank,
  map,
  notBlank,
  finiteNumber,
  optional,
  required,
  string,
} from "../../wire/values.ts";

export const FEEDBACK_TYPES = ["numerical", "categorical", "boolean"] as const;
export type FeedbackType = (typeof FEEDBACK_TYPES)[number];

const MAX_DESCRIPTION_LENGTH = 255;

/** The values of a score; which of the fields it has depends on the type. */
const details = v.object({
  max: optional(finiteNumber()),
  min: optional(finiteNumber()),
  categories: optional(map(finiteNumber())),
  trueLabel: optional(string()),
  falseLabel: optional(string()),
});
export type Details = v.InferOutput<typeof details>;

const definition = v.object({
  name: notBlank(),
  description: constrained(
    optional(string({ maxLength: MAX_DESCRIPTION_LENGTH })),
    ({ length }) => length <= MAX_DESCRIPTION_LENGTH,
    `cannot exceed ${MAX_DESCRIPTION_LENGTH} characters`,
  ),
  type: required(exactly("feedback type", FEEDBACK_TYPES)),
  details: required(details),
});

/** The least number of categories of a categorical score. */
const FEWEST_CATEGORIES = 2;
const NOT_NULL = "must not be null";

/** What is wrong with the values of a score, by field. */
export function mistakesIn(
  type: FeedbackType,
  given: Partial<Details>,
): Array<readonly [field: keyof Details, message: string]> {
  const { min, max, categories } = given;
  switch (type) {
    case "numerical": {
      const missing = (["max", "min"] as const).filter((field) => given[field] === undefined);
      if (min !== undefined && max !== undefined && min >= max) return [["min", "has to be smaller than details.max"]];
      return missing.map((field) => [field, NOT_NULL]);
    }
    case "categorical":
      if (categories === undefined) return [["categories", NOT_NULL]];
      return categories.size < FEWEST_CATEGORIES ? [["categories", "size must be between 2 and 2147483647"]] : [];
    case "boolean":
      return (["trueLabel", "falseLabel"] as const)
        .filter((field) => isBlank(given[field] ?? ""))
        .map((field) => [field, "must not be blank"]);
  }
}

/** Body of `POST /feedback-definitions` and `PUT /feedback-definitions/{id}`. */
export const feedbackDefinitionWrite = v.pipe(
  definition,
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const { value: input } = dataset;
    for (const [field, message] of mistakesIn(input.type, input.details)) {
      const item = { type: "object" as const, origin: "value" as const, input };
      addIssue({
        message,
        path: [
          { ...item, key: "details", value: input.details },
          { ...item, key: field, value: "" },
        ],
      });
    }
  }),
);
export type FeedbackDefinitionWrite = v.InferOutput<typeof feedbackDefinitionWrite>;

export const feedbackDefinition = v.object({
  id: string({ format: "uuid" }),
  name: string(),
  description: optional(string()),
  type: exactly("feedback type", FEEDBACK_TYPES),
  /** Of a numerical one `max` and `min`, of a categorical one `categories`, of a boolean one `trueLabel` and `falseLabel`. */
  details: freeForm(),
  created_at: string({ format: "date-time" }),
  created_by: string(),
  last_updated_at: string({ format: "date-time" }),
  last_updated_by: string(),
});
export type FeedbackDefinition = v.InferOutput<typeof feedbackDefinition>;

export const feedbackDefinitionPage = pageOf(feedbackDefinition);
export type FeedbackDefinitionPage = Page<FeedbackDefinition>;
