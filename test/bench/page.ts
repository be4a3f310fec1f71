import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { chromium, type Page } from "playwright-core";
import { DIST } from "../../src/build/paths.ts";
import { median } from "./numbers.ts";
import { type BenchServer, startServer } from "./processes.ts";
import { programOf } from "./programs.ts";
import { fill, RUNNER_ID } from "./scale/fill.ts";

/**
 * Measures the page in a real Chromium: the first paint of the overview with many rows in the file, the length of frames
 * while events arrive, and the server's processor time while no page is open. Run `npm run build` first.
 */
const { values: options } = parseArgs({
  options: {
    /** How many jobs, runs, traces and spans the file has. */
    rows: { type: "string", default: "1000000" },
    /** How many changes a second are shown, for how many seconds. */
    events: { type: "string", default: "500" },
    seconds: { type: "string", default: "10" },
  },
});
const CHROMIUM = process.env["OPIK_LOCAL_TEST_CHROMIUM"] ?? "/usr/bin/chromium";
const LOADS = 5;
const QUIET_MS = 5_000;
const KEPT = { completedJobTtlMs: 365 * 86_400_000, reaperIntervalMs: 86_400_000 };

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const folder = mkdtempSync(join(tmpdir(), "opik-local-page-"));
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
try {
  const { path, projectId, count } = await fill(join(folder, "page.db"), Number(options.rows), Date.now());
  // The page lies beside the program, as in the package.
  cpSync(join(DIST, "page"), join(dirname(await programOf("real-server")), "page"), { recursive: true });
  const server = await startServer("real", path, undefined, KEPT);
  const page = await browser.newPage();
  console.log(`overview painted, ${count} rows: ${(await paintTimes(page, server)).toFixed(0)} ms, median of ${LOADS}`);
  console.log(
    `longest frame at ${options.events} events a second: ${(await longestFrame(page, server, projectId)).toFixed(0)} ms`,
  );
  await page.close();
  await server.usage();
  const before = (await server.usage()).cpuMs;
  await pause(QUIET_MS);
  const spent = (await server.usage()).cpuMs - before;
  console.log(`processor time of the server while no page is open: ${spent.toFixed(0)} ms in ${QUIET_MS / 1_000} s`);
  await server.stop();
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}

/** From the navigation to the frame in which the rows of the overview are there; the first load is not counted. */
async function paintTimes(page: Page, { url }: BenchServer): Promise<number> {
  const times: number[] = [];
  for (let load = 0; load <= LOADS; load += 1) {
    await page.goto("about:blank");
    const answer = await page.goto(`${url}/__local/ui/`);
    if (answer?.status() !== 200) throw new Error(`The page answers ${answer?.status()}: ${await answer?.text()}`);
    const painted = await page.evaluate<number>(`new Promise((resolve) => {
      const look = () => document.querySelector("main tbody tr") === null
        ? requestAnimationFrame(look)
        : requestAnimationFrame(() => resolve(performance.now()));
      look();
    })`);
    if (load > 0) times.push(painted);
  }
  return median(times);
}

/** Creates and cancels jobs while the page shows them. @returns the longest time between two frames, in milliseconds */
async function longestFrame(page: Page, { url }: BenchServer, projectId: string): Promise<number> {
  await page.goto(`${url}/__local/ui/runners/${RUNNER_ID}`);
  await page.locator("h1").waitFor();
  await page.evaluate(`(() => {
    window.longest = 0;
    let before = performance.now();
    const next = (now) => {
      window.longest = Math.max(window.longest, now - before);
      before = now;
      requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  })()`);
  const jobs = `${url}/api/v1/private/local-runners/jobs`;
  const send = (path: string, body: unknown): Promise<Response> =>
    fetch(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  const changeTwice = async (): Promise<void> => {
    const created = await send(jobs, { agent_name: "echo", project_id: projectId, inputs: { text: "hello" } });
    await send(`${jobs}/${created.headers.get("location")?.split("/").at(-1)}/cancel`, {});
  };
  // Each job is two events; they are sent in twenty groups a second.
  const groups = Number(options.seconds) * 20;
  const ofGroup = Math.ceil(Number(options.events) / 2 / 20);
  for (let group = 0; group < groups; group += 1) {
    const begun = performance.now();
    await Promise.all(Array.from({ length: ofGroup }, changeTwice));
    await pause(Math.max(0, 50 - (performance.now() - begun)));
  }
  return page.evaluate<number>("window.longest");
}
