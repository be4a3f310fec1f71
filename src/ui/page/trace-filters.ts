/** A filter as Opik's lists take it. */
export interface Filter {
  field: string;
  operator: string;
  /** For fields with entries of their own: which one. */
  key?: string;
  value: string;
}

export const NO_VALUE: ReadonlySet<string> = new Set(["is_empty", "is_not_empty"]);

const TEXT = ["contains", "not_contains", "starts_with", "ends_with", "="];
const NUMBER = [">", ">=", "<", "<=", "="];
const ENTRY = ["=", "contains", ">", "<"];

export interface FilterField {
  label: string;
  operators: readonly string[];
  /** What its key is, when it has one. */
  key?: string;
  /** The form of its value. */
  hint?: string;
}

/** What the list of traces can be filtered by, in the words of the API. */
export const TRACE_FILTERS: Readonly<Record<string, FilterField>> = {
  name: { label: "name", operators: TEXT },
  input: { label: "input", operators: TEXT },
  output: { label: "output", operators: TEXT },
  error_info: { label: "error", operators: ["is_not_empty", "is_empty"] },
  error_type: { label: "error type", operators: TEXT },
  tags: { label: "tags", operators: ["contains", "not_contains"] },
  metadata: { label: "metadata", operators: ENTRY, key: "path" },
  feedback_scores: { label: "score", operators: NUMBER, key: "name" },
  duration: { label: "duration", operators: NUMBER, hint: "ms" },
  "usage.total_tokens": { label: "tokens", operators: NUMBER },
  total_estimated_cost: { label: "cost", operators: NUMBER, hint: "USD" },
  llm_span_count: { label: "LLM spans", operators: NUMBER },
  thread_id: { label: "thread", operators: ["=", "contains"] },
  start_time: { label: "started", operators: [">", "<"], hint: "2026-01-01T00:00:00Z" },
  environment: { label: "environment", operators: ["="] },
  source: { label: "source", operators: ["="] },
  id: { label: "id", operators: ["="] },
};

/** Reads filters from the address; what is none of them is left out. */
export function readFilters(text: string | undefined): Filter[] {
  if (text === undefined) return [];
  try {
    const filters: unknown = JSON.parse(text);
    return Array.isArray(filters) ? filters.filter(isFilter) : [];
  } catch {
    return [];
  }
}

function isFilter(value: unknown): value is Filter {
  if (typeof value !== "object" || value === null) return false;
  const { field, operator, value: wanted } = value as Partial<Filter>;
  return typeof field === "string" && typeof operator === "string" && typeof wanted === "string";
}

/** `duration > 500` */
export function describeFilter({ field, key, operator, value }: Filter): string {
  const name = TRACE_FILTERS[field]?.label ?? field;
  return [key === undefined ? name : `${name} ${key}`, operator.replaceAll("_", " "), value].filter(Boolean).join(" ");
}
