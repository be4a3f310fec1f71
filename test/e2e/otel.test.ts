import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { context, diag, DiagLogLevel, propagation, SpanStatusCode, trace } from "@opentelemetry/api";
import { OTLPTraceExporter as JsonExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { OTLPTraceExporter as ProtobufExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { BatchSpanProcessor, NodeTracerProvider, type SpanExporter } from "@opentelemetry/sdk-trace-node";
import { Opik } from "opik";
import { describe, expect, test } from "vitest";
import { createOpikLocal } from "../../src/server.ts";
import { PYTHON } from "./support/python-environment.ts";

/*
 * What a user of OpenTelemetry's SDKs sees, for Node and for Python.
 */

const PROJECT = "otel-e2e";
const HEADERS = { projectName: PROJECT, "Comet-Workspace": "default" };

const SCRIPT = fileURLToPath(new URL("python/otel.py", import.meta.url));

/** Makes a span of an agent with a call of a model that fails at the end, and sends both. */
async function traceAgent(exporter: SpanExporter): Promise<void> {
  const provider = new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] });
  provider.register();
  try {
    trace.getTracer("my-agent").startActiveSpan("agent", (agent) => {
      agent.setAttributes({ "input.value": "hi", "gen_ai.conversation.id": "chat", "opik.tags": ["e2e"] });
      trace.getTracer("my-agent").startActiveSpan("call", (call) => {
        call.setAttributes({
          "gen_ai.system": "openai",
          "gen_ai.request.model": "gpt-4o",
          "gen_ai.usage.input_tokens": 3,
          "gen_ai.usage.output_tokens": 4,
          "gen_ai.completion": '{"role":"assistant"}',
        });
        call.recordException(new TypeError("no answer"));
        call.setStatus({ code: SpanStatusCode.ERROR });
        call.end();
      });
      agent.end();
    });
    await provider.forceFlush();
  } finally {
    await provider.shutdown();
    for (const api of [trace, context, propagation]) api.disable();
  }
}

/** The records that every exporter must produce. */
async function expectAgent(client: Opik): Promise<void> {
  const [agent] = await client.searchTraces({ projectName: PROJECT });
  expect(agent).toMatchObject({
    name: "agent",
    input: { "input.value": "hi" },
    metadata: { providers: ["openai"], integration: "my-agent", thread_id: "chat" },
    threadId: "chat",
    tags: ["e2e"],
    usage: { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 },
    spanCount: 2,
    llmSpanCount: 1,
  });
  const [call] = await client.searchSpans({ projectName: PROJECT, filterString: 'type = "llm"' });
  expect(call).toMatchObject({
    traceId: agent?.id,
    name: "call",
    model: "gpt-4o",
    provider: "openai",
    output: { "gen_ai.completion": { role: "assistant" } },
    errorInfo: { exceptionType: "TypeError", message: "no answer" },
  });
}

const EXPORTERS = { protobuf: ProtobufExporter, JSON: JsonExporter };

test.for(Object.entries(EXPORTERS))("the SDK for Node sends spans as %s", async ([, Exporter]) => {
  await using server = createOpikLocal({ config: { database: ":memory:", port: 0 } });
  const url = await server.listen();
  const problems: unknown[] = [];
  const report = (...words: unknown[]): void => void problems.push(words);
  const quiet = (): void => {};
  diag.setLogger({ error: report, warn: report, info: quiet, debug: quiet, verbose: quiet }, DiagLogLevel.WARN);
  await traceAgent(new Exporter({ url: `${url}/api/v1/private/otel/v1/traces`, headers: HEADERS }));
  diag.disable();
  await expectAgent(new Opik({ apiUrl: `${url}/api`, workspaceName: "default" }));
  expect(problems).toEqual([]);
});

describe.skipIf(!PYTHON)("the SDK for Python (OPIK_LOCAL_TEST_PYTHON)", () => {
  test.for(["none", "gzip"])("sends spans with the compression %s", async (compression) => {
    await using server = createOpikLocal({ config: { database: ":memory:", port: 0 } });
    const url = await server.listen();
    const { stderr } = await promisify(execFile)(PYTHON!, [SCRIPT], {
      env: {
        ...process.env,
        OTEL_EXPORTER_OTLP_ENDPOINT: `${url}/api/v1/private/otel`,
        OTEL_EXPORTER_OTLP_HEADERS: `Comet-Workspace=default,projectName=${PROJECT}`,
        OTEL_EXPORTER_OTLP_COMPRESSION: compression,
      },
    });
    expect(stderr).toBe("");
    await expectAgent(new Opik({ apiUrl: `${url}/api`, workspaceName: "default" }));
  });
});
