import { beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { Refresher } from "../../src/ui/page/refresher.ts";

/** Longer than changes are collected. */
const SOON_MS = 100;

/** Updates that have begun. The test ends each of them. */
let updates: Array<() => void>;
let refresher: Refresher;

beforeEach(() => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  updates = [];
  refresher = new Refresher(() => new Promise((resolve) => updates.push(resolve)));
});

async function end(index: number): Promise<void> {
  updates[index]!();
  await vi.advanceTimersByTimeAsync(0);
}

describe("a refresher", () => {
  test("updates at once when it is asked to", () => {
    refresher.refresh();
    expect(updates).toHaveLength(1);
  });

  test("updates once for changes that come together", async () => {
    for (let change = 0; change < 5; change += 1) refresher.changed();
    expect(updates).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(SOON_MS);
    expect(updates).toHaveLength(1);
  });

  test("updates once more for a change during an update, and never twice at the same time", async () => {
    refresher.refresh();
    refresher.changed();
    refresher.refresh();
    await vi.advanceTimersByTimeAsync(SOON_MS);
    expect(updates).toHaveLength(1);
    await end(0);
    await vi.advanceTimersByTimeAsync(10 * SOON_MS);
    expect(updates).toHaveLength(2);
    await end(1);
    await vi.advanceTimersByTimeAsync(10 * SOON_MS);
    expect(updates).toHaveLength(2);
  });

  test("waits longer after an update that took long", async () => {
    refresher.refresh();
    refresher.changed();
    await vi.advanceTimersByTimeAsync(1_000);
    await end(0);
    await vi.advanceTimersByTimeAsync(1_900);
    expect(updates).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(SOON_MS);
    expect(updates).toHaveLength(2);
  });

  test("updates no more once it is stopped", async () => {
    refresher.changed();
    refresher.stop();
    refresher.refresh();
    refresher.changed();
    await vi.advanceTimersByTimeAsync(SOON_MS);
    expect(updates).toHaveLength(0);
  });
});
