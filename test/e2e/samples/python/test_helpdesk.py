"""Tests of the agents of helpdesk.py: `npx opik-local exec --clock virtual -- pytest`, and no sleep."""
import json
import os

import opik
import pytest

FIXTURE = {
    "projects": [{"name": "helpdesk"}],
    "runners": [{"name": "desk", "project": "helpdesk", "keep_alive": True}],
}


@pytest.fixture(scope="session")
def opik_local_keeps_runners():
    return True


@pytest.fixture(scope="session", autouse=True)
def agent(opik_local_server):
    opik_local_server.seed(FIXTURE)
    os.environ.update(opik_local_server.runner_environment("desk"))
    import helpdesk

    opik_local_server.wait_until_registered("desk", "approve")
    return helpdesk


def run(opik_local, agent_name, **inputs):
    """Submits a job, and waits until it is completed."""
    return opik_local.wait(job=opik_local.run(agent_name, inputs), status="completed")["job"]


def traces(opik_local):
    opik.flush_tracker()
    return opik_local.call("GET", "/v1/private/traces", project_name="helpdesk")[0]["content"]


@pytest.mark.parametrize("question", ["why?", "", "Où est mon colis ? 📦", "a line\nand another"])
def test_answers(opik_local, question):
    reply = f'About "{question}": we will help you.'
    assert run(opik_local, "answer", question=question)["result"] == {"reply": reply, "length": len(question)}


@pytest.mark.parametrize(
    ("inputs", "amount"), [({"order": "A-1"}, 40), ({"order": "A-2", "share": 0.5}, 125), ({"order": "A-1", "share": "0.25"}, 10)]
)
def test_pays_back(opik_local, inputs, amount):
    assert run(opik_local, "refund", **inputs)["result"] == {"result": amount}


@pytest.mark.parametrize(
    ("inputs", "error"),
    [
        ({"order": "A-9"}, "UnknownOrderError: There is no order A-9"),
        ({"order": "A-1", "share": 2}, "ValueError: A share of 2.0 cannot be paid back"),
    ],
)
def test_fails(opik_local, inputs, error):
    job = opik_local.run("refund", inputs)
    assert opik_local.wait(job=job, status="failed")["job"]["error"] == error


def test_answers_several_jobs_at_once_each_its_own(opik_local):
    questions = ["one", "two", "three", "four", "five"]
    jobs = [opik_local.run("answer", {"question": question}) for question in questions]
    results = [opik_local.wait(job=job, status="completed")["job"]["result"]["length"] for job in jobs]
    assert results == [len(question) for question in questions]


def test_begins_with_no_job_of_another_test(opik_local):
    assert set(opik_local.state()["jobs"].values()) == {0}
    run(opik_local, "answer", question="first?")
    assert opik_local.state()["jobs"]["completed"] == 1


def test_a_job_that_is_cancelled_while_it_runs_stays_so(opik_local, agent):
    job = opik_local.run("approve", {"order": "A-2"})
    opik_local.wait_for_log(job, "Waiting for an approval")
    opik_local.cancel(job)
    agent.approvals.decide("A-2", "no")
    opik_local.wait_for_requests(operation="reportJobResult", body_json={"status": "completed"})
    assert opik_local.job(job)["status"] == "cancelled"


def test_what_the_agent_prints_is_in_the_log(opik_local):
    job = run(opik_local, "answer", question="why?")["id"]
    opik_local.wait_for_log(job, "Question: why?")
    assert opik_local.logs(job) == "Question: why?"


def test_a_job_that_fails_has_logged_up_to_then(opik_local):
    job = opik_local.run("refund", {"order": "A-2", "share": -1})
    opik_local.wait(job=job, status="failed")
    opik_local.wait_for_log(job, "found A-2: desk")


def test_a_job_has_a_trace(opik_local):
    job = run(opik_local, "answer", question="why?")
    [trace] = traces(opik_local)
    assert (trace["id"], trace["name"], trace["input"]) == (job["trace_id"], "answer", {"question": "why?"})


def test_traced_functions_are_its_spans_with_their_usage(opik_local):
    run(opik_local, "answer", question="why?")
    traces(opik_local)
    spans = opik_local.call("GET", "/v1/private/spans", project_name="helpdesk")[0]["content"]
    assert {span["name"] for span in spans} == {"answer", "ask_model"}
    [usage] = [span["usage"] for span in spans if span["type"] == "llm"]
    assert usage["total_tokens"] == 20


def test_a_job_that_fails_leaves_its_error_in_the_trace(opik_local):
    job = opik_local.run("refund", {"order": "A-9"})
    opik_local.wait(job=job, status="failed")
    [trace] = traces(opik_local)
    assert trace["error_info"]["exception_type"] == "UnknownOrderError"


def test_the_agent_reports_that_it_runs_then_its_result(opik_local):
    job = run(opik_local, "answer", question="why?")["id"]
    reports = opik_local.wait_for_requests(2, path=f"/v1/private/local-runners/jobs/{job}/results")
    assert [json.loads(report["body"]["text"])["status"] for report in reports] == ["running", "completed"]


def test_it_sends_nothing_that_the_server_does_not_know(opik_local):
    run(opik_local, "refund", order="A-1")
    traces(opik_local)
    assert opik_local.requests(matched=False) == []


def test_logs_that_are_refused_cost_no_result(opik_local):
    opik_local.add_fault(operation="appendJobLogs", status=400)
    job = run(opik_local, "refund", order="A-1")
    opik_local.wait_for_requests(operation="appendJobLogs", status=400)
    assert (job["result"], opik_local.logs(job["id"])) == ({"result": 40}, "")


def test_a_job_that_waits_for_a_person_too_long_is_timed_out(opik_local, agent):
    job = opik_local.run("approve", {"order": "A-5"})
    opik_local.wait_for_log(job, "Waiting for an approval")
    opik_local.advance("31m")
    assert opik_local.job(job)["status"] == "failed"
    agent.approvals.decide("A-5", "yes")
    opik_local.wait_for_requests(operation="reportJobResult", body_json={"status": "completed"})
    assert opik_local.job(job)["status"] == "failed"


def test_the_agent_goes_on_when_its_poll_has_timed_out(opik_local):
    assert opik_local.advance("31s", settle=True)
    run(opik_local, "answer", question="still there?")


@pytest.mark.parametrize("number", range(2))
def test_a_workspace_has_the_traces_of_its_test_alone(opik_workspace, number):
    @opik.track(project_name="mine")
    def double(value):
        return 2 * value

    assert double(number) == 2 * number
    opik.flush_tracker()
    found = opik_workspace.call("GET", "/v1/private/traces", project_name="mine")[0]["content"]
    assert [trace["input"] for trace in found] == [{"value": number}]
