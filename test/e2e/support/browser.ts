import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, onTestFinished } from "vitest";

/** Where Debian's Chromium is, and where a variable says that another one is. */
const PATH = process.env["OPIK_LOCAL_TEST_CHROMIUM"] ?? "/usr/bin/chromium";

export const HAS_BROWSER = existsSync(PATH);

/** How long the browser may take for one step on a busy machine, in milliseconds. */
const STEP_MS = 180_000;

/** A page. Complaints are messages of its console, failed requests and those to other origins. */
export interface Tab {
  page: Page;
  /** Says which complaints are meant to come. */
  accept(complaint: RegExp): void;
}

/**
 * Starts one browser for the tests of a file.
 * @returns opens a tab, which must not have complained when the test ends
 */
export function useBrowser(): (url: string, options?: Parameters<Browser["newContext"]>[0]) => Promise<Tab> {
  let browser: Browser;
  beforeAll(async () => {
    // In containers Chromium's own sandbox cannot be made.
    browser = await chromium.launch({ executablePath: PATH, args: ["--no-sandbox"] });
  });
  afterAll(() => browser.close());
  return async (url, options) => {
    const context = await browser.newContext(options);
    context.setDefaultTimeout(STEP_MS);
    const page = await context.newPage();
    const complaints: string[] = [];
    const accepted: RegExp[] = [];
    const complain = (text: string): void => void complaints.push(text);
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) complain(message.text());
    });
    page.on("pageerror", (error) => complain(error.message));
    page.on("response", (response) => {
      if (response.status() >= 400) complain(`${response.status()} ${response.url()}`);
    });
    page.on("request", (request) => {
      if (new URL(request.url()).origin !== new URL(url).origin) complain(`left the origin: ${request.url()}`);
    });
    onTestFinished(async () => {
      await context.close();
      expect(complaints.filter((text) => !accepted.some((complaint) => complaint.test(text)))).toEqual([]);
    });
    await page.goto(url);
    return { page, accept: (complaint) => void accepted.push(complaint) };
  };
}
