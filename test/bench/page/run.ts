import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";
import { DIST } from "../../../src/build/paths.ts";
import { startServer } from "../processes.ts";
import { programOf } from "../programs.ts";
import { fill, RUNNER_ID } from "../scale/fill.ts";
import { measureFrames } from "./frames.ts";
import { paintTimes } from "./paint.ts";

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
const QUIET_MS = 5_000;
const KEPT = { completedJobTtlMs: 365 * 86_400_000, reaperIntervalMs: 86_400_000 };

/** The views that are measured while jobs change. */
const VIEWS = [
  { name: "runner", path: `runners/${RUNNER_ID}` },
  { name: "overview", path: "" },
];

const folder = mkdtempSync(join(tmpdir(), "opik-local-page-"));
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
try {
  const file = await fill(join(folder, "page.db"), Number(options.rows), Date.now());
  // The page lies beside the program, as in the package.
  cpSync(join(DIST, "page"), join(dirname(await programOf("real-server")), "page"), { recursive: true });
  const server = await startServer("real", file.path, undefined, KEPT);
  const page = await browser.newPage();
  const { painted, rows } = await paintTimes(page, server);
  console.log(
    `overview with ${file.count} rows: painted after ${painted.toFixed(0)} ms, rows after ${rows.toFixed(0)} ms`,
  );
  for (const { name, path } of VIEWS) {
    const [perSecond, seconds] = [Number(options.events), Number(options.seconds)];
    const frames = await measureFrames(page, server, path, { file, perSecond, seconds });
    console.log(
      `${name} at ${frames.eventsPerSecond.toFixed(0)} events a second: longest frame ${frames.longest.toFixed(0)} ms, ` +
        `${frames.long} of ${frames.count} over 100 ms, longest task ${frames.longestTask.toFixed(1)} ms and ` +
        `${(frames.mainThread * 100).toFixed(0)} % of the processor on the main thread`,
    );
  }
  await page.close();
  await server.usage();
  const before = await server.usage();
  await pause(QUIET_MS);
  // The collection that the first measurement began with is no work of the server.
  const spent = (await server.usage()).cpuMs - before.cpuMs - before.gcMs;
  console.log(`processor time of the server while no page is open: ${spent.toFixed(0)} ms in ${QUIET_MS / 1_000} s`);
  await server.stop();
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}
