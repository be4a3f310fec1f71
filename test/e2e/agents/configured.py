"""An agent whose words are a configuration and a prompt on the server. It prints the warnings of the SDK."""

import pathlib
import sys
import threading

sys.path.append(str(pathlib.Path(__file__).parent.parent / "python"))

import opik
from checks import Warnings

Warnings()
client = opik.Opik()


class Manners(opik.Config):
    greeting: str
    times: int


@opik.track(entrypoint=True)
def greet(name: str) -> str:
    """Greets as the configuration and the prompt say."""
    manners = client.get_or_create_config(fallback=Manners(greeting="Fallback", times=1))
    farewell = client.get_prompt("farewell").format(name=name)
    return f"{manners.greeting * manners.times}, {name}. {farewell}"


threading.Event().wait()
