"""Traces an agent while its server goes away and comes back: each line on the standard input lets it go on.

Prints a line after each step; the last one is the warnings of the SDK, as JSON.
"""

import json
import sys

import opik
from checks import Warnings
from opik import opik_context

warnings = Warnings()


@opik.track(type="llm")
def call(question: str) -> str:
    opik_context.update_current_span(usage={"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7})
    return question.upper()


@opik.track
def agent(question: str) -> str:
    opik_context.update_current_trace(feedback_scores=[{"name": "quality", "value": 0.5}])
    return call(question)


def step(name: str) -> None:
    print(name, flush=True)
    sys.stdin.readline()


agent("before")
opik.flush_tracker()
step("sent")
agent("first lost")
agent("second lost")
opik.flush_tracker()
step("kept")
agent("after")
step("going on")
opik.flush_tracker()
print(json.dumps(warnings.messages), flush=True)
