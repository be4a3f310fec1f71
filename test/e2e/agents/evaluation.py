"""Evaluates a task and reads the experiment back; prints what it read as JSON on stdout, and warnings on stderr."""

import json
import logging
import sys

import opik
from opik.evaluation import evaluate
from opik.evaluation.metrics import Equals

logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
client = opik.Opik(host=f"{sys.argv[1]}/api", project_name="evaluation")
dataset = client.get_or_create_dataset("letters", description="About letters")
dataset.insert([{"q": "a", "expected": "A"}, {"q": "b", "expected": "no"}])
dataset.insert([{"q": "a", "expected": "A"}])


def task(item):
    return {"output": item["q"].upper(), "reference": item["expected"]}


result = evaluate(
    dataset=dataset,
    task=task,
    scoring_metrics=[Equals()],
    experiment_name="upper case",
    experiment_config={"model": "none"},
    verbose=0,
)
opik.flush_tracker()
client.flush()
experiment = client.get_experiment_by_id(result.experiment_id)
data = experiment.get_experiment_data()
print(
    json.dumps(
        {
            "name": data.name,
            "dataset": data.dataset_name,
            "traces": data.trace_count,
            "model": data.metadata["model"],
            "version": data.dataset_version_summary.version_name,
            "scores": [[score.name, score.value] for score in data.feedback_scores],
            "items": sorted(
                [item.dataset_item_data["q"], item.evaluation_task_output["output"], item.feedback_scores[0]["value"]]
                for item in experiment.get_items()
            ),
            "experiments": [one.name for one in client.get_dataset_experiments("letters")],
        }
    )
)
client.end()
