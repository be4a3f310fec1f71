import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { onTestFinished } from "vitest";
import { isGroupRunning } from "../../../src/core/running-process.ts";
import { executable } from "./executable.ts";
import { userEnvironment } from "./installed-package.ts";

/** The address that texts write; the tests use another port. */
const WRITTEN_ADDRESS = /(?:localhost|127\.0\.0\.1):5173/g;

/** After this a block hangs. */
const BOUND_MS = 180_000;

/** After this an agent is killed that was to end, and how often is looked whether it has. */
const END_MS = 8_000;
const PAUSE_MS = 50;

/** Options of vitest for a machine that is too busy for its usual limits, of five and ten seconds. */
export const UNHURRIED_VITEST = ["--testTimeout=180000", "--hookTimeout=180000", "--expect.poll.timeout=180000"];

/** What a block of a text did. */
export interface BlockResult {
  block: string;
  /** The exit code of its last command, or of the first one that failed. */
  status: number | null;
  stdout: string;
  stderr: string;
}

/** A Markdown block of shell commands, which texts of tests put before or between those of a text. */
export function shellBlock(...lines: string[]): string {
  return `\`\`\`sh\n${lines.join("\n")}\n\`\`\`\n`;
}

/** The blocks of a Markdown text in these languages, in order. */
export function codeBlocks(text: string, ...languages: string[]): string[] {
  const blocks = text.matchAll(/^```(\w+)\n(.*?)\n```$/gms);
  return Array.from(blocks).flatMap(([, language = "", code = ""]) => (languages.includes(language) ? [code] : []));
}

/**
 * Runs the shell blocks of a text in a folder, one after another, as a reader does who has the package installed. A block
 * that begins with `dev` starts a server for the blocks after it, one that runs an agent runs until the test ends.
 * @param text Markdown
 * @param folder where it is run
 * @param environment variables beside those of a person's terminal
 * @returns what each block did, without those that start a server or an agent
 */
export async function runShellBlocks(
  text: string,
  folder: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<BlockResult[]> {
  const shell = { ...userEnvironment(), ...environment, PATH: withCommands(folder) };
  const results: BlockResult[] = [];
  let url: string | undefined;
  let stop: () => Promise<void> = () => Promise.resolve();
  onTestFinished(() => stop());
  for (const block of codeBlocks(text, "sh")) {
    if (/^(?:npx )?opik-local dev\b(?!.*&$)/m.test(block)) {
      await stop();
      ({ url, stop } = await startServer(block, folder, shell));
      continue;
    }
    const address = url?.replace("http://", "") ?? "";
    const variables: NodeJS.ProcessEnv = url === undefined ? shell : { ...shell, OPIK_LOCAL_URL: url };
    const script = url === undefined ? block : block.replaceAll(WRITTEN_ADDRESS, address);
    if (AGENT.test(block)) {
      startAgent(script, folder, variables);
      continue;
    }
    const { status, stdout, stderr } = spawnSync("bash", ["-eo", "pipefail", "-c", script], {
      ...{ cwd: folder, env: variables, encoding: "utf8", timeout: BOUND_MS },
    });
    results.push({ block, status, stdout, stderr });
  }
  return results;
}

/** What starts the agent of an example. */
const AGENT = /agents\/echo\.\w+$/m;

/** Starts the agent of a block, with all that it starts; it is ended with the test. */
function startAgent(script: string, folder: string, env: NodeJS.ProcessEnv): void {
  const child = spawn("bash", ["-ec", script], { cwd: folder, env, detached: true, stdio: "ignore" });
  const exited = once(child, "exit");
  const group = child.pid ?? 0;
  onTestFinished(async () => {
    // `opik-local endpoint` ends its command, which has a process group of its own, after SIGTERM and not after SIGKILL.
    if (isGroupRunning(group)) process.kill(-group, "SIGTERM");
    await exited;
    for (let waited = 0; isGroupRunning(group) && waited < END_MS; waited += PAUSE_MS) await pause(PAUSE_MS);
    if (isGroupRunning(group)) process.kill(-group, "SIGKILL");
  });
}

/** Starts the server of a block; the rest of its line, a comment, is for people. */
async function startServer(
  block: string,
  folder: string,
  env: NodeJS.ProcessEnv,
): Promise<{ url: string; stop(): Promise<void> }> {
  const readyFile = join(folder, "ready.json");
  const command = block.replaceAll(/ +#.*$/gm, "").trim();
  const child = spawn("bash", ["-ec", `exec ${command} --port 0 --ready-file ${readyFile} --quiet`], {
    ...{ cwd: folder, env },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  while (!existsSync(readyFile)) {
    if (child.exitCode !== null) throw new Error(`${command} ended with ${child.exitCode}`);
    await pause(PAUSE_MS);
  }
  const { url } = JSON.parse(readFileSync(readyFile, "utf8")) as { url: string };
  return {
    url,
    stop: async () => {
      child.kill("SIGTERM");
      await exited;
    },
  };
}

/**
 * Writes commands into a folder for them: `opik-local`, an `npx` that runs it, and a `curl` that fails when a request is
 * refused.
 * @returns a `PATH` with that folder first
 */
export function withCommands(folder: string): string {
  const bin = join(folder, ".bin");
  mkdirSync(bin);
  const program = executable()
    .map((part) => `"${part}"`)
    .join(" ");
  const path = userEnvironment()["PATH"] ?? "";
  const commands = {
    "opik-local": `exec ${program} "$@"`,
    npx: 'exec "$@"',
    curl: `PATH="${path}" exec curl --fail-with-body "$@"`,
  };
  for (const [name, script] of Object.entries(commands)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  return `${bin}:${path}`;
}
