import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { createCaller } from "../support/call.ts";
import { createProject } from "../support/pairing.ts";
import { executable } from "./support/executable.ts";
import { startOpik } from "./support/opik-command.ts";
import { COMPLAINT, PYTHON, pythonEnvironment } from "./support/python-environment.ts";
import { startServerProcess } from "./support/server-process.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

const run = promisify(execFile);

describe.skipIf(!PYTHON)("`opik connect` of the SDK from PyPI (OPIK_LOCAL_TEST_PYTHON)", () => {
  test("is paired by its link, and does every command of `opik-local bridge`", async () => {
    const { folder, url, connected, opikLocal, bridge } = await startConnect();
    expect(await opikLocal("pair", await untilLinked(connected.printed))).toContain("workbench is paired");

    writeFileSync(join(folder, "new.txt"), "first line\nsecond line\n");
    // It begins to ask for commands a moment after its pairing; before that, they are refused.
    await expect.poll(() => bridge("exec", "--", "echo", "hello").catch(String)).toBe("hello\n");
    expect(JSON.parse(await bridge("write", "notes.txt", "new.txt"))).toMatchObject({ created: true });
    expect(await bridge("read", "notes.txt")).toContain("second line");
    expect(JSON.parse(await bridge("edit", "notes.txt", "second", "last"))).toMatchObject({ edits_applied: 1 });
    expect(readFileSync(join(folder, "notes.txt"), "utf8")).toBe("first line\nlast line\n");
    expect(JSON.parse(await bridge("list", "", "*.txt"))).toMatchObject({ files: [".git/", "new.txt", "notes.txt"] });
    const found = JSON.parse(await bridge("search", "last line")) as { matches: unknown[] };
    expect(found.matches).toMatchObject([{ file: "notes.txt", line: 2 }]);
    expect(connected.printed()).not.toMatch(COMPLAINT);
    await expect(bridge("exec", "--", "exit 42")).rejects.toMatchObject({ code: 42 });
    await expect(bridge("read", "missing.txt")).rejects.toMatchObject({
      stderr: expect.stringMatching(/The runner refused: .*missing\.txt/),
    });

    const ended = once(connected.child, "exit");
    process.kill(-connected.child.pid!, "SIGINT");
    await ended;
    const { runners } = (await (await fetch(`${url}/__local/state`)).json()) as { runners: Array<{ status: string }> };
    expect(runners.map(({ status }) => status)).not.toContain("connected");
  });
});

/** A server, and a command line in a repository that waits to be paired. */
async function startConnect() {
  const home = temporaryFolder();
  const folder = join(home, "repository");
  mkdirSync(folder);
  // The search goes through the files of a repository.
  await run("git", ["init", "--quiet"], { cwd: folder });
  const { url } = await startServerProcess(":memory:");
  // Without a terminal the command line does not ask whether it should make one.
  await createProject(createCaller(url), "bridge-e2e");
  const connected = startOpik(["connect", "--project", "bridge-e2e", "--name", "workbench", "--non-interactive"], {
    ...{ python: PYTHON!, environment: pythonEnvironment(url, home), folder },
  });
  const [command, ...args] = executable();
  const opikLocal = async (...words: string[]): Promise<string> =>
    (await run(command, [...args, ...words], { cwd: folder, env: { ...process.env, OPIK_LOCAL_URL: url } })).stdout;
  const bridge = (...words: string[]): Promise<string> => opikLocal("bridge", "workbench", ...words);
  return { folder, url, connected, opikLocal, bridge };
}

async function untilLinked(printed: () => string): Promise<string> {
  const link = (): string | undefined => /https?:\S+\/opik\/pair\/v1\S*#[\w-]+/.exec(printed())?.[0];
  await expect.poll(link).toBeDefined();
  return link()!;
}
