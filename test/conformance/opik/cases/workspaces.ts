import type { ConformanceCase } from "../../case.ts";

const CONFIGURATIONS = "/v1/private/workspaces/configurations";
const COLORS = { good: "#00ff00", bad: "#FF0000" };
const NONE = { status: 404, message: "No workspace configuration found for workspace" };

/** What the web application keeps and asks for [opik 9.8]. */
export const workspaceCases: readonly ConformanceCase[] = [
  {
    name: "the configuration of a workspace is written as a whole, read and deleted",
    alone: true,
    steps: [
      { send: `GET ${CONFIGURATIONS}`, ...NONE },
      {
        send: `PUT ${CONFIGURATIONS}`,
        body: { timeout_to_mark_thread_as_inactive: "P1DT90M", truncation_on_tables: false, color_map: COLORS },
        status: 204,
        text: "",
      },
      {
        send: `GET ${CONFIGURATIONS}`,
        status: 200,
        json: { timeout_to_mark_thread_as_inactive: "PT25H30M", truncation_on_tables: false, color_map: COLORS },
      },
      { send: `PUT ${CONFIGURATIONS}`, body: { timeout_to_mark_thread_as_inactive: "PT5S" }, status: 204 },
      { send: `GET ${CONFIGURATIONS}`, status: 200, json: { timeout_to_mark_thread_as_inactive: "PT5S" } },
      { send: `DELETE ${CONFIGURATIONS}`, status: 204, text: "" },
      { send: `GET ${CONFIGURATIONS}`, ...NONE },
      { send: `DELETE ${CONFIGURATIONS}`, status: 204, text: "" },
    ],
  },
  {
    name: "what is said of the configuration of a workspace is checked",
    ours: "the real server's words are not known",
    alone: true,
    steps: [
      {
        send: `PUT ${CONFIGURATIONS}`,
        body: { timeout_to_mark_thread_as_inactive: "PT0.5S", color_map: { good: "green" } },
        status: 422,
        errors: [
          "timeoutToMarkThreadAsInactive minimum precision supported is seconds, please use a duration with seconds precision or higher",
          "colorMap Color must be a valid hex color (e.g. #FF0000)",
        ],
      },
      {
        send: `PUT ${CONFIGURATIONS}`,
        body: { timeout_to_mark_thread_as_inactive: "P8D", color_map: { ["x".repeat(257)]: "#000000" } },
        status: 422,
        errors: [
          "timeoutToMarkThreadAsInactive duration exceeds the maximum allowed of 7 days",
          "colorMap size must be between 0 and 256",
        ],
      },
      {
        send: `PUT ${CONFIGURATIONS}`,
        body: { timeout_to_mark_thread_as_inactive: "soon" },
        status: 400,
        message: /^Unable to process JSON\. .*java\.time\.Duration/,
      },
      { send: `GET ${CONFIGURATIONS}`, ...NONE },
    ],
  },
  {
    name: "the web application hides what is not served",
    ours: "the real server serves more",
    steps: [
      {
        send: "GET /v1/private/toggles/",
        status: 200,
        json: {
          dataset_versioning_enabled: true,
          python_evaluator_enabled: false,
          trace_thread_python_evaluator_enabled: false,
          span_llm_as_judge_enabled: false,
          span_user_defined_metric_python_enabled: false,
          guardrails_enabled: false,
          opik_aienabled: false,
          opik_ai_enabled: false,
          alerts_enabled: false,
          welcome_wizard_enabled: false,
          export_enabled: false,
          cost_intelligence_enabled: false,
          dataset_export_enabled: true,
          demo_data_enabled: false,
          openai_provider_enabled: false,
          anthropic_provider_enabled: false,
          gemini_provider_enabled: false,
          openrouter_provider_enabled: false,
          vertexai_provider_enabled: false,
          bedrock_provider_enabled: false,
          customllm_provider_enabled: false,
          ollama_provider_enabled: false,
          ollie_enabled: false,
          project_homepage_enabled: false,
          agentic_tools_enabled: false,
          agent_insights_enabled: false,
          agent_insights_guidance_enabled: false,
          online_scoring_tracing_enabled: false,
          annotation_queue_automation_enabled: false,
          event_bridge_alerts_enabled: false,
          v2_workspace_allowlist_ids: [],
          v1_workspace_allowlist_ids: [],
          force_workspace_version: "",
          default_page_size: 100,
        },
      },
    ],
  },
  {
    name: "lists that nothing can be added to are empty",
    ours: "the real server serves what adds to them",
    steps: [
      {
        send: "GET /v1/private/llm-provider-key",
        status: 200,
        json: { page: 0, size: 0, total: 0, content: [], sortable_by: [] },
      },
      { send: "GET /v1/private/datasets/export-jobs", status: 200, json: [] },
      { send: "GET /v1/private/llm/models", status: 200, json: {} },
      {
        send: "GET /v1/private/agent-insights/jobs/0193aaaa-0000-7000-8000-000000000001",
        status: 404,
        json: {
          code: 404,
          message: "Agent insights job not found for project: 0193aaaa-0000-7000-8000-000000000001",
        },
      },
      ...[
        ...["automations/evaluators", "alerts", "agent-insights/issues", "insights-views"],
        "projects/0193aaaa-0000-7000-8000-000000000001/alerts",
      ].map((path) => ({
        send: `GET /v1/private/${path}?page=2&size=10`,
        status: 200,
        json: { page: 2, size: 0, total: 0, content: [], sortable_by: [] },
      })),
    ],
  },
];
