"""Runs the file of an agent as `python FILE` does, except that the SDK polls for jobs only when it can execute them.

The SDK (2.0.0 to 2.2.122) starts the thread that polls before its event loop exists, and drops a job that it fetches
before: the job stays `running`. That happens now and then on a busy machine.
"""

import runpy
import sys
import time

from opik.runner.in_process_loop import InProcessRunnerLoop

poll = InProcessRunnerLoop._poll_loop


def poll_when_ready(runner: InProcessRunnerLoop) -> None:
    while runner._loop is None:
        time.sleep(0.01)
    poll(runner)


InProcessRunnerLoop._poll_loop = poll_when_ready
del sys.argv[0]
runpy.run_path(sys.argv[0], run_name="__main__")
