import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { startOpikLocal } from "../../src/testing/index.ts";
import { run, testTerminal } from "./terminal.ts";

const CLI = fileURLToPath(new URL("../support/cli.ts", import.meta.url));

interface Server {
  url: string;
  port: string;
  pid: number;
  exited: Promise<unknown[]>;
}

/** Starts `dev` as a process of its own, in a folder. */
async function startProcess(folder: string): Promise<Server> {
  const argv = [CLI, "dev", "--port", "0", "--json", "--ready-file", "ready.json"];
  const child = spawn(process.execPath, argv, {
    cwd: folder,
    env: { HOME: folder },
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const exited = once(child, "exit");
  const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  const { url, pid } = JSON.parse(line) as { url: string; pid: number };
  return { url, port: new URL(url).port, pid, exited };
}

describe.skipIf(process.platform === "win32")("opik-local stop", () => {
  test.for<[string, (server: Server) => string[]]>([
    ["of this folder", () => []],
    ["of a ready file", () => ["--ready-file", "ready.json"]],
    ["of a port", ({ port }) => ["--port", port]],
    ["of a database", () => ["--db", ".opik-local/opik-local.db"]],
    ["of an address", ({ url }) => ["--url", url]],
  ])("stops the server %s, and waits for its end", async ([, flags]) => {
    const terminal = testTerminal();
    const server = await startProcess(terminal.folder);
    const { code, out, error } = await run(["stop", ...flags(server)], terminal);
    expect({ code, out, error }).toEqual({
      ...{ code: 0, error: "" },
      out: `The server (process ${server.pid}) has stopped.\n`,
    });
    expect(await server.exited).toEqual([0, null]);
    expect(existsSync(join(terminal.folder, "ready.json"))).toBe(false);
    expect(existsSync(join(terminal.folder, ".opik-local", "server"))).toBe(false);
  });

  test("says what stands in the way", async () => {
    const terminal = testTerminal();
    const opik = await startOpikLocal();
    onTestFinished(() => opik.stop());
    writeFileSync(join(terminal.folder, "no.db"), "");
    for (const [flags, code, message] of [
      [["--url", opik.url], 1, `The server at ${opik.url} does not stop: This server is part of a program`],
      [["--ready-file", "none.json"], 1, "There is no ready file"],
      [["--db", "no.db"], 1, "No server uses the database"],
      [["--port", "http"], 2, '--port is "http", but should be a number.'],
      [["--port", "1"], 1, "No server answers at http://127.0.0.1:1."],
    ] as const) {
      const result = await run(["stop", ...flags], { ...testTerminal(), folder: terminal.folder });
      expect({ code: result.code, out: result.out }).toEqual({ code, out: "" });
      expect(result.error).toContain(message);
    }
  });
});
