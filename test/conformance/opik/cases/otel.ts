import { randomBytes } from "node:crypto";
import type { Arrangement, ConformanceCase, Step } from "../../case.ts";
import { TIMESTAMP, UUID } from "../../expected.ts";

const TRACES = "POST /v1/private/otel/v1/traces";

/** Ids as OpenTelemetry's SDKs make them, in base64 as the JSON form of protobuf has bytes. */
function otelIds(...names: string[]): Arrangement {
  return async ({ things }) => {
    for (const name of names) things.set(name, randomBytes(name.startsWith("trace") ? 16 : 8).toString("base64"));
  };
}

interface Attributes {
  [name: string]: string | number | boolean | string[];
}

function valueOf(value: Attributes[string]): object {
  if (Array.isArray(value)) return { arrayValue: { values: value.map(valueOf) } };
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}

const attributesOf = (attributes: Attributes): object[] =>
  Object.entries(attributes).map(([key, value]) => ({ key, value: valueOf(value) }));

/** A span of `<trace>` from 1.5 s to 2 s of 2026. */
function span(id: string, attributes: Attributes = {}, more: object = {}): object {
  return {
    traceId: "<trace>",
    spanId: `<${id}>`,
    name: id,
    kind: 3,
    startTimeUnixNano: "1767225601500999999",
    endTimeUnixNano: "1767225602000000000",
    attributes: attributesOf(attributes),
    ...more,
  };
}

/** The body with these spans of one instrumentation. */
function request(spans: readonly object[], scope = "my.instrumentation"): object {
  return {
    resourceSpans: [
      {
        resource: { attributes: attributesOf({ "service.name": "agent" }) },
        scopeSpans: [{ scope: { name: scope, version: "1" }, spans }],
      },
    ],
  };
}

/** Sends these spans to `<project>`. */
const sent = (spans: readonly object[], scope?: string): Step => ({
  send: TRACES,
  headers: { projectName: "<projectname>" },
  body: request(spans, scope),
  status: 200,
  text: "",
});

const LIST_TRACES = "GET /v1/private/traces?project_id=<project>";
const LIST_SPANS = "GET /v1/private/spans?project_id=<project>";

const START = "2026-01-01T00:00:01.500Z";
const END = "2026-01-01T00:00:02Z";

/** One span of `<project>` that looks like this. */
const spanIs = (match: object): Step => ({ send: LIST_SPANS, status: 200, match: { total: 1, content: [match] } });

/** OpenTelemetry [opik 7.16]. */
export const otelCases: readonly ConformanceCase[] = [
  {
    name: "spans of OpenTelemetry become a trace with spans",
    given: [otelIds("trace", "root", "call")],
    steps: [
      sent([
        span("call", { "gen_ai.request.model": "gpt-4o", "gen_ai.usage.input_tokens": 3 }, { parentSpanId: "<root>" }),
        span("root", { "input.value": "hi", "output.value": "ho", "gen_ai.conversation.id": "chat" }),
      ]),
      {
        send: LIST_TRACES,
        status: 200,
        match: {
          total: 1,
          content: [
            {
              id: UUID,
              name: "root",
              project_id: "<project>",
              start_time: START,
              end_time: END,
              input: { "input.value": "hi" },
              output: { "output.value": "ho" },
              metadata: { integration: "my.instrumentation", thread_id: "chat" },
              thread_id: "chat",
              source: "sdk",
              span_count: 2,
              llm_span_count: 1,
              usage: { prompt_tokens: 3 },
            },
          ],
        },
        remember: {
          made: ({ json }) => (json as { content: Array<{ id: string }> }).content[0]?.id ?? "",
        },
      },
      {
        send: `${LIST_SPANS}&trace_id=<made>&type=general`,
        status: 200,
        match: {
          total: 1,
          content: [
            {
              id: UUID,
              trace_id: "<made>",
              name: "root",
              type: "general",
              start_time: START,
              end_time: END,
              duration: 500,
              input: { "input.value": "hi" },
              output: { "output.value": "ho" },
              metadata: { integration: "my.instrumentation", thread_id: "chat" },
              source: "sdk",
              created_at: TIMESTAMP,
            },
          ],
        },
        remember: {
          parent: ({ json }) => (json as { content: Array<{ id: string }> }).content[0]?.id ?? "",
        },
      },
      {
        send: `${LIST_SPANS}&trace_id=<made>&type=llm`,
        status: 200,
        match: {
          total: 1,
          content: [
            {
              parent_span_id: "<parent>",
              name: "call",
              model: "gpt-4o",
              usage: { prompt_tokens: 3 },
              metadata: { integration: "my.instrumentation" },
            },
          ],
        },
      },
    ],
  },
  {
    name: "a request with later spans of the same trace goes to the same trace",
    given: [otelIds("trace", "root", "call")],
    steps: [
      sent([span("call", {}, { parentSpanId: "<root>", startTimeUnixNano: "1767225601900000000" })]),
      sent([span("root")]),
      { send: LIST_TRACES, status: 200, match: { total: 1, content: [{ name: "root", span_count: 2 }] } },
    ],
  },
  {
    name: "a request of OpenTelemetry that is sent again changes nothing",
    ours: "a client sends it again when it has not read the answer; the real server refuses its trace",
    given: [otelIds("trace", "root")],
    steps: [
      sent([span("root", { "input.value": "hi" })]),
      sent([span("root", { "input.value": "hi" })]),
      { send: LIST_TRACES, status: 200, match: { total: 1, content: [{ name: "root", span_count: 1 }] } },
    ],
  },
  {
    name: "without a header spans of OpenTelemetry go to the default project",
    alone: true,
    given: [otelIds("trace", "root")],
    steps: [
      { send: TRACES, body: request([span("root")]), gzip: true, status: 200, text: "" },
      {
        send: "GET /v1/private/traces?project_name=Default%20Project",
        status: 200,
        match: { total: 1, content: [{ name: "root" }] },
      },
    ],
  },
  {
    name: "attributes of GenAI are sorted",
    given: [otelIds("trace", "call")],
    steps: [
      sent([
        span("call", {
          "gen_ai.provider.name": "other",
          "gen_ai.system": "az.ai.openai",
          "gen_ai.request.model": "gpt-4o",
          "gen_ai.response.model": "gpt-4o-mini",
          "gen_ai.request.temperature": 0.5,
          "gen_ai.request.max_tokens": 100,
          "gen_ai.prompt": '[{"role":"user"}]',
          "gen_ai.completion": "yes",
          "gen_ai.response.finish_reasons": ["stop"],
          "gen_ai.usage.input_tokens": 3,
          "gen_ai.usage.output_tokens": "4",
          "gen_ai.usage.cost": 0.25,
          "opik.tags": "a, b",
          "ai.prompt": "unknown names are input",
        }),
      ]),
      spanIs({
        type: "llm",
        model: "gpt-4o-mini",
        provider: "azure",
        input: {
          "gen_ai.prompt": [{ role: "user" }],
          "gen_ai.request.max_tokens": 100,
          "ai.prompt": "unknown names are input",
        },
        output: { "gen_ai.completion": "yes" },
        metadata: {
          provider: "azure",
          integration: "my.instrumentation",
          "gen_ai.request.temperature": 0.5,
          "gen_ai.response.finish_reasons": ["stop"],
        },
        usage: { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 },
        total_estimated_cost: 0.25,
        tags: ["a", "b"],
      }),
    ],
  },
  {
    name: "attributes of OpenInference are put together",
    given: [otelIds("trace", "call")],
    steps: [
      sent([
        span("call", {
          "openinference.span.kind": "LLM",
          "llm.model_name": "claude",
          "llm.system": "aws",
          "llm.token_count.prompt": 3,
          "llm.token_count.prompt_details.cache_read": 2,
          "llm.invocation_parameters": '{"temperature":0}',
          "llm.input_messages.1.message.content": "hi",
          "llm.input_messages.0.message.role": "system",
          "llm.output_messages.0.message.tool_calls.0.tool_call.function.name": "look",
          "input.value": '{"question":"hi"}',
          "input.mime_type": "application/json",
          "output.value": "ho",
          "session.id": "chat",
          "tag.tags": ["a"],
          "llm.cost.total": 0.5,
          metadata: '{"team":"x","thread_id":"other"}',
        }),
      ]),
      spanIs({
        type: "llm",
        model: "claude",
        provider: "bedrock",
        input: {
          question: "hi",
          invocation_parameters: { temperature: 0 },
          messages: [{ role: "system" }, { content: "hi" }],
        },
        output: { value: "ho", messages: [{ tool_calls: [{ function: { name: "look" } }] }] },
        metadata: {
          provider: "bedrock",
          integration: "my.instrumentation",
          "openinference.span.kind": "LLM",
          "input.mime_type": "application/json",
          team: "x",
          thread_id: "chat",
        },
        usage: { prompt_tokens: 3, cache_read_input_tokens: 2 },
        total_estimated_cost: 0.5,
        tags: ["a"],
      }),
      { send: LIST_TRACES, status: 200, match: { total: 1, content: [{ thread_id: "chat", tags: ["a"] }] } },
    ],
  },
  {
    name: "an exception of a span of OpenTelemetry is its error",
    given: [otelIds("trace", "call")],
    steps: [
      sent([
        span(
          "call",
          {},
          {
            status: { code: "STATUS_CODE_ERROR", message: "failed" },
            events: [
              {
                timeUnixNano: "1767225601600000000",
                name: "exception",
                attributes: attributesOf({ "exception.type": "ValueError", "exception.message": "bad" }),
              },
            ],
          },
        ),
      ]),
      spanIs({
        error_info: { exception_type: "ValueError", message: "bad", traceback: "bad" },
        metadata: {
          integration: "my.instrumentation",
          "opentelemetry.events": [
            {
              name: "exception",
              time_unix_nano: 1767225601600000000,
              attributes: { "exception.type": "ValueError", "exception.message": "bad" },
            },
          ],
        },
      }),
      { send: LIST_TRACES, status: 200, match: { content: [{ error_info: { exception_type: "ValueError" } }] } },
    ],
  },
  {
    name: "a status of a span of OpenTelemetry is its error when there is no exception",
    given: [otelIds("trace", "call")],
    steps: [
      sent([span("call", {}, { status: { code: 2, message: " failed " } })], "logfire"),
      {
        send: LIST_SPANS,
        status: 200,
        match: { content: [{ error_info: { exception_type: "Error", message: "failed", traceback: "failed" } }] },
      },
    ],
  },
  {
    name: "a span of OpenTelemetry can be a part of a trace that is there",
    given: [otelIds("trace", "call")],
    steps: [
      {
        send: "POST /v1/private/traces",
        body: { project_name: "<projectname>", name: "agent", start_time: "2026-01-01T00:00:01Z" },
        status: 201,
        remember: { existing: ({ headers }) => headers.location?.split("/").at(-1) ?? "" },
      },
      sent([span("call", { "opik.trace_id": "<existing>" }, { parentSpanId: "AAAAAAAAAAE=" })]),
      spanIs({ trace_id: "<existing>", name: "call" }),
      { send: LIST_TRACES, status: 200, match: { total: 1, content: [{ id: "<existing>", name: "agent" }] } },
    ],
  },
  {
    name: "only protobuf and JSON are taken from OpenTelemetry",
    steps: [
      {
        send: TRACES,
        headers: { "content-type": "text/plain" },
        body: "x",
        status: 415,
        message: "HTTP 415 Unsupported Media Type",
      },
      {
        send: "POST /v1/private/otel/v1/metrics",
        body: {},
        status: 501,
        message: "OpenTelemetry metrics ingestion is not yet supported",
      },
    ],
  },
  {
    name: "a body that is no request of OpenTelemetry is refused",
    ours: "the real server answers 500",
    steps: [
      {
        send: TRACES,
        body: { resourceSpans: {} },
        status: 400,
        message: /^The body is not an ExportTraceServiceRequest: .*resource_spans: expected array/,
      },
      { send: TRACES, body: "{", status: 400, message: /^Unable to process JSON/ },
      {
        send: TRACES,
        headers: { "content-type": "application/x-protobuf" },
        body: "hello world",
        status: 400,
        message: /^The body is not an ExportTraceServiceRequest: /,
      },
      { send: TRACES, body: {}, status: 200, text: "" },
    ],
  },
];
