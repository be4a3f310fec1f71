import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished } from "vitest";

const ASSISTANT = fileURLToPath(new URL("../agents/assistant.ts", import.meta.url));

/** The command of an agent, and what it is the agent of. */
export interface AgentToStart {
  command: readonly [string, ...string[]];
  serverUrl: string;
  runnerId: string;
  projectName: string;
  environment?: Readonly<NodeJS.ProcessEnv>;
}

export interface AgentProcess {
  /** What it has printed, on both of its streams. */
  printed(): string;
  /** Resolves when the process has printed the text. */
  untilPrinted(text: string): Promise<void>;
}

/**
 * Starts `agents/assistant.ts` with the SDK from npm as the agent of a runner; it is killed when the test ends.
 * @param name what the agent answers with
 */
export function startAgent(serverUrl: string, runnerId: string, projectName: string, name: string): AgentProcess {
  const environment = { AGENT_NAME: name };
  return startAgentProcess({ command: [process.execPath, ASSISTANT], serverUrl, runnerId, projectName, environment });
}

/** Starts the agent of a runner as `opik endpoint` does; it is killed when the test ends. */
export function startAgentProcess(agent: AgentToStart): AgentProcess {
  const { serverUrl, runnerId, projectName, environment } = agent;
  const [command, ...args] = agent.command;
  const child: ChildProcess = spawn(command, args, {
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      OPIK_URL_OVERRIDE: `${serverUrl}/api`,
      OPIK_RUNNER_MODE: "true",
      OPIK_RUNNER_ID: runnerId,
      OPIK_PROJECT_NAME: projectName,
      ...environment,
    },
  });
  let printed = "";
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.setEncoding("utf8").on("data", (text: string) => void (printed += text));
  }
  const closed = once(child, "close");
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await closed;
  });
  return {
    printed: () => printed,
    untilPrinted: (text) => expect.poll(() => printed).toContain(text),
  };
}
