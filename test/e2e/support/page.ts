import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { expect, onTestFinished } from "vitest";
import { startOpikLocal, type TestServer } from "../../../src/testing/index.ts";

export const FIXTURES = fileURLToPath(new URL("../../../fixtures/", import.meta.url));

/** The runner `laptop` of `demo.yaml`. */
export const LAPTOP = "00000000-0000-7000-8000-00000000de30";

/** Starts a server with what `demo.yaml` and `executor.yaml` have; it stops when the test ends. */
export async function startDemo(clock: "system" | "virtual" = "system"): Promise<TestServer> {
  const opik = await startOpikLocal({ fixtures: [`${FIXTURES}demo.yaml`, `${FIXTURES}executor.yaml`], clock });
  onTestFinished(() => opik.stop());
  return opik;
}

/** Sends JSON that must be accepted. @returns the parsed answer, if it has any */
export async function post(url: string, body: unknown = {}): Promise<unknown> {
  const init = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(url, init);
  const text = await response.text();
  expect([url, response.ok, text]).toEqual([url, true, text]);
  return text === "" ? undefined : JSON.parse(text);
}

/** Waits until the page shows a text. */
export function shows(page: Page, text: string | RegExp): Promise<void> {
  return page.getByText(text).filter({ visible: true }).first().waitFor();
}

/** A request that waits on its way. */
export interface Held {
  /** Resolves when the page has sent the request. */
  sent: Promise<void>;
  /** Lets it go on. */
  release(): void;
}

/**
 * Holds back the next request to a path.
 * @param part `request` does not reach the server until it is released; `answer` waits on its way back
 */
export async function hold(page: Page, path: string | RegExp, part: "request" | "answer"): Promise<Held> {
  const sent = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  await page.route(
    path,
    async (route) => {
      const response = part === "answer" ? await route.fetch() : undefined;
      sent.resolve();
      await released.promise;
      await (response === undefined ? route.continue() : route.fulfill({ response }));
    },
    { times: 1 },
  );
  return { sent: sent.promise, release: () => released.resolve() };
}
