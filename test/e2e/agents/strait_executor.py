"""An executor with Strait's SDK from PyPI, and a client of its owner.

Makes two jobs that are pushed here, triggers the first and sends the event that it waits for. Prints, as one line of
JSON, what has become of the runs.
"""

import asyncio
import json
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from strait import AsyncClient, AuthMode, AuthType, Client
from strait.authoring._run_context_client import create_run_context

SERVER = sys.argv[1]
EVENT = "tea-is-ready"
PATIENCE_SECONDS = 30


async def brew(run, ctx):
    """The first push of the first job: reports everything there is to report, and waits."""
    payload = await run.sdk_runs.get_payload(ctx.run_id)
    await run.sdk_runs.log_run(ctx.run_id, {"level": "info", "message": f"brewing {payload['tea']}"})
    await ctx.report_progress(50, "half way")
    await ctx.checkpoint({"step": "brewing"})
    await ctx.state.set("cups", 2)
    await ctx.state.set("gone", True)
    await ctx.state.delete("gone")
    await ctx.heartbeat()
    await ctx.annotate({"leaf": "oolong"})
    await ctx.stream_chunk("drip", stream_id="kettle", done=True)
    await ctx.save_output("pot", {"full": True}, {"type": "object"})
    await ctx.spawn("wash", "default", {"cups": 2})
    await ctx.wait_for_event(EVENT, 60)


async def serve(ctx, event):
    """The push after the event."""
    cups = await ctx.state.get("cups")
    await ctx.continue_run({"tea": "second pot"})
    await ctx.complete({"served": event, "cups": cups["value"], "states": len(await ctx.state.list())})


async def execute(headers, path):
    """What a push asks for; its answer is not the run's result, because the run has ended or waits."""
    run = AsyncClient(base_url=SERVER, auth=AuthMode(AuthType.RUN_TOKEN, headers["X-Run-Token"]))
    try:
        ctx = create_run_context(run.sdk_runs, headers["X-Run-ID"], int(headers["X-Attempt"]))
        if path == "/wash":
            await ctx.fail("no water")
            return
        payload = await run.sdk_runs.get_payload(ctx.run_id)
        if payload["tea"] == "second pot":
            await ctx.complete({"tea": payload["tea"]})
        elif json.loads(headers.get("X-Last-Checkpoint", "{}")).get("poured"):
            await serve(ctx, json.loads(headers["X-Last-Checkpoint"]))
        else:
            await brew(run, ctx)
    finally:
        await run.close()


class Endpoint(BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        asyncio.run(execute(self.headers, self.path))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def until(client, run_id, *statuses):
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        run = client.runs.get(run_id)
        if run["status"] in statuses:
            return run
        time.sleep(0.05)
    raise TimeoutError(f"{run_id} is {client.runs.get(run_id)}")


def main():
    endpoint = ThreadingHTTPServer(("127.0.0.1", 0), Endpoint)
    threading.Thread(target=endpoint.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{endpoint.server_port}"
    client = Client(base_url=SERVER, auth=AuthMode(AuthType.API_KEY, "any"))
    jobs = {
        slug: client.jobs.create(
            {"name": slug, "slug": slug, "project_id": "default", "endpoint_url": f"{address}/{slug}"}
        )
        for slug in ("wash", "brew")
    }
    run_id = client.jobs.trigger(jobs["brew"]["id"], {"payload": {"tea": "oolong"}})["id"]
    until(client, run_id, "waiting")
    client.event_triggers.send_event(EVENT, {"payload": {"poured": True}})
    run = until(client, run_id, "completed", "failed", "dead_letter")
    child = client.runs.get_children(run_id)["data"][0]
    lineage = client.runs.get_lineage(run_id)["data"]
    report = {
        "run": run,
        "events": [[event["type"], event["message"]] for event in client.runs.list_events(run_id)["data"]],
        "checkpoints": [item["state"] for item in client.runs.list_checkpoints(run_id)["data"]],
        "outputs": [[item["output_key"], item["value"]] for item in client.runs.list_outputs(run_id)["data"]],
        "child": until(client, child["id"], "failed", "completed", "dead_letter"),
        "continuation": until(client, lineage[-1]["id"], "completed", "failed", "dead_letter"),
    }
    client.close()
    print(json.dumps(report))


main()
