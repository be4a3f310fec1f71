import type { SpanType } from "../../spans/schema.ts";

/** Where an attribute goes. */
export type Target =
  | "input"
  | "output"
  | "metadata"
  | "model"
  | "provider"
  | "usage"
  | "cost"
  | "tags"
  | "thread_id"
  | "dropped";

/** The use of an attribute. */
export interface Rule {
  /** Its name, or what its name begins with. */
  name: string;
  isPrefix: boolean;
  target: Target;
  /** The type of a span that has it. */
  type: SpanType | undefined;
}

/** Creates the rules of attributes; a name that ends with `*` is what names begin with. */
function rules(target: Target, type: SpanType | undefined, ...names: string[]): Rule[] {
  return names.map((name) => ({ name: name.replace(/\*$/, ""), isPrefix: name.endsWith("*"), target, type }));
}

/** The rules of all spans, in the order of the real server: the first that fits counts [opik 7.16]. */
const RULES: readonly Rule[] = [
  // Logfire
  ...rules("metadata", undefined, "agent_name", "model_name"),
  ...rules("dropped", undefined, "logfire.span_type", "logfire.metrics"),
  ...rules("input", "llm", "prompt"),
  ...rules("input", undefined, "all_messages", "params", "tools", "tool_arguments"),
  ...rules("output", undefined, "response", "result", "tool_responses", "tool_response", "final_result"),
  ...rules("usage", "llm", "usage"),
  // GenAI
  ...rules("input", undefined, "gen_ai.prompt"),
  ...rules("output", undefined, "gen_ai.completion"),
  ...rules("model", "llm", "gen_ai.request_model", "gen_ai.response_model"),
  ...rules("model", "llm", "gen_ai.request.model", "gen_ai.response.model"),
  ...rules("metadata", "llm", "gen_ai.request.temperature", "gen_ai.response.id"),
  ...rules("metadata", undefined, "gen_ai.response.finish_reasons"),
  ...rules("provider", "llm", "gen_ai.system", "gen_ai.provider.name"),
  ...rules("cost", "llm", "gen_ai.usage.cost"),
  ...rules("usage", "llm", "gen_ai.usage.*"),
  ...rules("input", "llm", "gen_ai.input.*"),
  ...rules("output", "llm", "gen_ai.output.*"),
  ...rules("input", "llm", "gen_ai.system_instructions"),
  ...rules("metadata", "llm", "gen_ai.cost.*"),
  ...rules("input", "tool", "gen_ai.tool.call.arguments"),
  ...rules("output", "tool", "gen_ai.tool.call.result"),
  ...rules("metadata", undefined, "gen_ai.tool.*", "gen_ai.agent.*", "gen_ai.token.type", "gen_ai.framework"),
  ...rules("input", undefined, "gen_ai.request.*"),
  ...rules("output", undefined, "gen_ai.response*"),
  ...rules("metadata", undefined, "gen_ai.operation.name"),
  ...rules("thread_id", undefined, "gen_ai.conversation.id"),
  // OpenInference
  ...rules("model", "llm", "llm.model_name"),
  ...rules("usage", "llm", "llm.token_count.*"),
  // LiveKit
  ...rules("metadata", undefined, "livekit.session.id", "lk.agent_label", "lk.speech_id", "lk.interrupted"),
  ...rules("metadata", undefined, "lk.retry_count", "lk.llm_metrics", "lk.tts_metrics", "lk.tts.streaming"),
  ...rules("metadata", undefined, "lk.tts.label"),
  ...rules("input", undefined, "lk.input_text", "lk.chat_ctx", "lk.function_tools", "lk.user_input"),
  ...rules("input", undefined, "lk.user_transcript"),
  ...rules("output", undefined, "lk.response.text", "lk.response.function_calls"),
  ...rules("metadata", undefined, "lk.transcript_confidence", "lk.transcription_delay", "lk.end_of_turn_delay"),
  ...rules("metadata", "tool", "lk.function_tool.name", "lk.function_tool.is_error"),
  ...rules("input", "tool", "lk.function_tool.arguments"),
  ...rules("output", "tool", "lk.function_tool.output"),
  ...rules("metadata", undefined, "lk.eou.probability", "lk.eou.unlikely_threshold", "lk.eou.endpointing_delay"),
  ...rules("metadata", undefined, "lk.eou.language"),
  // Pydantic
  ...rules("metadata", undefined, "logfire.msg", "code.*"),
  ...rules("dropped", undefined, "logfire.msg_template", "logfire.json_schema"),
  // LiteLLM
  ...rules("metadata", undefined, "llm.is_streaming", "llm.request.*", "llm.response.*", "llm.user"),
  ...rules("metadata", undefined, "metadata.*", "hidden_params"),
  // general
  ...rules("input", undefined, "input*"),
  ...rules("metadata", undefined, "server.address"),
  ...rules("output", undefined, "output*"),
  ...rules("thread_id", undefined, "thread_id"),
  ...rules("tags", undefined, "opik.tags"),
  ...rules("metadata", undefined, "opik.metadata*"),
  ...rules("dropped", undefined, "opik.trace_id", "opik.parent_span_id", "opik.span_id"),
  // smolagents, LangFuse
  ...rules("metadata", undefined, "smolagents.*"),
  ...rules("metadata", "llm", "langfuse.observation.completion_start_time"),
];

/** The rules of the spans of Claude Code, before the others. */
const RULES_OF_CLAUDE_CODE: readonly Rule[] = [
  ...rules("input", undefined, "user_prompt", "hook_event", "hook_name", "hook_definitions"),
  ...rules("input", "tool", "tool_input"),
  ...rules("model", "llm", "model"),
  ...rules("input", "llm", "system_prompt_preview"),
  ...rules("output", "llm", "response.model_output", "stop_reason", "response.has_tool_call"),
  ...rules("usage", "llm", "input_tokens", "output_tokens", "cache_read_tokens", "cache_creation_tokens"),
  ...rules("thread_id", undefined, "session.id"),
  ...RULES,
];

/** The rule of an attribute. */
export function ruleOf(attribute: string, isClaudeCode: boolean): Rule | undefined {
  const candidates = isClaudeCode ? RULES_OF_CLAUDE_CODE : RULES;
  return candidates.find(({ name, isPrefix }) => (isPrefix ? attribute.startsWith(name) : attribute === name));
}
