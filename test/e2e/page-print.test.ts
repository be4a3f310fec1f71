import { describe, expect, onTestFinished, test } from "vitest";
import { startOpikLocal } from "../../src/testing/index.ts";
import { HAS_BROWSER, useBrowser } from "./support/browser.ts";
import { post, shows } from "./support/page.ts";

const TRACE = "0193aaaa-0000-7000-8000-000000000001";
const COUNT = 120;

const spanId = (index: number): string => `0193aaaa-0000-7000-8000-1${String(index).padStart(11, "0")}`;

describe.skipIf(!HAS_BROWSER)("the page on paper, in Chromium", () => {
  const open = useBrowser();

  test("has a job whole: its id, its times, every branch of its inputs and every line of its log", async () => {
    const opik = await startOpikLocal({ clock: "virtual" });
    onTestFinished(() => opik.stop());
    const runner = await opik.runners.connect({ agents: ["echo"], project: "demo" });
    const inputs = { one: { two: { three: { four: "the innermost" } } } };
    const id = opik.jobs.create({ agent: "echo", project: "demo", inputs });
    const { value: job } = await runner.jobs().next();
    await job!.log(Array.from({ length: COUNT }, (_, index) => `line ${index}\n`).join(""));
    for (let index = 0; index < COUNT; index += 1) await job!.log(`entry ${index}`);
    await job!.complete({ long: Array.from({ length: COUNT }, (_, index) => `row ${index}`).join("\n") });
    const { page } = await open(`${opik.url}/__local/ui/jobs/${id}`);
    await page
      .getByRole("log")
      .getByText(`entry ${COUNT - 1}`, { exact: true })
      .waitFor();
    const entries = page.getByRole("log").getByText(/^entry \d+$/);
    expect(await entries.count()).toBeLessThan(COUNT);
    expect(await page.locator(".json-string", { hasText: "the innermost" }).count()).toBe(0);

    await page.emulateMedia({ media: "print" });
    await expect.poll(() => entries.count()).toBe(COUNT);
    await shows(page, "the innermost");
    await shows(page, id);
    await shows(page, "2026-01-01 00:00:00Z");
    expect(await page.locator("nav, .tabs, textarea, button:not(.id)").filter({ visible: true }).count()).toBe(0);
    const cut = page.locator(".log-lines, .plain").evaluateAll(
      // A box that scrolls is cut on paper.
      (boxes) => boxes.filter((box) => box.scrollHeight > box.clientHeight + 1).map(({ className }) => className),
    );
    expect(await cut).toEqual([]);

    await page.emulateMedia({ media: "screen" });
    await expect.poll(() => entries.count()).toBeLessThan(COUNT);
    expect(await page.locator(".json-string", { hasText: "the innermost" }).count()).toBe(0);
  });

  test("has every span of a trace in its place, and its tags, when the browser prints", async () => {
    const opik = await startOpikLocal({ clock: "virtual" });
    onTestFinished(() => opik.stop());
    const time = (ms: number): string => new Date(Date.UTC(2026, 0, 1) + ms).toISOString();
    const common = { project_name: "demo", start_time: time(0), end_time: time(COUNT) };
    const traces = [{ ...common, id: TRACE, name: "long", tags: ["kept"] }];
    await post(`${opik.apiUrl}/v1/private/traces/batch`, { traces });
    const spans = Array.from({ length: COUNT }, (_, index) => ({
      ...{
        ...common,
        id: spanId(index),
        trace_id: TRACE,
        name: `span ${index}`,
        type: "tool",
        start_time: time(index),
      },
    }));
    await post(`${opik.apiUrl}/v1/private/spans/batch`, { spans });
    const { page } = await open(`${opik.url}/__local/ui/traces/${TRACE}`);
    await page.getByRole("treeitem", { name: /span 0/ }).waitFor();
    await page.evaluate(`addEventListener("beforeprint", () => queueMicrotask(() => {
      const rows = document.querySelectorAll("[role=treeitem]");
      globalThis.printed = rows.length;
    }))`);
    await page.pdf();
    expect(await page.evaluate("globalThis.printed")).toBe(COUNT + 1);

    await page.emulateMedia({ media: "print" });
    const rows = page.getByRole("treeitem");
    await expect.poll(() => rows.count()).toBe(COUNT + 1);
    await shows(page, "kept");
    const below = await rows.evaluateAll((all) => all.map((row) => row.getBoundingClientRect().top));
    expect(below.every((top, index) => index === 0 || top > below[index - 1]!)).toBe(true);
    const bottom = await page.locator(".waterfall").evaluate((box) => box.getBoundingClientRect().bottom);
    expect(below.at(-1)).toBeLessThan(bottom);
  });

  test("has the columns of a wide page, however narrow the paper is", async () => {
    const opik = await startOpikLocal({ clock: "virtual" });
    onTestFinished(() => opik.stop());
    const runner = await opik.runners.connect({ agents: ["echo"], project: "demo" });
    opik.jobs.create({ agent: "echo", project: "demo", inputs: {} });
    const { page } = await open(`${opik.url}/__local/ui/runners/${runner.id}`, {
      viewport: { width: 600, height: 800 },
    });
    const head = page.getByRole("table", { name: "Jobs" }).getByRole("columnheader", { name: "Created" });
    await page.getByRole("table", { name: "Jobs" }).waitFor();
    await page.emulateMedia({ media: "print" });
    await head.waitFor();
    await page.getByRole("columnheader", { name: "Id" }).waitFor();
  });
});
