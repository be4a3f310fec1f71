"""Makes the SDK print its links, and prints those that it only returns."""

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
print("experiment:", url_helpers.get_experiment_url_by_id(dataset.id, result.experiment_id, client.config.url_override))
client.end()
