"""What a user of the SDK keeps besides traces: prompts, environments, datasets, test suites, files, annotation queues.

Exits with 1 when it sees something else, or when the SDK logs a warning. The argument is a folder for files.
"""

import datetime
import json
import pathlib
import sys

import opik
from checks import Warnings, same
from opik.evaluation.metrics import score_result
from opik.evaluation.suite_evaluators.llm_judge import metric as judge

PROJECT = "library-e2e"
folder = pathlib.Path(sys.argv[1])

warnings = Warnings()
client = opik.Opik(project_name=PROJECT)

# Prompts
first = client.create_prompt(name="greet", prompt="Hello {{name}}", metadata={"tone": "warm"})
again = client.create_prompt(name="greet", prompt="Hello {{name}}", metadata={"tone": "warm"})
second = client.create_prompt(name="greet", prompt="Hi {{name}}")
same("an equal prompt is no new version", again.commit, first.commit)
same("formatted", second.format(name="Ada"), "Hi Ada")
same("the latest version", client.get_prompt("greet").prompt, "Hi {{name}}")
same("the first version", client.get_prompt("greet", commit=first.commit).prompt, "Hello {{name}}")
same("history", [prompt.prompt for prompt in client.get_prompt_history("greet")], ["Hi {{name}}", "Hello {{name}}"])
messages = [{"role": "system", "content": "You are {{role}}"}, {"role": "user", "content": "{{question}}"}]
client.create_chat_prompt(name="talk", messages=messages)
chat = client.get_chat_prompt("talk")
same("chat", chat.format({"role": "kind", "question": "why?"})[1]["content"], "why?")
found = client.search_prompts('template_structure = "chat"', project_name=PROJECT)
same("chat prompts", [prompt.name for prompt in found], ["talk"])
same("an unknown prompt", client.get_prompt("nothing"), None)

# Environments
client.create_environment("staging", description="Before production")
same("environments", [environment.name for environment in client.get_environments()], ["staging"])
now = datetime.datetime.now(datetime.timezone.utc)
client.trace(name="deployed", environment="staging", end_time=now)

# Datasets and test suites
dataset = client.create_dataset("letters", description="About letters")
dataset.insert([{"q": "a", "expected": "A"}, {"q": "b", "expected": "B"}])
dataset.insert([{"q": "a", "expected": "A"}, {"q": "c", "expected": "C"}])
same("items are written once", sorted(item["q"] for item in dataset.get_items()), ["a", "b", "c"])
filtered = dataset.get_items(filter_string='data.q = "b"')
same("filtered items", [item["expected"] for item in filtered], ["B"])
dataset.update([{**filtered[0], "expected": "changed"}])
same("a version", len(dataset.get_version_view("v1").get_items()), 2)
dataset.delete([filtered[0]["id"]])
same("after a deletion", sorted(item["q"] for item in client.get_dataset("letters").get_items()), ["a", "c"])


def judged(self, input, output, *arguments, **options):
    """Stands in for the model that judges: what was asked about "b" is wrong."""
    value = 0.0 if '"b"' in json.dumps(output) else 1.0
    return [
        score_result.ScoreResult(name=str(name), value=value, reason="judged", category_name="suite_assertion")
        for name in self.assertions
    ]


for method in ("score", "ascore"):
    setattr(judge.LLMJudge, method, judged)
suite = client.create_test_suite(
    "manners", global_assertions=["is polite"], global_execution_policy={"runs_per_item": 1, "pass_threshold": 1}
)
suite.insert([{"data": {"q": "a"}}, {"data": {"q": "b"}, "assertions": ["is short"]}])
opik.run_tests(
    suite, lambda item: {"input": item, "output": item["q"]}, experiment_name="first", verbose=0, generate_report=False
)
client.flush()
[experiment] = client.get_test_suite_experiments("manners")
data = experiment.get_experiment_data()
same("results of the suite", (data.pass_rate, data.passed_count, data.total_count), (0.5, 1, 2))
same("scores of assertions", {score.name: score.value for score in data.assertion_scores}, {"is polite": 0.5, "is short": 0.0})

# Attachments
note = folder / "note.txt"
note.write_text("Hello, world")
attachment = opik.Attachment(data=str(note), content_type="text/plain")
trace = client.trace(name="with a file", attachments=[attachment], end_time=now)
client.flush()
files = client.get_attachment_client()
[attached] = files.get_attachment_list(project_name=PROJECT, entity_id=trace.id, entity_type="trace")
same("the attachment", (attached.file_name, attached.file_size), ("note.txt", 12))
content = files.download_attachment(
    project_name=PROJECT, entity_type="trace", entity_id=trace.id, file_name="note.txt", mime_type="text/plain"
)
same("its content", b"".join(content), b"Hello, world")

# Annotation queues
client.trace(name="asked", thread_id="talk", input={"question": "why?"}, end_time=now)
client.flush()
[asked] = client.search_traces(project_name=PROJECT, filter_string='name = "asked"')
queue = client.create_traces_annotation_queue(
    name="review", project_name=PROJECT, feedback_definition_names=["quality"], instructions="Be kind"
)
queue.add_traces([asked])
same("items of a queue", [one.id for one in queue.get_items()], [asked.id])
[listed] = client.get_traces_annotation_queues(project_name=PROJECT)
same("queues", (listed.id, listed.name, listed.instructions, listed.items_count), (queue.id, "review", "Be kind", 1))
queue.update(name="reviewed")
same("the queue", client.get_traces_annotation_queue(queue.id).name, "reviewed")
queue.remove_traces([asked])
same("an empty queue", queue.get_items(), [])
[talk] = client.get_threads_client().search_threads(project_name=PROJECT, filter_string='id = "talk"')
thread_queue = client.create_threads_annotation_queue(name="talks", project_name=PROJECT)
thread_queue.add_threads([talk])
same("threads of a queue", [one.id for one in thread_queue.get_items()], ["talk"])
queue.delete()
client.delete_annotation_queue(thread_queue.id)
same("no queues", client.get_threads_annotation_queues(project_name=PROJECT), [])

client.end()
same("warnings", warnings.messages, [])
print("seen")
