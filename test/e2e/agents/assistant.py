"""An agent as its author writes it, with the SDK from PyPI; `opik endpoint` starts it."""

import os
import threading
import time

import opik


@opik.track(entrypoint=True)
def echo(question: str) -> str:
    """Repeats the question."""
    print(f"thinking about {question}")
    return f"ada: {question}"


@opik.track(entrypoint=True)
def fail(reason: str) -> str:
    raise ValueError(reason)


@opik.track(entrypoint=True)
def wait(file: str) -> str:
    """Works until the file exists."""
    while not os.path.exists(file):
        time.sleep(0.02)
    print("done waiting")
    return "waited"


# The SDK's runner does not keep the process alive; real agents have a server in it that does.
threading.Event().wait()
