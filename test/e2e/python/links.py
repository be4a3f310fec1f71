"""Makes the SDK print its links, and prints those that it only returns."""

import inspect

import opik
from opik import url_helpers
from opik.evaluation import evaluate
from opik.evaluation.metrics import Equals

PROJECT = "links"
client = opik.Opik(project_name=PROJECT)


@opik.track(project_name=PROJECT)
def question(text: str) -> str:
    return text.upper()


question("why?")
opik.flush_tracker()
print("project:", client.get_project_url(PROJECT))
dataset = client.get_or_create_dataset("letters")
dataset.insert([{"q": "a", "expected": "A"}])
result = evaluate(
    dataset=dataset,
    task=lambda item: {"output": item["q"].upper(), "reference": item["expected"]},
    scoring_metrics=[Equals()],
    experiment_name="upper case",
    verbose=0,
)
# With a terminal it is the target of "View the results in your Opik dashboard".
arguments = [dataset.id, result.experiment_id, client.config.url_override]
# Links of newer SDKs name the workspace.
if "workspace" in inspect.signature(url_helpers.get_experiment_url_by_id).parameters:
    arguments.append("default")
print("experiment:", url_helpers.get_experiment_url_by_id(*arguments))
client.end()
