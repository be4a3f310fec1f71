import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Page } from "playwright-core";
import { describe, expect, onTestFinished, test } from "vitest";
import { createCaller } from "../support/call.ts";
import { createProject } from "../support/pairing.ts";
import { HAS_BROWSER, useBrowser } from "./support/browser.ts";
import { executable } from "./support/executable.ts";
import { startOpik } from "./support/opik-command.ts";
import { FIXTURES, LAPTOP } from "./support/page.ts";
import { PYTHON, pythonEnvironment } from "./support/python-environment.ts";
import { startServerProcess } from "./support/server-process.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

const run = promisify(execFile);
const HERE = fileURLToPath(new URL(".", import.meta.url));
const PROJECT = "links";
const TIMEOUT = { timeout: 40_000, interval: 100 };

/** The addresses of a server in a text, each once. */
function linksIn(text: string, server: string): string[] {
  // A terminal's own links have control characters around them.
  const links = text.match(/https?:\/\/[^\s\p{Cc}"'`<>()\\]+/gu) ?? [];
  return [...new Set(links.map((link) => link.replace(/[.,;:]+$/, "")))].filter((link) => link.startsWith(server));
}

/** Opens links, and demands the heading of each: `[a part of the link, its heading]`, in this order. */
async function expectHeadings(
  page: Page,
  links: readonly string[],
  headings: ReadonlyArray<[string | RegExp, string]>,
) {
  const parts = headings.map(([part]) =>
    typeof part === "string" ? expect.stringContaining(part) : expect.stringMatching(part),
  );
  expect(links).toEqual(parts);
  for (const [index, link] of links.entries()) {
    await page.goto(link);
    await page.getByRole("heading", { name: headings[index]![1], exact: true, level: 1 }).waitFor();
  }
}

describe.skipIf(!HAS_BROWSER)("every link leads to its page", () => {
  const open = useBrowser();

  test("of those that our own command line prints", async () => {
    const folder = temporaryFolder();
    const { url, printed } = await startDev(folder);
    const outputs = [printed()];
    for (const words of [
      ["status"],
      ["run", "demo", "question=why"],
      ["run", "demo", "question=please fail"],
      ["run", "nothing"],
      ["why", "last"],
      ["why", LAPTOP],
      ["jobs"],
      ["logs", "last"],
      ["traces"],
      ["pair", `${url}/opik/pair/v1#wrong`],
      ["doctor"],
      ["exec", "--", "env"],
    ]) {
      outputs.push(await output(words, { ...process.env, OPIK_LOCAL_URL: url }, folder));
    }
    const links = linksIn(outputs.join("\n"), url);
    expect(links).toEqual(expect.arrayContaining([url, `${url}/api`]));
    const { page } = await open(url);
    for (const link of links) {
      await page.goto(link);
      await page.getByRole("heading", { name: "Overview", level: 1 }).waitFor();
    }
  });

  test.skipIf(!PYTHON)("of those that the SDK from PyPI prints", async () => {
    const folder = temporaryFolder();
    const { url } = await startServerProcess(":memory:");
    const environment = { ...pythonEnvironment(url, folder), COLUMNS: "1000" };
    const { stdout, stderr } = await run(PYTHON!, [join(HERE, "python/links.py")], { env: environment, cwd: folder });
    const { page } = await open(url);
    await expectHeadings(page, linksIn(`${stderr}\n${stdout}`, url), [
      ["session/redirect/projects/?trace_id=", "question"],
      [/session\/redirect\/datasets\/\?dataset_id=|\/datasets\/[\w-]+\/items/, "letters"],
      ["/redirect/projects?name=", PROJECT],
      [/session\/redirect\/experiments\/\?experiment_id=|\/compare\?experiments=/, "upper case"],
    ]);
  });

  test("of those that the SDK from npm prints", async () => {
    const folder = temporaryFolder();
    const { url } = await startServerProcess(":memory:");
    const env = { ...process.env, HOME: folder, OPIK_URL_OVERRIDE: `${url}/api`, OPIK_WORKSPACE: "default" };
    const { stdout, stderr } = await run(process.execPath, [join(HERE, "agents/links.ts")], { env, cwd: folder });
    const { page } = await open(url);
    await expectHeadings(page, linksIn(`${stderr}\n${stdout}`, url), [
      ["session/redirect/projects/?trace_id=", "question"],
      ["session/redirect/experiments/?experiment_id=", "upper case"],
    ]);
  });

  test.skipIf(!PYTHON).for(["endpoint", "connect"] as const)(
    "of those that `opik %s` prints: pairing, and where to go on",
    async (command) => {
      const folder = temporaryFolder();
      const { url } = await startServerProcess(":memory:");
      await createProject(createCaller(url), PROJECT);
      const name = "workbench";
      const words = {
        endpoint: ["--no-watch", "--", PYTHON!, "assistant.py"],
        connect: ["--non-interactive"],
      }[command];
      const opik = startOpik([command, "--project", PROJECT, "--name", name, ...words], {
        ...{ python: PYTHON!, environment: pythonEnvironment(url, folder) },
        folder: command === "endpoint" ? join(HERE, "agents") : folder,
      });
      const link = (part: string): string | undefined =>
        linksIn(opik.printed(), url).find((printed) => printed.includes(part));
      const { page } = await open(url);
      await expect.poll(() => link("/pair/v1"), TIMEOUT).toBeDefined();
      await page.goto(link("/pair/v1")!);
      await page.getByRole("heading", { name: `Paired “${name}”` }).waitFor();
      await page.getByRole("link", { name: "Go on to its agents" }).click();
      await page.getByRole("heading", { name: PROJECT, level: 1 }).waitFor();
      await page.getByRole("heading", { name, level: 2 }).waitFor();
      if (command === "endpoint") await page.getByRole("button", { name: "Run echo" }).waitFor({ timeout: 40_000 });
      // Some versions of the SDK begin the path with /opik.
      await expect.poll(() => link("/default/projects/"), TIMEOUT).toBeDefined();
      await page.goto(link("/default/projects/")!);
      await page.getByRole("heading", { name: PROJECT, level: 1 }).waitFor();
    },
  );

  test("of those to another workspace", async () => {
    const { url } = await startServerProcess(":memory:", 0, { OPIK_LOCAL_WORKSPACES: "default,team" });
    const call = createCaller(url, { "comet-workspace": "team" });
    const projectId = await createProject(call, "theirs", "team");
    const { page } = await open(url);
    await page.goto(`${url}/opik/team/projects/${projectId}/`);
    await page.getByRole("heading", { name: "theirs", level: 1 }).waitFor();
    expect(await page.getByLabel("Workspace").inputValue()).toBe("team");
  });
});

/** Starts `opik-local dev` as in a terminal, with the demo. */
async function startDev(folder: string): Promise<{ url: string; printed(): string }> {
  const [command, ...args] = executable();
  const options = ["--port", "0", "--db", ":memory:", "--fixtures", `${FIXTURES}demo.yaml`];
  const child = spawn(command, [...args, "dev", ...options], { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
  const exited = once(child, "exit");
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await exited;
  });
  let printed = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => void (printed += text));
  const ready = (): string | undefined => /ready on (\S+)/.exec(printed)?.[1];
  await expect.poll(ready, TIMEOUT).toBeDefined();
  return { url: ready()!, printed: () => printed };
}

/** What a command prints, also one that is refused. */
async function output(words: readonly string[], env: NodeJS.ProcessEnv, cwd: string): Promise<string> {
  const [command, ...args] = executable();
  const { stdout, stderr } = await run(command, [...args, ...words], { env, cwd }).catch(
    (error: { stdout: string; stderr: string }) => error,
  );
  return `${stdout}\n${stderr}`;
}
