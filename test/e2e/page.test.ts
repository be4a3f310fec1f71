import { fileURLToPath } from "node:url";
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { describe, expect, onTestFinished, test } from "vitest";
import { startOpikLocal } from "../../src/testing/index.ts";
import { startAgent } from "./support/agent-process.ts";
import { HAS_BROWSER, useBrowser } from "./support/browser.ts";
import { startServerProcess } from "./support/server-process.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

const FIXTURES = fileURLToPath(new URL("../../fixtures/", import.meta.url));
const LAPTOP = "00000000-0000-7000-8000-00000000de30";
const TRACE = "0193aaaa-0000-7000-8000-000000000001";

interface Projects {
  content: Array<{ id: string }>;
}

/** Axe looks at eight pages. */
const AXE_TIMEOUT_MS = 240_000;

type Double = Awaited<ReturnType<typeof startOpikLocal>>;

async function startDemo(): Promise<Double> {
  const opik = await startOpikLocal({
    fixtures: [`${FIXTURES}demo.yaml`, `${FIXTURES}executor.yaml`],
    clock: "system",
  });
  onTestFinished(() => opik.stop());
  return opik;
}

async function post(url: string, body: unknown): Promise<void> {
  const init = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  expect((await fetch(url, init)).ok).toBe(true);
}

const shows = (page: Page, text: string): Promise<void> =>
  page.getByText(text).filter({ visible: true }).first().waitFor();

describe.skipIf(!HAS_BROWSER)("the page, in Chromium", () => {
  const open = useBrowser();

  test("shows an agent that connects without a reload, runs it by its form, and shows logs and result", async () => {
    const opik = await startDemo();
    const { page } = await open(`${opik.url}/`);
    await page.getByRole("link", { name: "laptop" }).click();
    await shows(page, "nothing polls for this runner");
    startAgent(opik.url, LAPTOP, "demo", "Ada");
    // An agent that the fixture does not have.
    await page.getByRole("button", { name: "Run fail" }).waitFor({ timeout: 30_000 });
    const form = page.getByRole("button", { name: "Run echo" }).locator("..");
    await form.getByRole("textbox", { name: "question" }).fill("why?");
    await form.getByRole("button").click();
    await page.waitForURL("**/__local/ui/jobs/*");
    await page.getByRole("heading", { name: "echo completed" }).waitFor({ timeout: 30_000 });
    await shows(page, "thinking about why?");
    await shows(page, "Ada: why?");
  });

  test("sends the event that an executor run waits for", async () => {
    const opik = await startDemo();
    const { page } = await open(`${opik.url}/__local/ui/runs`);
    await page.getByRole("link", { name: "waiting" }).first().click();
    await shows(page, "approve-1.4.2");
    await page.getByRole("button", { name: "Send the event" }).click();
    await page.getByText("received").nth(1).waitFor();
    expect(await page.getByRole("button", { name: "Send the event" }).count()).toBe(0);
  });

  test("opens the links that the SDKs print", async () => {
    const opik = await startDemo();
    const { id } = ((await (await fetch(`${opik.apiUrl}/v1/private/projects`)).json()) as Projects).content[0]!;
    const time = "2026-11-27T10:00:00Z";
    await post(`${opik.apiUrl}/v1/private/traces/batch`, {
      traces: [
        { id: TRACE, project_name: "demo", name: "question", start_time: time, end_time: time, input: { a: 1 } },
      ],
    });
    for (const [path, heading] of [
      ["/", "Overview"],
      [`/opik/default/projects/${id}/agent-playground`, "demo"],
      [`/opik/default/projects/${id}/traces?trace=${TRACE}`, "question"],
      [`/opik/default/projects/${id}/traces`, "Traces"],
      [`/api/v1/session/redirect/projects?trace_id=${TRACE}&path=${btoa(opik.apiUrl)}`, "question"],
    ]) {
      const { page } = await open(opik.url + path);
      await page.getByRole("heading", { name: heading!, exact: true, level: 1 }).waitFor();
    }
  });

  test("goes on after the server was killed and started again, without a reload", async () => {
    const database = `${temporaryFolder()}/opik.db`;
    const first = await startServerProcess(database);
    const { page, accept } = await open(`${first.url}/`);
    // Of the connection that is lost, and of those to no server.
    accept(/ERR_(?:INCOMPLETE_CHUNKED|CONNECTION)/);
    await shows(page, "● live");
    await first.kill();
    await shows(page, "○ reconnecting …");
    const second = await startServerProcess(database, first.port);
    await shows(page, "● live");
    await post(`${second.url}/v1/private/projects`, { name: "after" });
    await page.getByRole("link", { name: "Traces" }).click();
    await page.getByRole("option", { name: "after" }).waitFor({ state: "attached" });
  });

  test("shows requests as they come, with the reason of those that are refused", async () => {
    const opik = await startDemo();
    const { page } = await open(`${opik.url}/__local/ui/requests`);
    await shows(page, "● live");
    await fetch(`${opik.apiUrl}/v1/private/projcts`);
    await page.getByRole("button", { name: "GET /api/v1/private/projcts" }).click();
    await shows(page, "Did you mean");
    await page.getByRole("button", { name: "copy as curl" }).waitFor();
  });

  test("shows prompts with their versions, datasets with their items, and experiments", async () => {
    const opik = await startDemo();
    const api = `${opik.apiUrl}/v1/private`;
    const version = { template: "Hello {{name}}", type: "mustache" };
    await post(`${api}/prompts/versions`, { name: "greet", version, template_structure: "text", project_name: "demo" });
    await post(`${api}/datasets`, { name: "questions", project_name: "demo" });
    await post(`${api}/experiments`, { name: "first", dataset_name: "questions", project_name: "demo" });
    const { page } = await open(`${opik.url}/__local/ui/library`);
    for (const [link, text] of [
      ["greet", "Hello {{name}}"],
      ["questions", "0 items"],
      ["first", "0 traces on"],
    ] as const) {
      await page.getByRole("link", { name: "Library" }).click();
      await page.getByRole("link", { name: link, exact: true }).click();
      await page.getByRole("heading", { name: link, level: 1 }).waitFor();
      await shows(page, text);
    }
  });

  test("shows what is hostile as text", async () => {
    const opik = await startDemo();
    const hostile = `<img src="http://127.0.0.1:1/x" onerror="alert(1)"><script>alert(2)</script>`;
    await post(`${opik.apiUrl}/v1/private/projects`, { name: hostile });
    await post(`${opik.apiUrl}/v1/private/traces/batch`, {
      traces: [
        { id: TRACE, project_name: hostile, name: hostile, start_time: "2026-11-27T10:00:00Z", input: { hostile } },
      ],
    });
    const { page } = await open(`${opik.url}/__local/ui/traces/${TRACE}`);
    await page.getByRole("heading", { name: hostile, exact: true }).waitFor();
    expect(await page.locator("main img, main script").count()).toBe(0);
  });

  test.each(["light", "dark"] as const)(
    "has nothing serious against it for axe-core, in %s",
    async (colorScheme) => {
      const opik = await startDemo();
      const job = opik.jobs.list().find(({ status }) => status === "failed")!;
      const run = opik.runs.list().find(({ status }) => status === "waiting")!;
      for (const path of [
        "",
        `runners/${LAPTOP}`,
        `jobs/${job.id}`,
        "traces",
        "requests",
        "runs",
        `runs/${run.id}`,
        "controls",
      ]) {
        const { page } = await open(`${opik.url}/__local/ui/${path}`, { colorScheme });
        await page.locator("h1").waitFor();
        const { violations } = await new AxeBuilder({ page }).analyze();
        const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
        expect(serious.map(({ id, nodes }) => `${path}: ${id} ${nodes[0]?.html}`)).toEqual([]);
      }
    },
    AXE_TIMEOUT_MS,
  );

  test("fits a telephone", async () => {
    const opik = await startDemo();
    const { page } = await open(`${opik.url}/`, { viewport: { width: 375, height: 800 } });
    await shows(page, "laptop");
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(375);
  });
});
