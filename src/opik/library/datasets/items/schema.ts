import * as v from "valibot";
import type { RawJson } from "../../../../core/json.ts";
import { projectName } from "../../../projects/schema.ts";
import { filterList } from "../../../search/filters.ts";
import { tagChanges } from "../../../tracing/values.ts";
import { BATCH_SIZE, isBatch } from "../../../wire/id-batch.ts";
import { type Page, pageFields } from "../../../wire/page.ts";
import { textSet } from "../../../wire/text-set.ts";
import {
  boolean,
  constrained,
  exactly,
  freeForm,
  isBlank,
  list,
  map,
  notBlank,
  optional,
  optionalInteger,
  required,
  string,
  uuid,
} from "../../../wire/values.ts";
import { evaluator, executionPolicy, versionTags } from "../versions/schema.ts";
import { ITEM_FIELDS } from "./filters.ts";

export const ITEM_SOURCES = ["manual", "trace", "span", "sdk"] as const;
export type ItemSource = (typeof ITEM_SOURCES)[number];

const source = exactly("dataset item source", ITEM_SOURCES);

/** The data of an item: an object, kept as its own text. */
const data = v.pipe(
  optional(freeForm()),
  v.rawTransform<RawJson | undefined, RawJson | undefined>(({ dataset, addIssue, NEVER }) => {
    const { value } = dataset;
    if (value === undefined || value.isNull) return undefined;
    if (value.isObject) return value;
    addIssue({ message: "Cannot deserialize value of type `java.util.LinkedHashMap`" });
    return NEVER;
  }),
);

const EMPTY_OBJECT = /^\{\s*\}$/;
const hasFields = ({ text }: RawJson): boolean => !EMPTY_OBJECT.test(text);
const NO_FIELDS = "must not be empty";

const requiredData = v.pipe(
  data,
  v.check((given) => given !== undefined && hasFields(given), NO_FIELDS),
  v.transform((given) => given as RawJson),
);

/** A set of texts. */
const tags = textSet(optional(list(string())));

const descriptiveFields = {
  trace_id: optional(uuid()),
  span_id: optional(uuid()),
  description: constrained(optional(string()), (text) => !isBlank(text), "must not be blank"),
  tags,
  evaluators: optional(list(evaluator)),
  execution_policy: optional(executionPolicy),
};

/** An item of a dataset, as it is written. */
export const writtenItem = v.object({
  id: optional(uuid()),
  source: required(source),
  data: requiredData,
  ...descriptiveFields,
});

/** Checks the trace and the span of an item against its source; returns the real server's message [opik 10.2]. */
function brokenSource(item: Pick<ItemWrite, "source" | "trace_id" | "span_id">): string | undefined {
  const { source: from, trace_id: trace, span_id: span } = item;
  const needsTrace = from === "trace" || from === "span";
  if ((span !== undefined) !== (from === "span"))
    return `when it is ${from}, span_id must ${from === "span" ? "not " : ""}be null`;
  if ((trace !== undefined) !== needsTrace)
    return `when it is ${from}, trace_id must ${needsTrace ? "not " : ""}be null`;
  return undefined;
}

type ItemWrite = v.InferOutput<typeof writtenItem>;
/** An item to be written; what is absent is not set, and the id is a new one. */
export type NewItem = Pick<ItemWrite, "source" | "data"> & Partial<ItemWrite>;

const item = v.pipe(
  writtenItem,
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const { value: input } = dataset;
    const message = brokenSource(input);
    if (message === undefined) return;
    addIssue({ message, path: [{ type: "object", origin: "value", input, key: "source", value: input.source }] });
  }),
);

/** Where the items that a version keeps are taken from, instead of the version before it. */
const copyFields = { copy_from_dataset_id: optional(uuid()), copy_from_version_id: optional(uuid()) };

export const COPY_NEEDS_BOTH = "copy_from_dataset_id and copy_from_version_id must be provided together";

/** Whether a request names either both a dataset and a version to copy from, or none. */
export function isCopyComplete(request: Partial<Record<keyof typeof copyFields, string | undefined>>): boolean {
  return (request.copy_from_dataset_id === undefined) === (request.copy_from_version_id === undefined);
}

/** Body of `PUT /datasets/items`. */
export const putItemsRequest = v.pipe(
  v.object({
    dataset_name: constrained(optional(string()), (name) => !isBlank(name), "must not be blank"),
    dataset_id: optional(uuid()),
    project_name: projectName,
    project_id: optional(uuid()),
    items: constrained(required(list(required(item))), isBatch, BATCH_SIZE),
    batch_group_id: optional(uuid()),
    ...copyFields,
  }),
  v.check(
    ({ dataset_name: name, dataset_id: id }) => name !== undefined || id !== undefined,
    "must provide either a dataset_name or a dataset_id",
  ),
  v.check((request) => isCopyComplete(request), COPY_NEEDS_BOTH),
);
export type PutItems = v.InferOutput<typeof putItemsRequest>;

/** The limit of items of one stream, and its default. */
export const MAX_STREAM = 2_000;

/** A limit of a stream. */
export const streamLimit = v.pipe(
  constrained(
    constrained(optionalInteger(), (limit) => limit >= 1, "must be greater than or equal to 1"),
    (limit) => limit <= MAX_STREAM,
    `must be less than or equal to ${MAX_STREAM}`,
  ),
);

/** Body of `POST /datasets/items/stream`; the limit is misspelt on the wire. */
export const streamItemsRequest = v.object({
  dataset_name: notBlank(),
  project_name: optional(string()),
  last_retrieved_id: optional(uuid()),
  steam_limit: streamLimit,
  dataset_version: optional(string()),
  /** A list of filters as JSON. */
  filters: optional(string()),
});
export type StreamItems = v.InferOutput<typeof streamItemsRequest>;

const ids = constrained(
  v.pipe(
    optional(list(required(uuid()))),
    v.transform((given) => given && [...new Set(given)]),
  ),
  isBatch,
  BATCH_SIZE,
);

/** Conditions that items must meet; an empty list is every item. */
const filters = optional(filterList(ITEM_FIELDS));

/** Body of `POST /datasets/items/delete`. */
export const deleteItemsRequest = v.pipe(
  v.object({ item_ids: ids, dataset_id: optional(uuid()), filters, batch_group_id: optional(uuid()) }),
  v.check(
    ({ item_ids: items, dataset_id: id }) => items !== undefined || id !== undefined,
    "Either 'item_ids' (to delete specific items) or 'dataset_id' (to delete by filters) must be provided.",
  ),
  v.check(
    ({ item_ids: items, dataset_id: id, filters: given }) =>
      items === undefined || (id === undefined && given === undefined),
    "Cannot provide 'dataset_id' or 'filters' when using 'item_ids'. Use 'item_ids' alone to delete specific items.",
  ),
);
export type DeleteItems = v.InferOutput<typeof deleteItemsRequest>;

const changeableData = constrained(data, hasFields, NO_FIELDS);

/** Body of `PATCH /datasets/items/{itemId}`; absent fields do not change. */
export const patchItemRequest = v.object({
  id: optional(uuid()),
  source: optional(source),
  data: changeableData,
  ...descriptiveFields,
});
export type ItemPatch = Omit<v.InferOutput<typeof patchItemRequest>, "id">;

/** An update of several items. */
export const itemUpdate = v.object({
  data: changeableData,
  description: descriptiveFields.description,
  evaluators: descriptiveFields.evaluators,
  execution_policy: descriptiveFields.execution_policy,
  clear_execution_policy: optional(boolean()),
  ...tagChanges,
});
export type ItemUpdate = v.InferOutput<typeof itemUpdate>;

/** Body of `PATCH /datasets/items/batch`. */
export const updateItemsRequest = v.pipe(
  v.object({
    ids,
    filters,
    dataset_id: optional(uuid()),
    update: required(itemUpdate),
    merge_tags: optional(boolean()),
  }),
  v.check(
    ({ ids: some, filters: given }) => some !== undefined || given !== undefined,
    "Either 'ids' or 'filters' must be provided.",
  ),
  v.check(
    ({ ids: some, filters: given }) => some === undefined || given === undefined,
    "Cannot provide both 'ids' and 'filters'. Use 'ids' for specific items or 'filters' to update items matching the filter criteria.",
  ),
  v.check(
    ({ filters: given, dataset_id: id }) => given === undefined || id !== undefined,
    "'dataset_id' is required when using 'filters'. This ensures updates are scoped to a specific dataset.",
  ),
);
export type UpdateItems = v.InferOutput<typeof updateItemsRequest>;

const itemEdit = v.object({
  id: required(uuid()),
  data: changeableData,
  tags,
  evaluators: descriptiveFields.evaluators,
  execution_policy: descriptiveFields.execution_policy,
});

/** Body of `POST /datasets/{id}/items/changes`. */
export const itemChangesRequest = v.object({
  added_items: optional(list(required(item))),
  edited_items: optional(list(required(itemEdit))),
  deleted_ids: optional(list(required(uuid()))),
  base_version: optional(uuid()),
  tags: versionTags,
  change_description: optional(string()),
  metadata: optional(map(string())),
  evaluators: descriptiveFields.evaluators,
  execution_policy: descriptiveFields.execution_policy,
  clear_execution_policy: optional(boolean()),
  ...copyFields,
});
export type ItemChanges = v.InferOutput<typeof itemChangesRequest>;

/** The fields of an item that is read. */
export const datasetItemFields = {
  id: string({ format: "uuid" }),
  dataset_item_id: string({ format: "uuid" }),
  trace_id: optional(string({ format: "uuid" })),
  span_id: optional(string({ format: "uuid" })),
  source: optional(source),
  data: optional(freeForm()),
  description: optional(string()),
  tags: optional(freeForm()),
  evaluators: optional(freeForm()),
  execution_policy: optional(freeForm()),
  dataset_id: string({ format: "uuid" }),
  created_at: optional(string({ format: "date-time" })),
  created_by: optional(string()),
  last_updated_at: optional(string({ format: "date-time" })),
  last_updated_by: optional(string()),
};

export const datasetItem = v.object(datasetItemFields);
export type DatasetItem = v.InferOutput<typeof datasetItem>;

const column = v.object({
  name: string(),
  types: list(string()),
  filter_field_prefix: string(),
  filter_field: string(),
});
export type Column = v.InferOutput<typeof column>;

const columns = list(column);
/** The fields of objects, without a page of them. */
export const columnsOfPage = v.object({ columns });

/** One page of items, with the fields of the data of all items. */
export type ItemPage<Item> = Page<Item> & { columns: Column[] };

/** The schema of a page of items. */
export function itemPageOf<Item>(shown: v.GenericSchema<unknown, Item>): v.GenericSchema<unknown, ItemPage<Item>> {
  return v.object({ ...pageFields(shown), columns });
}

export const datasetItemPage = itemPageOf(datasetItem);
