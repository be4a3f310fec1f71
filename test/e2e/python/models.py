"""What a user sees of calls of a model through the integrations for OpenAI and LangChain.

The argument is the base URL of the model. Exits with 1 for an unexpected value, or when the SDK logs a warning.
"""

import sys

import openai
import opik
from checks import Warnings, same
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_openai import ChatOpenAI
from opik.integrations.langchain import OpikTracer
from opik.integrations.openai import track_openai

PROJECT = "models-e2e"
MODEL = "gpt-4o"
USAGE = {"prompt_tokens": 1000, "completion_tokens": 500, "total_tokens": 1500}
# 1,000 tokens in and 500 out at the public price of the model.
COST = 0.0075

warnings = Warnings()
client = opik.Opik(project_name=PROJECT)
model = track_openai(openai.OpenAI(base_url=sys.argv[1], api_key="none"), project_name=PROJECT, provider="openai")


def ask(text: str, **options):
    return model.chat.completions.create(model=MODEL, messages=[{"role": "user", "content": text}], **options)


@opik.track(project_name=PROJECT)
def agent(question: str) -> str:
    return ask(question).choices[0].message.content


def read(trace_name: str):
    """The one trace of the name, and its only span that calls a model."""
    [trace] = client.search_traces(project_name=PROJECT, filter_string=f'name = "{trace_name}"')
    [span] = client.search_spans(project_name=PROJECT, trace_id=trace.id, filter_string='type = "llm"')
    return trace, span


def same_call(what: str, trace, span) -> None:
    same(what, (span.model, span.provider), (MODEL, "openai"))
    same(f"{what}: usage", {name: span.usage[name] for name in USAGE}, USAGE)
    same(f"{what}: cost", (span.total_estimated_cost, trace.total_estimated_cost), (COST, COST))


same("answer", agent("why?"), "Echo: why?")
parts = ask("stream, please", stream=True, stream_options={"include_usage": True})
same("streamed", "".join(part.choices[0].delta.content or "" for part in parts if part.choices), "Echo: stream, please")
try:
    model.chat.completions.create(model="no-such-model", messages=[{"role": "user", "content": "hello?"}])
    sys.exit("a model that does not exist has answered")
except openai.NotFoundError:
    pass

tracer = OpikTracer(project_name=PROJECT, tags=["chained"], metadata={"chain": "short"})
prompt = ChatPromptTemplate.from_messages([("system", "Be brief"), ("user", "{question}")])
chain = prompt | ChatOpenAI(model=MODEL, base_url=sys.argv[1], api_key="none") | StrOutputParser()
same("the chain", chain.invoke({"question": "how?"}, config={"callbacks": [tracer]}), "Echo: how?")
tracer.flush()
client.flush()
opik.flush_tracker()

trace, span = read("agent")
same_call("OpenAI", trace, span)
same("the root", trace.output, {"output": "Echo: why?"})
same("messages", span.input["messages"], [{"role": "user", "content": "why?"}])
same("choice", span.output["choices"][0]["message"]["content"], "Echo: why?")

trace, span = read("chat_completion_stream")
same_call("a stream", trace, span)
same("the whole stream", span.output["choices"][0]["message"]["content"], "Echo: stream, please")

trace, span = read("chat_completion_create")
same("a failed call", [one.error_info.exception_type for one in (trace, span)], ["NotFoundError"] * 2)
failed = client.search_traces(project_name=PROJECT, filter_string="error_info is_not_empty")
same("traces with errors", [one.id for one in failed], [trace.id])

trace, span = read("RunnableSequence")
same_call("LangChain", trace, span)
same("the chain's input and tags", (trace.input, trace.tags), ({"question": "how?"}, ["chained"]))
same("the chain's metadata", (trace.metadata["chain"], trace.metadata["providers"]), ("short", ["openai"]))
names = {one.name for one in client.search_spans(project_name=PROJECT, trace_id=trace.id)}
same("the chain's steps", {"ChatPromptTemplate", "ChatOpenAI", "StrOutputParser"} - names, set())

client.end()
same("warnings", warnings.messages, [])
