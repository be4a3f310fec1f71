import * as v from "valibot";
import type { Schema } from "../../../../http/schema.ts";
import { projectName } from "../../../projects/schema.ts";
import { scoreRequest } from "../../../tracing/feedback/schema.ts";
import { spanWrite } from "../../../tracing/spans/schema.ts";
import { traceWrite } from "../../../tracing/traces/schema.ts";
import { constrained, freeForm, isBlank, list, notBlank, optional, required, uuid } from "../../../wire/values.ts";

const MAX_PARTS = 100;
const MAX_ITEMS = 1_000;

/** A list of what belongs to an item. */
function parts<Output>(schema: Schema<Output>): Schema<Array<NonNullable<Output>> | undefined> {
  return constrained(
    optional(list(required(schema))),
    ({ length }) => length <= MAX_PARTS,
    `size must be between 0 and ${MAX_PARTS}`,
  );
}

const record = v.object({
  dataset_item_id: required(uuid()),
  evaluate_task_result: optional(freeForm()),
  trace: optional(traceWrite),
  spans: parts(spanWrite),
  feedback_scores: parts(scoreRequest),
});
export type BulkRecord = v.InferOutput<typeof record>;

/** The real server names a place inside of the item for what is wrong with the item as a whole. */
const checkedRecord: Schema<BulkRecord> = v.pipe(
  record,
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const { value } = dataset;
    // An explicit `null` is no result.
    const hasResult = value.evaluate_task_result !== undefined && !value.evaluate_task_result.isNull;
    if (!hasResult || value.trace === undefined) return;
    addIssue({
      message: "cannot provide both evaluate_task_result and trace together",
      path: [{ type: "object", origin: "value", input: value, key: "<list element>", value }],
    });
  }),
);

const upload = v.object({
  experiment_name: notBlank(),
  dataset_name: notBlank(),
  experiment_id: optional(uuid()),
  project_name: projectName,
  items: constrained(
    required(list(required(checkedRecord))),
    ({ length }) => length >= 1 && length <= MAX_ITEMS,
    `Experiment items list size must be between 1 and ${MAX_ITEMS}`,
  ),
});
export type BulkUpload = v.InferOutput<typeof upload>;

/** Body of `PUT /experiments/items/bulk`. */
export const bulkUpload: Schema<BulkUpload> = v.pipe(
  upload,
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed || dataset.value.project_name === undefined) return;
    const { items, project_name: name } = dataset.value;
    const names = items.map(({ trace }) => trace?.project_name ?? "").filter((one) => !isBlank(one));
    if (names.every((one) => one.toLowerCase() === name.toLowerCase())) return;
    addIssue({
      message: "trace project_name must match the request project_name",
      path: [{ type: "object", origin: "value", input: dataset.value, key: "items", value: items }],
    });
  }),
);
