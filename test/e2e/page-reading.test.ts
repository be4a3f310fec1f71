import type { Page } from "playwright-core";
import { describe, expect, onTestFinished, test } from "vitest";
import { startOpikLocal } from "../../src/testing/index.ts";
import { HAS_BROWSER, useBrowser } from "./support/browser.ts";
import { fillDemo, writeTraces } from "./support/page-demo.ts";
import { hold, LAPTOP, post, shows, startDemo } from "./support/page.ts";

const UNKNOWN = "0193cccc-0000-7000-8000-000000000001";

/** The tag and the text of what has the focus. */
function focused(page: Page): Promise<string> {
  return page.evaluate("`${document.activeElement.tagName} ${document.activeElement.textContent.trim()}`");
}

describe.skipIf(!HAS_BROWSER)("the page for those who read it by keyboard, screen reader or link, in Chromium", () => {
  const open = useBrowser();

  test("names each page in its title, and announces another page and another status", async () => {
    const opik = await startDemo();
    const { page } = await open(`${opik.url}/`);
    await expect.poll(() => page.title()).toBe("Overview · opik-local");
    await page.getByRole("link", { name: "Controls" }).click();
    await expect.poll(() => page.title()).toBe("Controls · opik-local");
    const job = opik.jobs.list().find(({ status }) => status === "pending")!;
    await page.goto(`${opik.url}/__local/ui/jobs/${job.id}`);
    await expect.poll(() => page.title()).toBe(`${job.agent_name} pending · opik-local`);
    await page.getByRole("button", { name: "Cancel" }).click();
    await expect.poll(() => page.title()).toBe(`${job.agent_name} cancelled · opik-local`);
    await page
      .locator(".unseen[role=status]", { hasText: `${job.agent_name} cancelled` })
      .waitFor({ state: "attached" });
  });

  test("begins a page that a link opens at its top, by keyboard, too", async () => {
    const opik = await startDemo();
    const { page } = await open(`${opik.url}/`);
    await shows(page, "laptop");
    await page.keyboard.press("Tab");
    expect(await focused(page)).toBe("A Skip to the content");
    await page.keyboard.press("Enter");
    expect(await page.evaluate("document.activeElement.id")).toBe("main");
    await page.getByRole("link", { name: "editor" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: /editor/ }).waitFor();
    expect([await page.evaluate("document.activeElement.id"), await page.evaluate("scrollY")]).toEqual(["main", 0]);
  });

  test("moves the focus into what a button opens, and back when Escape closes it", async () => {
    const opik = await startDemo();
    await (await fetch(`${opik.apiUrl}/v1/private/projcts`)).text();
    const { page } = await open(`${opik.url}/__local/ui/requests`);
    const row = page.getByRole("table", { name: "Refused requests" }).getByRole("button");
    await row.click();
    await expect.poll(() => focused(page)).toBe("BUTTON copy as curl");
    await page.keyboard.press("Escape");
    await expect.poll(() => focused(page)).toBe(`BUTTON ${await row.textContent()}`);
    expect(await page.getByRole("button", { name: "copy as curl" }).count()).toBe(0);

    await page.getByRole("link", { name: "Controls" }).click();
    await page.getByRole("button", { name: "Delete everything …" }).click();
    await expect.poll(() => focused(page)).toBe("BUTTON Keep it");
    await page.keyboard.press("Escape");
    await expect.poll(() => focused(page)).toBe("BUTTON Delete everything …");

    await page.getByRole("link", { name: "Traces" }).click();
    await page.getByRole("button", { name: "Filter …" }).click();
    await expect.poll(() => focused(page)).toMatch(/^SELECT/);
    await page.keyboard.press("Escape");
    await expect.poll(() => focused(page)).toBe("BUTTON Filter …");
  });

  test("goes back to where it was scrolled, in the window and in a list", async () => {
    const opik = await startDemo();
    await writeTraces(opik.url, "many", 2_000);
    const projects = (await (await fetch(`${opik.apiUrl}/v1/private/projects?name=many`)).json()) as {
      content: Array<{ id: string }>;
    };
    const { page } = await open(`${opik.url}/`, { viewport: { width: 1280, height: 400 } });
    await shows(page, "Last executor runs");
    await page.evaluate("scrollTo(0, 500)");
    await page.getByRole("link", { name: "editor" }).evaluate((link: { click(): void }) => link.click());
    await page.getByRole("heading", { level: 1, name: /editor/ }).waitFor();
    await expect.poll(() => page.evaluate("scrollY")).toBe(0);
    await page.goBack();
    await shows(page, "Last executor runs");
    await expect.poll(() => page.evaluate("scrollY")).toBe(500);

    await page.goto(`${opik.url}/__local/ui/projects/${projects.content[0]!.id}/traces`);
    const list = page.getByRole("table", { name: "Traces" });
    await list.getByRole("link", { name: "trace 1999", exact: true }).waitFor();
    await list.evaluate((box) => box.scrollTo(0, 36 * 1_000));
    await list.getByRole("link", { name: "trace 999", exact: true }).click();
    await page.getByRole("heading", { level: 1, name: "trace 999" }).waitFor();
    await page.goBack();
    await list.getByRole("link", { name: "trace 999", exact: true }).waitFor();
    expect(await list.evaluate((box) => box.scrollTop)).toBe(36 * 1_000);
    // A link begins at the top.
    await list.getByRole("link", { name: "trace 999", exact: true }).click();
    await page.getByRole("link", { name: "all traces" }).click();
    await list.getByRole("link", { name: "trace 1999", exact: true }).waitFor();
  });

  test("says that something is not there, and that it was deleted meanwhile", async () => {
    const opik = await startDemo();
    const { page, accept } = await open(`${opik.url}/__local/ui/`);
    accept(/404/);
    for (const path of ["jobs", "runs", "projects"]) {
      await page.goto(`${opik.url}/__local/ui/${path}/${UNKNOWN}`);
      await page.getByRole("heading", { level: 1, name: "Not found" }).waitFor();
      await page.getByRole("link", { name: "Go to the overview" }).waitFor();
    }
    const { prompt } = await fillDemo(opik.url);
    await page.goto(`${opik.url}/__local/ui/prompts/${prompt}`);
    await page.getByRole("heading", { level: 1, name: "greet" }).waitFor();
    expect((await fetch(`${opik.apiUrl}/v1/private/prompts/${prompt}`, { method: "DELETE" })).status).toBe(204);
    await page.getByRole("heading", { level: 1, name: "Not found" }).waitFor();
  });

  test("shows what is chosen where the browser forces its own colours", async () => {
    const opik = await startDemo();
    const demo = await fillDemo(opik.url);
    const { page } = await open(`${opik.url}/__local/ui/traces/${demo.trace}`, { forcedColors: "active" });
    for (const [path, chosen, other] of [
      ["traces", "[role=treeitem][aria-selected=true]", "[role=treeitem][aria-selected=false]"],
      ["prompts", ".versions [aria-current]", ".versions button:not([aria-current])"],
    ] as const) {
      await page.goto(`${opik.url}/__local/ui/${path}/${path === "traces" ? demo.trace : demo.prompt}`);
      await page.locator(chosen).waitFor();
      const weight = (selector: string): Promise<string> =>
        page.evaluate(`getComputedStyle(document.querySelector(${JSON.stringify(selector)})).fontWeight`);
      expect([path, await weight(chosen), await weight(other)]).toEqual([path, "600", "400"]);
    }
  });

  test("says that it reads, when the answer takes long", async () => {
    const opik = await startDemo();
    const { page } = await open(`${opik.url}/__local/ui/help`);
    const answer = await hold(page, /local-runners/, "answer");
    await page.goto(`${opik.url}/__local/ui/runners/${LAPTOP}`);
    await answer.sent;
    await shows(page, "Reading …");
    answer.release();
    await page.getByRole("heading", { level: 1, name: /laptop/ }).waitFor();
  });

  test("shows the files of a trace, of which pictures are seen", async () => {
    const opik = await startDemo();
    const demo = await fillDemo(opik.url);
    const picture = Buffer.from(
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
      "base64",
    );
    const upload = async (file_name: string, mime_type: string, body: Buffer): Promise<void> => {
      const asked = { entity_type: "trace", entity_id: demo.trace, project_name: "demo", file_name, mime_type };
      const url = `${opik.apiUrl}/v1/private/attachment/upload?${new URLSearchParams(asked)}`;
      expect((await fetch(url, { method: "PUT", body })).status).toBe(204);
    };
    await upload("dot.png", "image/png", picture);
    const { page } = await open(`${opik.url}/__local/ui/traces/${demo.trace}`);
    const files = page.getByRole("region", { name: "Attachments" });
    const shown = files.getByRole("img", { name: "dot.png" });
    await shown.waitFor();
    await expect.poll(() => shown.evaluate((image: { naturalWidth: number }) => image.naturalWidth)).toBe(1);
    await upload("<b>notes</b>.html", "text/html", Buffer.from("<script>alert(1)</script>"));
    const row = files.getByRole("row").filter({ hasText: "<b>notes</b>.html" });
    await row.getByText("25 B").waitFor();
    const saved = page.waitForEvent("download");
    await row.getByRole("button", { name: "Download" }).click();
    expect((await saved).suggestedFilename()).toBe("_b_notes__b_.html");
  });

  test("is no wider than a telephone with names that are one long word", async () => {
    const opik = await startOpikLocal({ clock: "system" });
    onTestFinished(() => opik.stop());
    const word = `an_unbroken_identifier_${"x".repeat(117)}`;
    const agents = [
      { name: word, description: word, params: [{ name: word, type: "string", presence: "required" }] },
      { name: "echo", params: [] },
    ] as const;
    const files = [
      {
        name: "words.json",
        text: JSON.stringify({
          projects: [{ name: word, description: word }],
          runners: [
            {
              name: word,
              project: word,
              keep_alive: true,
              agents,
              checklist: { [word]: word, entry: { [word]: word } },
            },
          ],
          jobs: [{ name: "one", runner: word, agent: word, status: "failed", inputs: { [word]: word }, error: word }],
        }),
      },
    ];
    await post(`${opik.url}/__local/fixtures`, { files });
    const trace = {
      id: UNKNOWN,
      project_name: word,
      name: word,
      thread_id: word,
      input: { [word]: word },
      tags: [word],
    };
    const end = { start_time: "2026-11-28T10:00:00Z", end_time: "2026-11-28T10:00:01Z" };
    await post(`${opik.apiUrl}/v1/private/traces/batch`, { traces: [{ ...trace, ...end, output: { [word]: word } }] });
    const job = { project_id: "default", name: word, slug: "x".repeat(100), execution_mode: "worker" };
    await post(`${opik.url}/v1/jobs`, job);
    const [runner] = (
      (await (await fetch(`${opik.url}/__local/state`)).json()) as {
        runners: Array<{ id: string; project_id: string }>;
      }
    ).runners;
    const { page } = await open(`${opik.url}/`, { viewport: { width: 375, height: 800 } });
    for (const path of [
      ...["", `runners/${runner!.id}`, `jobs/${opik.jobs.list()[0]!.id}`, `projects/${runner!.project_id}`],
      ...[`projects/${runner!.project_id}/traces`, `traces/${UNKNOWN}`, `compare/${UNKNOWN}/${UNKNOWN}`],
      ...[`projects/${runner!.project_id}/threads/${word}`, "runs", "requests", "controls"],
    ]) {
      await page.goto(`${opik.url}/__local/ui/${path}`);
      await page.locator("h1").waitFor();
      // What the page has requested before this was answered before it, too.
      await page.evaluate(`fetch("/__local/state").then((answer) => answer.text())`);
      await page.evaluate("new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))");
      expect([path, await page.evaluate("document.documentElement.scrollWidth")]).toEqual([path, 375]);
    }
  });
});
