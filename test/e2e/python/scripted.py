"""A client with the SDKs from PyPI, of Opik and of Strait, whose agents, files and executors are scripts of a fixture.

Prints, as one line of JSON, what it sees of two jobs, of bridge commands and of a run.
"""

import json
import os
import time

import opik
from strait import AuthMode, AuthType, Client

PATIENCE_SECONDS = 30
ENDED = {"completed", "failed", "cancelled"}

client = opik.Opik(project_name="demo")
rest = client.rest_client
project_id = rest.projects.retrieve_project(name="demo").id
runners = {runner.name: runner.id for runner in rest.runners.list_runners(project_id=project_id).content}


def until(read, is_so):
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        found = read()
        if is_so(found):
            return found
        time.sleep(0.05)
    raise TimeoutError(str(found))


def run_job(question: str) -> dict:
    """Submits a job, and reads what becomes of it."""
    created = rest.runners.with_raw_response.create_job(
        agent_name="support", project_id=project_id, inputs={"question": question}
    )
    job_id = created.headers["location"].rsplit("/", 1)[-1]
    job = until(lambda: rest.runners.get_job(job_id), lambda job: job.status in ENDED)
    seen = {
        "status": job.status,
        "result": job.result,
        "error": job.error,
        "logs": [[entry.stream, entry.text] for entry in rest.runners.get_job_logs(job_id)],
    }
    if job.trace_id is not None:
        trace = client.get_trace_content(job.trace_id)
        spans = client.search_spans(project_name="demo", trace_id=job.trace_id)
        seen["trace"] = {"name": trace.name, "input": trace.input, "output": trace.output, "tags": trace.tags}
        seen["spans"] = sorted([span.name, span.type, span.model] for span in spans)
    return seen


def run_command(type: str, **args) -> dict:
    """Submits a bridge command, and waits for its result."""
    command = rest.runners.create_bridge_command(runners["editor"], type=type, args=args)
    ended = rest.runners.get_bridge_command(runners["editor"], command.command_id, wait=True, timeout=PATIENCE_SECONDS)
    return {"status": ended.status, "result": ended.result, "error": ended.error}


def run_release() -> dict:
    """Triggers a run, sends the event that it waits for, and reads what becomes of it."""
    owner = Client(base_url=os.environ["OPIK_URL_OVERRIDE"].removesuffix("/api"), auth=AuthMode(AuthType.API_KEY, "any"))
    job = owner.jobs.list()["data"][0]
    run_id = owner.jobs.trigger(job["id"], {"payload": {"version": "1.4.2"}})["id"]
    until(lambda: owner.runs.get(run_id), lambda run: run["status"] == "waiting")
    owner.event_triggers.send_event("approve-1.4.2", {"payload": {"by": "ada"}})
    run = until(lambda: owner.runs.get(run_id), lambda run: run["status"] not in ("waiting", "executing", "queued"))
    messages = [event["message"] for event in owner.runs.list_events(run_id)["data"]]
    owner.close()
    return {"status": run["status"], "result": run["result"], "attempt": run["attempt"], "messages": messages}


print(
    json.dumps(
        {
            "jobs": [run_job("first"), run_job("refund please")],
            "commands": [
                run_command("ReadFile", path="src/app.py"),
                run_command("EditFile", path="src/app.py", edits=[{"old_string": "1", "new_string": "2"}]),
                run_command("SearchFiles", pattern="print"),
                run_command("Exec", command="npm test"),
                run_command("ReadFile", path="absent"),
            ],
            "run": run_release(),
        }
    )
)
