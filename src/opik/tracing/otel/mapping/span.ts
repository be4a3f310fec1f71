import { RawJson } from "../../../../core/json.ts";
import type { SpanType } from "../../spans/schema.ts";
import type { OtelSpan, OtelValue } from "../request.ts";
import { readOpenInference } from "./open-inference.ts";
import { resolveModel } from "./providers.ts";
import { ruleOf } from "./rules.ts";
import { addUsage, completeUsage } from "./usage.ts";
import { costIn, fieldsOf, type JsonFields, tagsIn, toReadJson } from "./values.ts";

/** The fields of a span that its attributes and events give. */
export interface SpanContent {
  type: SpanType;
  model?: string | undefined;
  provider?: string | undefined;
  input?: RawJson | undefined;
  output?: RawJson | undefined;
  metadata: JsonFields;
  usage: Map<string, number>;
  tags: Set<string>;
  /** In US dollars. */
  cost?: number | undefined;
}

/** The values of a span while its attributes are sorted. */
class Sorting implements SpanContent {
  type: SpanType = "general";
  model: string | undefined;
  provider: string | undefined;
  readonly inputs: JsonFields = new Map();
  readonly outputs: JsonFields = new Map();
  readonly metadata: JsonFields = new Map();
  readonly usage = new Map<string, number>();
  readonly tags = new Set<string>();
  cost: number | undefined;
  readonly #isClaudeCode: boolean;

  constructor(isClaudeCode: boolean) {
    this.#isClaudeCode = isClaudeCode;
    // Its spans do not name it.
    if (isClaudeCode) this.provider = "anthropic";
  }

  add(attribute: string, value: OtelValue): void {
    const rule = ruleOf(attribute, this.#isClaudeCode);
    this.type = rule?.type ?? this.type;
    switch (rule?.target) {
      case "model":
        this.model = value.string_value ?? "";
        break;
      case "provider":
        // The older name of the attribute counts when a span has both.
        if (attribute !== "gen_ai.provider.name" || this.provider === undefined)
          this.provider = value.string_value ?? "";
        break;
      case "usage":
        addUsage(this.usage, rule, attribute, value);
        break;
      case "cost":
        this.#addCost(attribute, value);
        break;
      case "tags":
        for (const tag of tagsIn(value)) this.tags.add(tag);
        break;
      case "thread_id":
        if (!this.metadata.has("thread_id")) this.metadata.set("thread_id", toReadJson(value));
        break;
      case "dropped":
        break;
      default:
        this.#fieldsOf(rule?.target).set(attribute, toReadJson(value));
    }
  }

  /** What is no cost of a span is kept as metadata. */
  #addCost(attribute: string, value: OtelValue): void {
    const cost = costIn(value);
    if (cost === undefined) this.metadata.set(attribute, toReadJson(value));
    else this.cost = cost;
  }

  /** What has no rule is input, or of Claude Code metadata. */
  #fieldsOf(target: "input" | "output" | "metadata" = this.#isClaudeCode ? "metadata" : "input"): JsonFields {
    return { input: this.inputs, output: this.outputs, metadata: this.metadata }[target];
  }
}

/**
 * Sorts the attributes and events of a span into what Opik's spans have [opik 7.16].
 * @param integration the instrumentation that made the spans of the request
 */
export function contentOf(span: OtelSpan, integration: string | undefined): SpanContent {
  const isClaudeCode = span.name?.startsWith("claude_code.") ?? false;
  const sorting = new Sorting(isClaudeCode);
  if (integration !== undefined) sorting.metadata.set("integration", RawJson.of(integration));
  const openInference = readOpenInference(span.attributes);
  for (const { key = "", value = {} } of span.attributes) {
    if (openInference?.read.has(key)) continue;
    if (isClaudeCode && key === "new_context") newContext(span.name, sorting).set(key, toReadJson(value));
    else sorting.add(key, value);
  }
  addEvents(span, sorting.metadata);
  if (isClaudeCode) addToolOutput(span, sorting.outputs);
  // Runs of agents are no calls of models, though they say which model they use.
  if (sorting.metadata.get("gen_ai.operation.name")?.text === '"invoke_agent"') sorting.type = "general";
  openInference?.addTo(sorting);
  const { model, provider } = resolveModel(sorting, sorting.metadata);
  completeUsage(sorting.usage);
  const { type, metadata, usage, tags, cost } = sorting;
  const input = openInference?.input.over(sorting.inputs) ?? nonEmpty(sorting.inputs);
  const output = openInference?.output.over(sorting.outputs) ?? nonEmpty(sorting.outputs);
  return { type, model, provider, input, output, metadata, usage, tags, cost };
}

/** An object; nothing without fields. */
export function nonEmpty(fields: JsonFields): RawJson | undefined {
  return fields.size === 0 ? undefined : RawJson.of(fields);
}

/** The last message for the model; spans of other kinds repeat there what they have elsewhere. */
function newContext(name: string | undefined, { inputs, metadata }: Sorting): JsonFields {
  return name === "claude_code.llm_request" ? inputs : metadata;
}

function addEvents({ events }: OtelSpan, metadata: JsonFields): void {
  if (events.length === 0) return;
  const shown = events.map(({ name = "", time_unix_nano = "0", attributes }) => ({
    name,
    time_unix_nano: new RawJson(time_unix_nano),
    attributes: attributes.length === 0 ? undefined : fieldsOf(attributes, toReadJson),
  }));
  metadata.set("opentelemetry.events", RawJson.of(shown));
}

/** Claude Code reports what a tool returned as an event. */
function addToolOutput({ events }: OtelSpan, outputs: JsonFields): void {
  const event = events.findLast(({ name }) => name === "tool.output");
  for (const { key = "", value = {} } of event?.attributes ?? [])
    if (key === "output" || key === "content") outputs.set(key, toReadJson(value));
}
