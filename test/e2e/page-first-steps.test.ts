import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { startOpikLocal } from "../../src/testing/index.ts";
import { HAS_BROWSER, useBrowser } from "./support/browser.ts";
import { shows } from "./support/page.ts";
import { PYTHON } from "./support/python-environment.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

/** Runs lines in a shell as a user without any configuration of Opik; what it has started is killed when the test ends. */
function runInShell(lines: string, folder: string): { printed(): string } {
  const child = spawn("bash", ["-c", lines], {
    cwd: folder,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      PATH: [dirname(PYTHON ?? ""), process.env["PATH"]].join(delimiter),
      HOME: folder,
      PYTHONDONTWRITEBYTECODE: "1",
      OPIK_SENTRY_ENABLE: "false",
      OPIK_ANALYTICS_ENABLE: "false",
    },
  });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => void (printed += text));
  }
  onTestFinished(() => {
    if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid!, "SIGKILL");
  });
  return { printed: () => printed };
}

describe.skipIf(!HAS_BROWSER || PYTHON === undefined)("the first steps that an empty page shows", () => {
  const open = useBrowser();

  test("start an agent that appears by itself and runs by its form", async () => {
    const opik = await startOpikLocal({ clock: "system" });
    onTestFinished(() => opik.stop());
    const { page } = await open(`${opik.url}/`);
    await page.getByRole("heading", { name: "Connect your first agent" }).waitFor();
    const snippets = await page.locator(".snippet pre").allTextContents();
    expect(snippets).toHaveLength(3);
    const [exports = "", agent = "", command = ""] = snippets;
    // It is installed already.
    const [install, ...variables] = exports.split("\n");
    expect(install).toBe("pip install opik");
    const folder = temporaryFolder();
    writeFileSync(join(folder, "agent.py"), agent);
    const shell = runInShell([...variables, command].join("\n"), folder);
    await shows(page, "waits for jobs");
    expect(shell.printed()).not.toMatch(/traceback|\bY\/n\b/i);
    await page.locator(".card a").click();
    await page.getByRole("textbox", { name: "text" }).fill("Good morning");
    await page.getByRole("button", { name: "Run echo" }).click();
    await page.getByRole("heading", { name: "echo completed" }).waitFor();
    await shows(page, "You said: Good morning");
    await page.getByRole("link", { name: "trace echo" }).click();
    await page.getByRole("tree", { name: /Spans/ }).waitFor();
  });
});
