import { readFileSync } from "node:fs";
import { describe, expect, onTestFinished, test } from "vitest";
import { startOpikLocal } from "../../src/testing/index.ts";
import { HAS_BROWSER, useBrowser } from "./support/browser.ts";
import { FIXTURES, shows, startDemo } from "./support/page.ts";

describe.skipIf(!HAS_BROWSER)("the controls of the page, in Chromium", () => {
  const open = useBrowser();

  test("move a virtual clock, and inject faults", async () => {
    const opik = await startDemo("virtual");
    const { page } = await open(`${opik.url}/__local/ui/controls`);
    const time = page.getByRole("region", { name: "Time" });
    await time.getByText("stands still").waitFor();
    const before = opik.clock.now();
    await time.getByLabel("Duration").fill("90s");
    await time.getByRole("button", { name: "Advance" }).click();
    await expect.poll(() => opik.clock.now()).toBe(before + 90_000);
    await time.getByText(new Date(before + 90_000).toISOString()).waitFor();

    const faults = page.getByRole("region", { name: "Faults" });
    await faults.getByRole("button", { name: "flaky-network" }).click();
    await faults.getByRole("cell", { name: "flaky-network" }).first().waitFor();
    await faults.getByRole("button", { name: "Remove all" }).click();
    await faults.getByText("No faults").waitFor();
  });

  test("load a fixture that is dropped, save the state, and reset after a confirmation", async () => {
    const opik = await startOpikLocal({ clock: "system" });
    onTestFinished(() => opik.stop());
    const { page } = await open(`${opik.url}/__local/ui/controls`);
    const text = readFileSync(`${FIXTURES}demo.yaml`, "utf8");
    const files = await page.evaluateHandle(`(() => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([${JSON.stringify(text)}], "demo.yaml"));
      return transfer;
    })()`);
    await page.locator(".drop").dispatchEvent("drop", { dataTransfer: files });
    await shows(page, /Loaded/);
    expect(opik.runners.get("laptop")).toBeDefined();

    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Save everything as a fixture" }).click();
    const saved = readFileSync(await (await download).path(), "utf8");
    expect((JSON.parse(saved) as { runners: Array<{ name: string }> }).runners.map(({ name }) => name)).toContain(
      "laptop",
    );

    await page.getByRole("button", { name: "Delete everything …" }).click();
    await page.getByRole("button", { name: "Keep it" }).click();
    expect(opik.runners.get("laptop")).toBeDefined();
    await page.getByRole("button", { name: "Delete everything …" }).click();
    await page.getByRole("button", { name: "Delete everything", exact: true }).click();
    await expect.poll(() => opik.runners.get("laptop")).toBeUndefined();
  });

  test("show each setting with its origin", async () => {
    const opik = await startDemo();
    const { page } = await open(`${opik.url}/__local/ui/controls`);
    const settings = page.getByRole("region", { name: "Settings" });
    await settings.getByRole("button", { name: /^All \d+ settings/ }).click();
    const workspaces = settings.getByRole("row").filter({ hasText: "--workspaces" });
    await workspaces.getByRole("cell", { name: "default", exact: true }).first().waitFor();
  });
});
