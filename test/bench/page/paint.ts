import type { Page } from "playwright-core";
import { median } from "../numbers.ts";
import type { BenchServer } from "../processes.ts";

const LOADS = 7;

/** When the overview was painted first, and when its rows were there: medians in milliseconds after the navigation. */
export async function paintTimes(page: Page, { url }: BenchServer): Promise<{ painted: number; rows: number }> {
  const loads: Array<{ painted: number; rows: number }> = [];
  // The first load is not counted.
  for (let load = 0; load <= LOADS; load += 1) {
    await page.goto("about:blank");
    const answer = await page.goto(`${url}/__local/ui/`);
    if (answer?.status() !== 200) throw new Error(`The page answers ${answer?.status()}: ${await answer?.text()}`);
    const rows = await page.evaluate<number>(`new Promise((resolve) => {
      const look = () => document.querySelector("main tbody tr") === null
        ? requestAnimationFrame(look)
        : requestAnimationFrame(() => resolve(performance.now()));
      look();
    })`);
    const painted = await page.evaluate<number>(`performance.getEntriesByName("first-contentful-paint")[0].startTime`);
    if (load > 0) loads.push({ painted, rows });
  }
  return { painted: median(loads.map(({ painted }) => painted)), rows: median(loads.map(({ rows }) => rows)) };
}
