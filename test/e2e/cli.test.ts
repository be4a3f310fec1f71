import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { executable } from "./support/executable.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

const [COMMAND, ...ARGUMENTS] = executable();
const DEV = ["dev", "--port", "0", "--db", ":memory:", "--json"];

/** A server that waits for an open request does not stop within this time, in which a busy machine stops one that does not. */
const STOP_WITHIN_MS = 60_000;
/** Two signals closer than 100 ms are one. */
const NO_LONGER_THE_SAME_SIGNAL_MS = 110;
/** A server waits half a second for open requests, so that it still does after this time. */
const SURELY_WAITING_MS = 200;

describe.skipIf(process.platform === "win32")("opik-local as a process", () => {
  test.for(["SIGINT", "SIGTERM", "SIGHUP"] as const)("ends with 0 on %s", async (signal) => {
    const { child } = await startDev();
    expect(await exitAfter(child, () => child.kill(signal))).toBe(0);
  });

  test("takes two signals at once, as npm sends them, for one", async () => {
    const { child } = await startDev();
    const code = await exitAfter(child, () => {
      child.kill("SIGINT");
      child.kill("SIGTERM");
    });
    expect(code).toBe(0);
  });

  test("lets a request end for half a second, not longer", async () => {
    const { child, url } = await startDev();
    await hangingRequest(url);
    expect(await exitAfter(child, () => child.kill("SIGINT"))).toBe(0);
  });

  test("ends with 1 when a second signal does not wait for the requests", async () => {
    let code: number | null;
    let betweenMs = 0;
    // On a busy machine the server may have ended by itself before the second signal: then there was none.
    do {
      const { child, url } = await startDev();
      await hangingRequest(url);
      code = await exitAfter(child, async () => {
        const began = performance.now();
        child.kill("SIGINT");
        // Its first work on the signal; until then, a second one would be the same.
        await expect.poll(() => fetch(url).catch(() => "refused"), { interval: 5 }).toBe("refused");
        await pause(NO_LONGER_THE_SAME_SIGNAL_MS);
        child.kill("SIGINT");
        betweenMs = performance.now() - began;
      });
    } while (code !== 1 && betweenMs > SURELY_WAITING_MS);
    expect(code).toBe(1);
  });

  test("keeps serving when its output is not read any more", async () => {
    const { child, url } = await startDev();
    child.stdout?.destroy();
    for (let count = 0; count < 5; count += 1) expect((await fetch(`${url}/nowhere`)).status).toBe(404);
    expect(await exitAfter(child, () => child.kill("SIGINT"))).toBe(0);
  });

  test("has a ready file exactly while it is ready", async () => {
    const path = join(temporaryFolder(), "ready.json");
    const { child, url } = await startDev(["--ready-file", path]);
    expect(JSON.parse(readFileSync(path, "utf8"))).toMatchObject({ url, pid: child.pid });
    await exitAfter(child, () => child.kill("SIGTERM"));
    expect(existsSync(path)).toBe(false);
  });

  test("gives a port that is taken the exit code 2, and names the process", async () => {
    const { url, child: holder } = await startDev();
    const second = startCli(["dev", "--db", ":memory:", "--port", new URL(url).port]);
    const errors = createInterface({ input: second.stderr! });
    const [line] = (await once(errors, "line")) as [string];
    expect(line).toContain("is taken");
    if (process.platform === "linux") expect(line).toContain(`process ${holder.pid}`);
    const [code] = (await once(second, "exit")) as [number];
    expect(code).toBe(2);
  });
});

function startCli(argv: string[]): ChildProcess {
  const child = spawn(COMMAND, [...ARGUMENTS, ...argv], { stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

async function startDev(argv: string[] = []): Promise<{ child: ChildProcess; url: string }> {
  const child = startCli([...DEV, ...argv]);
  const [line] = (await once(createInterface({ input: child.stdout! }), "line")) as [string];
  return { child, url: (JSON.parse(line) as { url: string }).url };
}

/** What the process ends with; fails when it takes its time. */
async function exitAfter(child: ChildProcess, action: () => unknown): Promise<number | null> {
  const exited = once(child, "exit", { signal: AbortSignal.timeout(STOP_WITHIN_MS) }) as Promise<[number | null]>;
  await action();
  const [code] = await exited;
  return code;
}

/** Sends half a request, and resolves when the server has it. */
async function hangingRequest(url: string): Promise<void> {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  socket.on("error", () => {});
  const head = "POST /v1/private/local-runners/jobs HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n";
  socket.write(`${head}content-length: 100\r\nexpect: 100-continue\r\n\r\n{`);
  await once(socket, "data");
}
