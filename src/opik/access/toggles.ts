import * as v from "valibot";
import { boolean, integer, list, string } from "../wire/values.ts";

/** Parts of Opik that its web application shows: those that are served here. */
const SHOWN = ["dataset_versioning_enabled", "dataset_export_enabled"] as const;

/** Parts of Opik that its web application hides, because they are not served here. */
const HIDDEN = [
  "python_evaluator_enabled",
  "trace_thread_python_evaluator_enabled",
  "span_llm_as_judge_enabled",
  "span_user_defined_metric_python_enabled",
  "guardrails_enabled",
  // So does the real server print `opikAIEnabled`; the SDK for Python cannot read an answer without the other spelling.
  "opik_aienabled",
  "opik_ai_enabled",
  "alerts_enabled",
  "welcome_wizard_enabled",
  "export_enabled",
  "cost_intelligence_enabled",
  "demo_data_enabled",
  "openai_provider_enabled",
  "anthropic_provider_enabled",
  "gemini_provider_enabled",
  "openrouter_provider_enabled",
  "vertexai_provider_enabled",
  "bedrock_provider_enabled",
  "customllm_provider_enabled",
  "ollama_provider_enabled",
  "ollie_enabled",
  "project_homepage_enabled",
  "agentic_tools_enabled",
  "agent_insights_enabled",
  "agent_insights_guidance_enabled",
  "online_scoring_tracing_enabled",
  "annotation_queue_automation_enabled",
  "event_bridge_alerts_enabled",
] as const;

type Toggle = (typeof SHOWN)[number] | (typeof HIDDEN)[number];

const PAGE_SIZE = 100;

/** What parts of Opik its web application shows [opik 9.8]. */
export const TOGGLES: Readonly<Record<string, boolean | number | string | string[]>> = {
  ...Object.fromEntries(SHOWN.map((name) => [name, true])),
  ...Object.fromEntries(HIDDEN.map((name) => [name, false])),
  v2_workspace_allowlist_ids: [],
  v1_workspace_allowlist_ids: [],
  force_workspace_version: "",
  default_page_size: PAGE_SIZE,
};

const booleans = Object.fromEntries([...SHOWN, ...HIDDEN].map((name) => [name, boolean()])) as Record<
  Toggle,
  ReturnType<typeof boolean>
>;

export const toggles = v.object({
  ...booleans,
  v2_workspace_allowlist_ids: list(string()),
  v1_workspace_allowlist_ids: list(string()),
  force_workspace_version: string(),
  default_page_size: integer(),
});
