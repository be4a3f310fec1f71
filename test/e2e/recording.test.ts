import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { normalizeBody } from "../../src/cli/recording/normalize.ts";
import { startOpikLocal } from "../../src/testing/index.ts";
import { createCaller } from "../support/call.ts";
import {
  createJob,
  type JobView,
  untilJobIs,
  untilLogged,
  untilRegistered,
  untilTraced,
} from "./support/job-client.ts";
import { startRecordingProcess } from "./support/recording-process.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

/** A Python that has the packages of `requirements.txt`. */
const PYTHON = process.env["OPIK_LOCAL_TEST_PYTHON"];
const AGENTS = fileURLToPath(new URL("agents/", import.meta.url));
const PROJECT = { name: "demo", id: "0198c0de-0000-7000-8000-00000000000a" };
const RUNNER = "0198c0de-0000-7000-8000-00000000000b";
const FIXTURE = {
  projects: [PROJECT],
  runners: [{ name: "laptop", id: RUNNER, project: "demo", keep_alive: true }],
};

/** The command that runs an agent. */
type Agent = readonly [command: string, ...files: string[]];

/** Starts an agent of the runner. @returns ends it */
function start([command, ...files]: Agent, url: string): () => Promise<void> {
  const child = spawn(command, files, {
    cwd: AGENTS,
    stdio: "ignore",
    env: {
      ...process.env,
      ...{ OPIK_URL_OVERRIDE: `${url}/api`, OPIK_WORKSPACE: "default", OPIK_PROJECT_NAME: PROJECT.name },
      ...{ OPIK_RUNNER_MODE: "true", OPIK_RUNNER_ID: RUNNER, OPIK_SENTRY_ENABLE: "false", AGENT_NAME: "ada" },
    },
  });
  const exited = once(child, "exit");
  const end = async (): Promise<void> => {
    child.kill("SIGKILL");
    await exited;
  };
  onTestFinished(end);
  return end;
}

/** What a user does with the agent. @returns what the user has seen, without ids and times */
async function work(url: string, agent: Agent): Promise<string[]> {
  const call = createCaller(url);
  const end = start(agent, url);
  await untilRegistered(call, RUNNER, "echo");
  const answered = await createJob(call, PROJECT.id, "echo", { question: "why?" });
  const job = await untilJobIs(call, answered, "completed", "failed");
  await untilLogged(call, answered, "thinking about why?");
  const trace = await untilTraced(call, job);
  const failed = await createJob(call, PROJECT.id, "fail", { reason: "no more tea" });
  const failure: JobView = await untilJobIs(call, failed, "completed", "failed");
  const failedTrace = await untilTraced(call, failure);
  await end();
  return [job, trace, failure, failedTrace].map((seen) => normalizeBody(JSON.stringify(seen)).text);
}

/** Records an agent and its user in front of a server of ours, and lets both meet the recording. */
async function recordAndReplay(agent: Agent): Promise<void> {
  const file = join(temporaryFolder(), "run.yaml");
  await using opik = await startOpikLocal({ fixtures: FIXTURE, clock: "system" });
  const recorder = await startRecordingProcess("record", "--upstream", opik.url, "--out", file);
  const recorded = await work(recorder.url, agent);
  expect(await recorder.interrupt()).toMatchObject({ code: 0 });
  await opik.stop();

  const replayer = await startRecordingProcess("replay", file, "--fail-on", "unmatched");
  expect(await work(replayer.url, agent)).toEqual(recorded);
  expect(await replayer.interrupt()).toEqual({ code: 0, complaints: "" });
}

test("an agent with the SDK from npm and its user meet their recording", () =>
  recordAndReplay([process.execPath, "assistant.ts"]));

test.skipIf(!PYTHON)("an agent with the SDK from PyPI and its user, too (OPIK_LOCAL_TEST_PYTHON)", () =>
  recordAndReplay([PYTHON ?? "", "launch.py", "assistant.py"]),
);
