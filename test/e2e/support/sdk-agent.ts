import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import type { UserInput } from "../../../src/fixtures/format/input/users.ts";
import { startOpikLocal, type TestServer } from "../../../src/testing/index.ts";
import { createCaller } from "../../support/call.ts";
import { pairRunner } from "../../support/pairing.ts";
import { PYTHON, pythonEnvironment } from "./python-environment.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const AGENTS = fileURLToPath(new URL("../agents/", import.meta.url));

/** The SDKs that agents can be written with. */
export const SDKS = ["npm", ...(PYTHON === undefined ? [] : ["PyPI" as const])] as const;
export type Sdk = "npm" | "PyPI";

/** A server in this process, and an agent of `agents/assistant` in another one. */
export interface SdkAgent {
  opik: TestServer;
  runnerId: string;
  /** What the agent has printed so far. */
  printed(): string;
  /** Whether its process still runs. */
  isAlive(): boolean;
  /** Submits a job. @returns its id */
  submit(agent: string, inputs: object): string;
}

export interface SdkAgentOptions {
  /** Default: real time. */
  clock?: "system" | "virtual";
  /** Whether the runner counts as connected without heartbeats; default `true`. */
  keepAlive?: boolean;
  /** Scripted users, as in fixtures. */
  users?: UserInput[];
  /** That of the test, when others run at the same time. */
  onFinished?: typeof onTestFinished;
}

/** The start of an agent before. */
let before: Promise<unknown> = Promise.resolve();

/**
 * Starts a server and an agent of its runner. Tests that run at the same time start theirs one after another, because an
 * SDK takes seconds of processor time until it is loaded.
 */
export function startSdkAgent(sdk: Sdk, options: SdkAgentOptions = {}): Promise<SdkAgent> {
  const agent = before.then(() => start(sdk, options));
  before = agent.catch(() => {});
  return agent;
}

async function start(
  sdk: Sdk,
  { clock = "system", keepAlive = true, users = [], onFinished = onTestFinished }: SdkAgentOptions,
): Promise<SdkAgent> {
  const runner = { name: "laptop", project: "demo", keep_alive: true };
  const fixtures = { projects: [{ name: "demo" }], runners: keepAlive ? [runner] : [], users };
  const opik = await startOpikLocal({ clock, fixtures });
  onFinished(() => opik.stop());
  if (!keepAlive) {
    const call = createCaller(opik.url);
    const found = await call("POST", "/v1/private/projects/retrieve", { body: { name: "demo" } });
    await pairRunner(call, { projectId: (found.json as { id: string }).id });
  }
  const runnerId = opik.runners.get("laptop")?.id ?? "";
  const child = spawnAgent(sdk, opik, runnerId, temporaryFolder(onFinished));
  let printed = "";
  const exited = once(child, "exit");
  for (const output of [child.stdout, child.stderr]) output?.on("data", (text) => (printed += String(text)));
  onFinished(async () => {
    child.kill("SIGKILL");
    await exited;
  });
  // The last of its three agents.
  await opik.events.next("runner:agents:registered", ({ agents }) => agents.length === 3, REAL_TIME);
  return {
    opik,
    runnerId,
    printed: () => printed,
    isAlive: () => child.exitCode === null && child.signalCode === null,
    submit: (agent, inputs) => opik.jobs.create({ agent, project: "demo", inputs }),
  };
}

/** For what another process does in real time. */
export const REAL_TIME = { timeoutMs: 180_000 };

function spawnAgent(sdk: Sdk, { url, environment }: TestServer, runnerId: string, home: string): ChildProcess {
  const runner = { OPIK_RUNNER_MODE: "true", OPIK_RUNNER_ID: runnerId, OPIK_PROJECT_NAME: "demo", AGENT_NAME: "ada" };
  const env = { ...pythonEnvironment(url, home), ...environment, ...runner };
  return sdk === "npm"
    ? spawn(process.execPath, ["assistant.ts"], { cwd: AGENTS, env })
    : spawn(PYTHON ?? "", ["launch.py", "assistant.py"], { cwd: AGENTS, env });
}
