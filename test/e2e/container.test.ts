import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { describe, expect, onTestFinished, test } from "vitest";
import { executable } from "./support/executable.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

const DOCKERFILE = readFileSync(new URL("../../fixtures/ci/container/Dockerfile", import.meta.url), "utf8");
const KEY = "secret";

/** What Linux offers without Docker: a process that is the first one of its system, as that of a container. */
const UNSHARE = ["--user", "--map-root-user", "--pid", "--fork", "--mount-proc", "--kill-child"];
const CAN_ISOLATE = spawnSync("unshare", [...UNSHARE, "true"]).status === 0;

/** How long `docker stop` waits before it kills a container. */
const STOP_WITHIN_MS = 10_000;
/** `exec` waits three seconds in all for what its command leaves running. */
const WITHOUT_WAITING_MS = 2_900;

/** A command of the Dockerfile with the program that is tested in the place of the image's. */
function commandOf(instruction: RegExp): [string, ...string[]] {
  const [program, ...args] = JSON.parse(instruction.exec(DOCKERFILE)?.[1] ?? "[]") as string[];
  expect(program).toBe("/opik-local");
  const [command, ...before] = executable();
  return [command, ...before, ...args];
}

/** The variables of the Dockerfile, with a folder in the place of its volume. */
function environmentOf(folder: string): NodeJS.ProcessEnv {
  const [, variables = ""] = /^ENV (.*)$/m.exec(DOCKERFILE.replaceAll("\\\n", " ")) ?? [];
  const pairs = variables.split(/\s+/).map((variable) => variable.replace("/data", folder).split("="));
  return { PATH: process.env["PATH"], ...Object.fromEntries(pairs) };
}

interface Container {
  /** The environment of its processes. */
  environment: NodeJS.ProcessEnv;
  url: string;
  /** What the process is in its own system. */
  pid: number;
  /** Sends a signal from outside, as Docker does. @returns the exit code */
  signal(name: NodeJS.Signals): Promise<number | null>;
}

/** Runs the entry point of the Dockerfile. */
async function startContainer(): Promise<Container> {
  const folder = temporaryFolder();
  const readyFile = join(folder, "ready.json");
  const environment = { ...environmentOf(folder), OPIK_LOCAL_API_KEY: KEY };
  const options = ["--port", "0", "--json", "--ready-file", readyFile];
  const child = isolate([...commandOf(/^ENTRYPOINT (.*)$/m), ...options], environment);
  for await (const line of createInterface({ input: child.stdout! })) {
    if ((JSON.parse(line) as { event: string }).event === "ready") break;
  }
  child.stdout?.resume();
  const { url, pid } = JSON.parse(readFileSync(readyFile, "utf8")) as { url: string; pid: number };
  const signal = async (name: NodeJS.Signals): Promise<number | null> => {
    const exited = once(child, "exit", { signal: AbortSignal.timeout(STOP_WITHIN_MS) });
    process.kill(Number(readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, "utf8")), name);
    return ((await exited) as [number | null])[0];
  };
  return { environment, url, pid, signal };
}

/** Starts a command as process 1. */
function isolate(command: readonly string[], env: NodeJS.ProcessEnv): ChildProcess {
  const child = spawn("unshare", [...UNSHARE, "--", ...command], { env, stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

describe.skipIf(!CAN_ISOLATE)("in a container (skipped where `unshare` may not make namespaces)", () => {
  test.for(["SIGTERM", "SIGINT"] as const)("process 1 ends with 0 on %s, before Docker kills it", async (name) => {
    const container = await startContainer();
    expect(container.pid).toBe(1);
    expect(await container.signal(name)).toBe(0);
  });

  test("listens for others, and serves only those who have the key", async () => {
    const { url, environment } = await startContainer();
    expect(environment["OPIK_LOCAL_HOST"]).toBe("0.0.0.0");
    const projects = `${url}/api/v1/private/projects`;
    expect((await fetch(projects)).status).toBe(401);
    expect((await fetch(projects, { headers: { authorization: KEY } })).status).toBe(200);
  });

  test("the health check succeeds while the server runs, without being told the key", async () => {
    const container = await startContainer();
    const [program, ...args] = commandOf(/^HEALTHCHECK .*?CMD (.*)$/m);
    const check = (): number | null => {
      const here = args.map((arg) => arg.replace("http://127.0.0.1:5173", container.url));
      expect(here).toContain(container.url);
      return spawnSync(program, here, { env: container.environment, stdio: "ignore" }).status;
    };
    expect(check()).toBe(0);
    await container.signal("SIGTERM");
    expect(check()).toBe(1);
  });

  test("exec as process 1 does not wait for children that have ended, of which it is the parent now", async () => {
    // The shell leaves `sleep` in its process group. No process reads the exit code of `sleep`, so it stays as a zombie.
    const command = ["exec", "--", "/bin/sh", "-c", "sleep 30 & echo ending; exit 7"];
    const child = isolate([...executable(), ...command], environmentOf(temporaryFolder()));
    const exited = once(child, "exit");
    await once(createInterface({ input: child.stdout! }), "line");
    const began = performance.now();
    expect(await exited).toEqual([7, null]);
    expect(performance.now() - began).toBeLessThan(WITHOUT_WAITING_MS);
  });
});
