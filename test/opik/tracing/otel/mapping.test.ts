import { describe, expect, test } from "vitest";
import { stringifyJson } from "../../../../src/core/json.ts";
import { contentOf } from "../../../../src/opik/tracing/otel/mapping/span.ts";
import type { OtelAttribute, OtelValue } from "../../../../src/opik/tracing/otel/request.ts";

function valueOf(value: unknown): OtelValue {
  if (typeof value === "string") return { string_value: value };
  if (typeof value === "boolean") return { bool_value: value };
  if (typeof value === "number")
    return Number.isInteger(value) ? { int_value: String(value) } : { double_value: value };
  if (Array.isArray(value)) return { array_value: { values: value.map(valueOf) } };
  if (value instanceof Uint8Array) return { bytes_value: value };
  return value === null ? {} : { kvlist_value: { values: attributesOf(value as object) } };
}

function attributesOf(values: object): OtelAttribute[] {
  return Object.entries(values).map(([key, value]) => ({ key, value: valueOf(value) }));
}

/** The content of a span with these attributes, as plain values without those that are empty. */
function content(attributes: object, name = "span", events: object[] = []): object {
  const { metadata, usage, tags, ...others } = contentOf(
    { name, attributes: attributesOf(attributes), events: events as never },
    undefined,
  );
  const sets = { metadata: metadata.size > 0 ? metadata : undefined, usage: usage.size > 0 ? usage : undefined };
  return JSON.parse(stringifyJson({ ...others, ...sets, tags: tags.size > 0 ? [...tags] : undefined })) as object;
}

interface Example {
  attributes: object;
  name?: string;
  becomes: object;
}

const EXAMPLES: Readonly<Record<string, Example>> = {
  "attributes without a rule are input": {
    attributes: { "ai.prompt": "hi", "langsmith.span.kind": "llm", "gen_ai.prompt.0.content": "hi" },
    becomes: {
      type: "general",
      input: { "ai.prompt": "hi", "langsmith.span.kind": "llm", "gen_ai.prompt.0.content": "hi" },
    },
  },
  "text that holds JSON is read": {
    attributes: { "input.a": '{"a":1.50}', "input.b": '"[1]"', "input.c": '"plain"', "input.d": "[1] and more" },
    becomes: {
      type: "general",
      input: { "input.a": { a: 1.5 }, "input.b": [1], "input.c": "plain", "input.d": "[1] and more" },
    },
  },
  "values have all types": {
    attributes: {
      "input.a": 1.5,
      "input.b": true,
      "input.c": [1, "x"],
      "input.d": { k: null },
      "input.e": new Uint8Array([1]),
    },
    becomes: {
      type: "general",
      input: { "input.a": 1.5, "input.b": true, "input.c": [1, "x"], "input.d": { k: null }, "input.e": "AQ==" },
    },
  },
  "runs of agents of PydanticAI are no calls of models": {
    attributes: {
      "gen_ai.operation.name": "invoke_agent",
      "gen_ai.system_instructions": "be brief",
      model_name: "gpt-4o",
      final_result: "done",
      "logfire.msg": "agent run",
      "logfire.json_schema": "{}",
      "code.lineno": 3,
    },
    becomes: {
      type: "general",
      input: { "gen_ai.system_instructions": "be brief" },
      output: { final_result: "done" },
      metadata: {
        "gen_ai.operation.name": "invoke_agent",
        model_name: "gpt-4o",
        "logfire.msg": "agent run",
        "code.lineno": 3,
      },
    },
  },
  "usage of Logfire is an object": {
    attributes: { usage: '{"input_tokens":3,"output_tokens":4,"details":{}}', prompt: "hi" },
    becomes: {
      type: "llm",
      input: { prompt: "hi" },
      usage: { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 },
    },
  },
  "tools of GenAI": {
    attributes: { "gen_ai.tool.name": "look", "gen_ai.tool.call.arguments": '{"q":1}', "gen_ai.tool.call.result": "x" },
    becomes: {
      type: "tool",
      input: { "gen_ai.tool.call.arguments": { q: 1 } },
      output: { "gen_ai.tool.call.result": "x" },
      metadata: { "gen_ai.tool.name": "look" },
    },
  },
  "tools of LiveKit": {
    attributes: { "lk.function_tool.name": "look", "lk.function_tool.output": "x", "lk.retry_count": 1 },
    becomes: {
      type: "tool",
      output: { "lk.function_tool.output": "x" },
      metadata: { "lk.function_tool.name": "look", "lk.retry_count": 1 },
    },
  },
  "LiteLLM, smolagents and LangFuse have metadata": {
    attributes: { "llm.request.type": "chat", "metadata.a": 1, "smolagents.max": 2, "opik.metadata.x": "y" },
    becomes: {
      type: "general",
      metadata: { "llm.request.type": "chat", "metadata.a": 1, "smolagents.max": 2, "opik.metadata.x": "y" },
    },
  },
  "the first thread id counts": {
    attributes: { thread_id: "one", "gen_ai.conversation.id": "two" },
    becomes: { type: "general", metadata: { thread_id: "one" } },
  },
  "requests of Claude Code": {
    name: "claude_code.llm_request",
    attributes: { model: "claude", new_context: "hi", input_tokens: 3, output_tokens: 1, "session.id": "s", other: 1 },
    becomes: {
      type: "llm",
      model: "claude",
      provider: "anthropic",
      input: { new_context: "hi" },
      metadata: { thread_id: "s", other: 1 },
      usage: { prompt_tokens: 3, completion_tokens: 1, total_tokens: 4 },
    },
  },
  "messages of OpenInference with all that they can have": {
    attributes: {
      "openinference.span.kind": "llm",
      "llm.input_messages.0.message.role": "user",
      "llm.input_messages.0.message.contents.0.message_content.type": "image",
      "llm.input_messages.0.message.contents.0.message_content.image.image.url": "u",
      "llm.input_messages.0.message.contents.1.message_content.audio.audio.transcript": "t",
      "llm.input_messages.0.message.function_call_name": "f",
      "llm.input_messages.0.message.function_call_arguments_json": '{"a":1}',
      "llm.input_messages.x.message.role": "kept",
      "llm.input_messages.0.message.unknown": "kept",
      "llm.tools.0.tool.json_schema": '{"type":"object"}',
      "llm.prompts.0.prompt.text": "p",
      "llm.choices.0.completion.text": "c",
      "llm.prompt_template.template": "{q}",
      "llm.prompt_template.variables": '{"q":1}',
      "llm.finish_reason": "stop",
      "llm.token_count.prompt": "many",
      "input.value": "text",
      "retrieval.documents.0.document.id": "d",
      "gen_ai.request.max_tokens": 5,
    },
    becomes: {
      type: "llm",
      input: {
        value: "text",
        "gen_ai.request.max_tokens": 5,
        prompt_template: { template: "{q}", variables: { q: 1 } },
        messages: [
          {
            role: "user",
            contents: [{ type: "image", image: { url: "u" } }, { audio: { transcript: "t" } }],
            function_call: { name: "f", arguments: { a: 1 } },
          },
        ],
        tools: [{ json_schema: { type: "object" } }],
        prompts: [{ text: "p" }],
      },
      output: { finish_reason: "stop", choices: [{ text: "c" }] },
      metadata: {
        "openinference.span.kind": "llm",
        "llm.input_messages.x.message.role": "kept",
        "llm.input_messages.0.message.unknown": "kept",
        "llm.token_count.prompt": "many",
        "retrieval.documents.0.document.id": "d",
      },
    },
  },
  "a whole value of OpenInference": {
    attributes: { "openinference.span.kind": "CHAIN", "input.value": "[1]", "input.mime_type": "application/json" },
    becomes: {
      type: "general",
      input: [1],
      metadata: { "openinference.span.kind": "CHAIN", "input.mime_type": "application/json" },
    },
  },
};

describe("the attributes of a span are sorted", () => {
  test.for(Object.entries(EXAMPLES))("%s", ([, { attributes, name, becomes }]) => {
    expect(content(attributes, name)).toEqual(becomes);
  });
});

test.for(["constructor", "toString", "__proto__"])("the name %s is one like others", (name) => {
  expect(content({ "gen_ai.system": name })).toMatchObject({ provider: name });
  expect(
    content({ [`gen_ai.usage.${name}`]: 5, "gen_ai.request.model": `${name}-x`, "gen_ai.system": "elastic" }),
  ).toEqual(
    expect.objectContaining({ provider: name.toLowerCase(), model: "x", usage: JSON.parse(`{"${name}":5}`) as object }),
  );
  expect(content({ "openinference.span.kind": "LLM", [`llm.${name}`]: "x", [name]: 5 })).toMatchObject({ type: "llm" });
});

test.for([-1, 1e26, "-0.5", "much"])("the cost %s, which no span can have, is metadata", (cost) => {
  const name = "gen_ai.usage.cost";
  expect(content({ [name]: cost })).toEqual({ type: "llm", metadata: { [name]: cost } });
});

test("what a tool of Claude Code returned is the output", () => {
  const events = [{ name: "tool.output", attributes: attributesOf({ output: "done", other: 1 }) }];
  expect(content({ tool_input: "ls" }, "claude_code.tool", events)).toMatchObject({
    type: "tool",
    input: { tool_input: "ls" },
    output: { output: "done" },
  });
});

/** Providers and models as instrumentations name them, and as Opik does. */
const PROVIDERS: ReadonlyArray<readonly [provider: string, model: string, as: string, model: string]> = [
  ["openai", "gpt-4o", "openai", "gpt-4o"],
  [" openai ", "gpt-4o", "openai", "gpt-4o"],
  ["AWS.Bedrock", "claude", "bedrock", "claude"],
  ["vertex_ai", "gemini-2.5-pro", "google_vertexai", "gemini-2.5-pro"],
  ["gcp.vertex_ai", "claude-sonnet", "anthropic_vertexai", "claude-sonnet"],
  ["google", "gemini-2.5-pro", "google_ai", "gemini-2.5-pro"],
  ["elastic", "anthropic-claude-4.6-sonnet", "anthropic", "claude-4.6-sonnet"],
  ["elastic", "jina-embeddings-v3", "jina_ai", "jina-embeddings-v3"],
  ["elastic", "elser_model_2", "elastic", "elser_model_2"],
  ["api.x.ai", "grok", "xai", "grok"],
  ["api.fireworks.ai", "llama", "fireworks_ai", "llama"],
  ["api.cerebras.ai", "llama", "cerebras", "llama"],
  ["deepseek.vercel.app", "llama", "deepseek.vercel.app", "llama"],
  ["openai.internal", "gpt-4o", "openai.internal", "gpt-4o"],
];

test.for(PROVIDERS)("the provider %s of %s is %s", ([provider, model, expected, expectedModel]) => {
  expect(content({ "gen_ai.system": provider, "gen_ai.request.model": model })).toMatchObject({
    provider: expected,
    model: expectedModel,
  });
});

test("the address determines the service of Google", () => {
  const attributes = { "gen_ai.system": "google", "server.address": "us-aiplatform.googleapis.com" };
  expect(content(attributes)).toMatchObject({ provider: "google_vertexai" });
});
