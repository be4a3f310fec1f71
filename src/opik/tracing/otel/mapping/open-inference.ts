import { RawJson } from "../../../../core/json.ts";
import { lookUp } from "../../../../core/look-up.ts";
import type { SpanType } from "../../spans/schema.ts";
import type { OtelAttribute, OtelValue } from "../request.ts";
import { IndexedObjects, readMessagePart } from "./open-inference-messages.ts";
import type { SpanContent } from "./span.ts";
import { costIn, jsonFieldsIn, jsonIn, type JsonFields, tagsIn, toJson } from "./values.ts";

/** The attribute that every span of OpenInference has. */
const KIND = "openinference.span.kind";

const TYPES: Readonly<Record<string, SpanType>> = { LLM: "llm", TOOL: "tool", GUARDRAIL: "guardrail" };

const USAGE: Readonly<Record<string, string>> = {
  "llm.token_count.prompt": "prompt_tokens",
  "llm.token_count.completion": "completion_tokens",
  "llm.token_count.total": "total_tokens",
  "llm.token_count.prompt_details.cache_read": "cache_read_input_tokens",
  "llm.token_count.prompt_details.cache_write": "cache_creation_input_tokens",
  "llm.token_count.prompt_details.audio": "prompt_tokens_details.audio_tokens",
  "llm.token_count.completion_details.reasoning": "reasoning_tokens",
  "llm.token_count.completion_details.audio": "completion_tokens_details.audio_tokens",
};

/** Where texts go, and whether they hold JSON. */
const TEXTS: Readonly<Record<string, { in: "input" | "output" | "template"; name: string; isJson?: true }>> = {
  "llm.invocation_parameters": { in: "input", name: "invocation_parameters", isJson: true },
  "llm.function_call": { in: "output", name: "function_call", isJson: true },
  "llm.finish_reason": { in: "output", name: "finish_reason" },
  "llm.prompt_template.template": { in: "template", name: "template" },
  "llm.prompt_template.variables": { in: "template", name: "variables", isJson: true },
  "llm.prompt_template.version": { in: "template", name: "version" },
};

/** Texts about the model, the one that counts first. */
const MODELS = ["llm.response.model_name", "llm.model_name", "llm.request.model_name"] as const;
const PROVIDERS = ["llm.provider", "llm.system"] as const;

const MESSAGE = /^llm\.(input|output)_messages\.([^.]+)\.message\.(.+)$/;
const TOOL = /^llm\.tools\.([^.]+)\.tool\.(name|description|json_schema)$/;
const PROMPT = /^llm\.prompts\.([^.]+)\.prompt\.(text)$/;
const CHOICE = /^llm\.choices\.([^.]+)\.completion\.(text)$/;

/** What the names of all other attributes of OpenInference begin with; they are metadata. */
const OTHERS =
  /^(?:metadata$|(?:openinference|input|output|llm|session|user|tag|tool|embedding|retrieval|reranker|prompt|agent|graph)\.)/;

/** Fields of `metadata` that would hide what other attributes say. */
const RESERVED: ReadonlySet<string> = new Set([
  "thread_id",
  "integration",
  "server.address",
  KIND,
  "input.mime_type",
  "output.mime_type",
  "user.id",
]);

const MAX_TOKENS = 2 ** 31 - 1;

/** The input or output of a span: a value as a whole, and parts of it. */
class Side {
  /** The value of `input.value` or `output.value`. */
  whole: OtelValue | undefined;
  mimeType: string | undefined;
  readonly fields: JsonFields = new Map();

  /** The value with its parts, which take the place of equal names; `others` are the fields of other conventions. */
  over(others: JsonFields): RawJson | undefined {
    const whole = this.#whole();
    const parts = new Map([...others, ...this.fields]);
    if (parts.size === 0) return whole;
    const own = whole?.isObject ? jsonFieldsIn(whole.text) : whole && new Map([["value", whole]]);
    return RawJson.of(new Map([...(own ?? []), ...parts]));
  }

  #whole(): RawJson | undefined {
    if (this.whole === undefined) return undefined;
    const text = this.whole.string_value;
    const isJson = this.mimeType?.split(";")[0]?.trim().toLowerCase() === "application/json";
    return (text !== undefined && isJson ? jsonIn(text) : undefined) ?? toJson(this.whole);
  }
}

/** Reads the attributes of OpenInference's conventions [opik 7.16]. */
export class OpenInferenceSpan {
  /** The names of the attributes that it has read. */
  readonly read = new Set<string>();
  readonly input = new Side();
  readonly output = new Side();
  readonly #metadata: JsonFields = new Map();
  readonly #usage = new Map<string, number>();
  readonly #tags = new Set<string>();
  readonly #texts = new Map<string, string>();
  readonly #template: JsonFields = new Map();
  readonly #inputMessages = new IndexedObjects();
  readonly #outputMessages = new IndexedObjects();
  readonly #tools = new IndexedObjects();
  readonly #prompts = new IndexedObjects();
  readonly #choices = new IndexedObjects();
  #cost: number | undefined;

  constructor(attributes: readonly OtelAttribute[]) {
    for (const { key = "", value = {} } of attributes) this.#add(key, value);
    this.#finish();
  }

  /** Adds what was read to what other conventions say, which it overrules. */
  addTo(content: SpanContent): void {
    const model = MODELS.map((name) => this.#texts.get(name)).find((text) => text !== undefined);
    const provider = PROVIDERS.map((name) => this.#texts.get(name)).find((text) => text !== undefined);
    const session = this.#texts.get("session.id");
    content.type = lookUp(TYPES, this.#texts.get(KIND)?.toUpperCase() ?? "") ?? "general";
    content.model = model ?? content.model;
    content.provider = (provider === "aws" ? "bedrock" : provider) ?? content.provider;
    content.cost = this.#cost ?? content.cost;
    for (const [name, value] of this.#metadata) content.metadata.set(name, value);
    if (session !== undefined) content.metadata.set("thread_id", RawJson.of(session));
    for (const [kind, tokens] of this.#usage) content.usage.set(kind, tokens);
    for (const tag of this.#tags) content.tags.add(tag);
  }

  #add(name: string, value: OtelValue): void {
    const isTaken = this.#take(name, value);
    if (isTaken || OTHERS.test(name)) this.read.add(name);
    if (isTaken === false) this.#metadata.set(name, toJson(value));
  }

  /** @returns `false` for an attribute that is metadata, `undefined` for one of other conventions */
  #take(name: string, value: OtelValue): boolean | undefined {
    const [side, kind] = name.split(".");
    if (kind === "value" && (side === "input" || side === "output")) {
      this[side].whole = value;
      return true;
    }
    if (name === "metadata") return this.#takeMetadata(value);
    if (name === "tag.tags") return this.#takeTags(value);
    if (name === "llm.cost.total") return (this.#cost = costIn(value)) !== undefined;
    const tokens = lookUp(USAGE, name);
    if (tokens !== undefined) return this.#takeTokens(tokens, value);
    const isTaken = this.#takeText(name, value) ?? this.#takePart(name, value);
    return isTaken ?? (OTHERS.test(name) ? false : undefined);
  }

  #takeText(name: string, value: OtelValue): boolean | undefined {
    const text = value.string_value;
    const place = lookUp(TEXTS, name);
    if (place !== undefined) {
      const json = readText(text, place.isJson ?? false);
      const fields = place.in === "template" ? this.#template : this[place.in].fields;
      if (json !== undefined) fields.set(place.name, json);
      return json !== undefined;
    }
    const isModel = [...MODELS, ...PROVIDERS, "session.id"].includes(name);
    const isShown = [KIND, "input.mime_type", "output.mime_type"].includes(name);
    if (!isModel && !isShown) return undefined;
    const trimmed = text?.trim() ?? "";
    if (trimmed !== "") this.#texts.set(name, trimmed);
    return text !== undefined && isModel;
  }

  #takePart(name: string, value: OtelValue): boolean | undefined {
    const [, direction, place = "", path = ""] = MESSAGE.exec(name) ?? [];
    if (direction !== undefined) {
      const messages = direction === "input" ? this.#inputMessages : this.#outputMessages;
      return messages.change(place, (message) => readMessagePart(message, path, value.string_value));
    }
    for (const [pattern, objects] of [
      [TOOL, this.#tools],
      [PROMPT, this.#prompts],
      [CHOICE, this.#choices],
    ] as const) {
      const [, index, field = ""] = pattern.exec(name) ?? [];
      if (index === undefined) continue;
      const json = readText(value.string_value, field === "json_schema");
      return objects.change(index, (object) => {
        if (json !== undefined) object.set(field, json);
        return json !== undefined;
      });
    }
    return undefined;
  }

  #takeTokens(kind: string, { int_value, string_value }: OtelValue): boolean {
    const text = int_value ?? string_value ?? "";
    const tokens = /^\+?\d+$/.test(text) ? Number(text) : Number.NaN;
    if (!(tokens <= MAX_TOKENS)) return false;
    this.#usage.set(kind, tokens);
    return true;
  }

  #takeTags(value: OtelValue): boolean {
    const isText = value.array_value?.values.every((item) => item.string_value !== undefined);
    if (!(isText ?? value.string_value !== undefined)) return false;
    for (const tag of tagsIn(value)) this.#tags.add(tag);
    return true;
  }

  #takeMetadata(value: OtelValue): boolean {
    const json = jsonIn(value.string_value ?? "");
    if (json === undefined) return false;
    if (!json.isObject) this.#metadata.set("metadata", json);
    for (const [name, field] of (json.isObject && jsonFieldsIn(json.text)) || [])
      if (!RESERVED.has(name)) this.#metadata.set(name, field);
    return true;
  }

  #finish(): void {
    this.input.mimeType = this.#texts.get("input.mime_type");
    this.output.mimeType = this.#texts.get("output.mime_type");
    const schema = this.#metadata.get("tool.json_schema")?.parse();
    const parsed = typeof schema === "string" ? jsonIn(schema) : undefined;
    if (parsed !== undefined) this.#metadata.set("tool.json_schema", parsed);
    if (this.#template.size > 0) this.input.fields.set("prompt_template", RawJson.of(this.#template));
    for (const [fields, name, objects] of [
      [this.input.fields, "messages", this.#inputMessages],
      [this.output.fields, "messages", this.#outputMessages],
      [this.input.fields, "tools", this.#tools],
      [this.input.fields, "prompts", this.#prompts],
      [this.output.fields, "choices", this.#choices],
    ] as const) {
      const list = objects.list();
      if (list.length > 0) fields.set(name, RawJson.of(list));
    }
  }
}

/** A text as JSON; nothing when there is none, or when it should hold JSON and does not. */
function readText(text: string | undefined, isJson: boolean): RawJson | undefined {
  if (text === undefined) return undefined;
  return isJson ? jsonIn(text) : RawJson.of(text);
}

/** What a span of OpenInference says; nothing for spans of other conventions. */
export function readOpenInference(attributes: readonly OtelAttribute[]): OpenInferenceSpan | undefined {
  return attributes.some(({ key }) => key === KIND) ? new OpenInferenceSpan(attributes) : undefined;
}
