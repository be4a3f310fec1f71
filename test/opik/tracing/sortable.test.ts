import { expect, test } from "vitest";
import { SEARCHABLE_SPANS } from "../../../src/opik/tracing/spans/filters.ts";
import { SORTABLE_SPAN_FIELDS } from "../../../src/opik/tracing/spans/schema.ts";
import { threadSortKey } from "../../../src/opik/tracing/threads/filters.ts";
import { SORTABLE_THREAD_FIELDS } from "../../../src/opik/tracing/threads/schema.ts";
import { SEARCHABLE_TRACES } from "../../../src/opik/tracing/traces/filters.ts";
import { SORTABLE_TRACE_FIELDS } from "../../../src/opik/tracing/traces/schema.ts";

const LISTS = {
  traces: { fields: SORTABLE_TRACE_FIELDS, sortKey: SEARCHABLE_TRACES.sortKey },
  spans: { fields: SORTABLE_SPAN_FIELDS, sortKey: SEARCHABLE_SPANS.sortKey },
  threads: { fields: SORTABLE_THREAD_FIELDS, sortKey: threadSortKey },
};

test.for(Object.entries(LISTS))("%s are sorted by all fields that their lists name", ([, { fields, sortKey }]) => {
  expect(fields.filter((field) => sortKey(field.replace("*", "x")) === undefined)).toEqual([]);
});
