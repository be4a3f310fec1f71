"""Sends an agent's span with a call of a model that fails, as a user of OpenTelemetry's SDK does."""

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

provider = TracerProvider()
provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
trace.set_tracer_provider(provider)
tracer = trace.get_tracer("my-agent")

with tracer.start_as_current_span("agent") as agent:
    agent.set_attribute("input.value", "hi")
    agent.set_attribute("gen_ai.conversation.id", "chat")
    agent.set_attribute("opik.tags", ["e2e"])
    try:
        with tracer.start_as_current_span("call") as call:
            call.set_attribute("gen_ai.system", "openai")
            call.set_attribute("gen_ai.request.model", "gpt-4o")
            call.set_attribute("gen_ai.usage.input_tokens", 3)
            call.set_attribute("gen_ai.usage.output_tokens", 4)
            call.set_attribute("gen_ai.completion", '{"role":"assistant"}')
            raise TypeError("no answer")
    except TypeError:
        pass

provider.shutdown()
