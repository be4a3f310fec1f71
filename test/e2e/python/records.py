"""What a user of the SDK sees of searches, scores, comments and threads. Exits with 1 when it sees something else."""

import opik
from checks import Warnings, same
from opik import opik_context

PROJECT = "records-e2e"

warnings = Warnings()
client = opik.Opik(project_name=PROJECT)


@opik.track(project_name=PROJECT, type="llm")
def ask(question: str) -> str:
    opik_context.update_current_span(
        model="gpt-4o", provider="openai", usage={"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7}
    )
    return f"answer to {question}"


@opik.track(project_name=PROJECT)
def agent(question: str, thread: str, tags: list[str]) -> str:
    opik_context.update_current_trace(
        thread_id=thread, tags=tags, metadata={"topic": {"name": question}, "length": len(question)}
    )
    opik_context.update_current_trace(
        feedback_scores=[{"name": "quality", "value": len(question) / 10, "reason": "measured"}]
    )
    return ask(question)


def names(traces: list) -> list[str]:
    return sorted(trace.input["question"] for trace in traces)


def search(filter_string: str) -> list[str]:
    return names(client.search_traces(project_name=PROJECT, filter_string=filter_string))


agent("rain", "weather", ["red"])
agent("snow?", "weather", ["blue", "cold"])
agent("lunch", "food", ["red"])
opik.flush_tracker()
client.flush()

same("all traces", names(client.search_traces(project_name=PROJECT)), ["lunch", "rain", "snow?"])
for filter_string, expected in {
    'name = "agent"': ["lunch", "rain", "snow?"],
    'input contains "SNOW"': ["snow?"],
    'tags contains "red"': ["lunch", "rain"],
    'metadata.length > 4': ["lunch", "snow?"],
    'metadata."topic.name" = "rain"': ["rain"],
    'thread_id = "weather"': ["rain", "snow?"],
    "usage.total_tokens >= 7": ["lunch", "rain", "snow?"],
    "usage.total_tokens > 7": [],
    "feedback_scores.quality > 0.4": ["lunch", "snow?"],
    "feedback_scores.nothing is_empty": ["lunch", "rain", "snow?"],
    'start_time > "2020-01-01T00:00:00Z" AND tags contains "cold"': ["snow?"],
    "error_info is_not_empty": [],
}.items():
    same(filter_string, search(filter_string), expected)

[rain] = client.search_traces(project_name=PROJECT, filter_string='input contains "rain"', truncate=False)
same("scores", [(score.name, score.value, score.reason) for score in rain.feedback_scores], [("quality", 0.4, "measured")])
same("usage", rain.usage["total_tokens"], 7)
spans = client.search_spans(project_name=PROJECT, trace_id=rain.id, filter_string='type = "llm" AND model = "gpt-4o"')
same("spans", [span.name for span in spans], ["ask"])

client.log_spans_feedback_scores([{"id": spans[0].id, "name": "speed", "value": 1.0}], project_name=PROJECT)
client.log_traces_feedback_scores([{"id": rain.id, "name": "quality", "value": 0.9}], project_name=PROJECT)
client.flush()
content = client.get_trace_content(rain.id)
same("the last score counts", [score.value for score in content.feedback_scores], [0.9])
same("scores of spans", [(score.name, score.value) for score in content.span_feedback_scores], [("speed", 1.0)])
same("the score of the span", [score.value for score in client.get_span_content(spans[0].id).feedback_scores], [1.0])
client.delete_trace_feedback_score(rain.id, "quality")
same("without scores", client.get_trace_content(rain.id).feedback_scores, None)

client.rest_client.traces.add_trace_comment(id_=rain.id, text="look at this")
same("comments", [comment.text for comment in client.get_trace_content(rain.id).comments], ["look at this"])

threads = client.get_threads_client()
found = threads.search_threads(project_name=PROJECT, filter_string='status = "active"')
same("threads", sorted(thread.id for thread in found), ["food", "weather"])
[weather] = threads.search_threads(project_name=PROJECT, filter_string='id = "weather"')
same("messages", (weather.number_of_messages, weather.first_message["question"]), (4, "rain"))
threads.log_threads_feedback_scores(
    scores=[{"id": "weather", "name": "helpful", "value": 0.85}], project_name=PROJECT
)
client.flush()
helpful = threads.search_threads(project_name=PROJECT, filter_string="feedback_scores.helpful = 0.85")
same("threads by score", [thread.id for thread in helpful], ["weather"])

client.rest_client.traces.delete_traces(ids=[rain.id])
same("after a deletion", search('name = "agent"'), ["lunch", "snow?"])
client.end()
same("warnings", warnings.messages, [])
