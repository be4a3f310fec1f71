import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { percentile } from "../numbers.ts";
import { type BenchServer, startServer } from "../processes.ts";
import { fill, type FilledFile } from "./fill.ts";
import { routesOf } from "./routes.ts";

/**
 * Measures requests of a file with many rows beside the same of a small file: they are to cost the same. Then it lets
 * half of the jobs expire, and measures the pauses of the event loop while they are deleted.
 */
const { values: options } = parseArgs({
  options: {
    /** How many jobs, runs, traces and spans the large file has. */
    rows: { type: "string", default: "1000000" },
    /** How often each request is made. */
    samples: { type: "string", default: "50" },
    /** Where the files are made; default a temporary folder. */
    folder: { type: "string" },
  },
});
const SMALL = 1_000;
const WIDTHS = [38, 11, 11, 11, 11] as const;
/** Nothing expires by itself: rows are as old as the number of rows in milliseconds. */
const KEPT = { completedJobTtlMs: 365 * 86_400_000, reaperIntervalMs: 86_400_000 };
/** The pause that no request may cause, in milliseconds. */
const MAX_PAUSE_MS = 20;

const folder = mkdtempSync(join(options.folder ?? tmpdir(), "opik-local-scale-"));
try {
  const now = Date.now();
  const small = await fill(join(folder, "small.db"), SMALL, now);
  const startedAt = performance.now();
  const large = await fill(join(folder, "large.db"), Number(options.rows), now);
  const [seconds, gigabytes] = [(performance.now() - startedAt) / 1_000, statSync(large.path).size / 1e9];
  console.log(`${large.count} rows of each kind: ${gigabytes.toFixed(2)} GB, made in ${seconds.toFixed(0)} s\n`);
  await compare(small, large);
  await measureRetention(large);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function compare(small: FilledFile, large: FilledFile): Promise<void> {
  printLine(["", `p50, ${small.count}`, `p99`, `p50, ${large.count}`, "p99"]);
  const [smallStart, smallServer] = await timedStart(small);
  const [largeStart, largeServer] = await timedStart(large);
  printLine(["start, ms", rounded(smallStart), "", rounded(largeStart), ""]);
  const routes = routesOf(large);
  for (const [index, { name, path }] of routesOf(small).entries()) {
    const before = await sample(smallServer, path);
    const after = await sample(largeServer, routes[index]?.path ?? path);
    const cells = [before, after].flatMap((times) => [percentile(times, 0.5), percentile(times, 0.99)]);
    printLine([`${name}, ms`, ...cells.map(rounded)]);
  }
  await Promise.all([smallServer.stop(), largeServer.stop()]);
}

async function timedStart({ path }: FilledFile): Promise<[number, BenchServer]> {
  const startedAt = performance.now();
  const server = await startServer("real", path, undefined, KEPT);
  return [performance.now() - startedAt, server];
}

async function sample({ url }: BenchServer, path: string): Promise<number[]> {
  const times: number[] = [];
  for (let index = 0; index < Number(options.samples); index += 1) {
    const startedAt = performance.now();
    const response = await fetch(url + path);
    await response.arrayBuffer();
    times.push(performance.now() - startedAt);
    if (response.status !== 200) throw new Error(`${path}: ${response.status}`);
  }
  return times;
}

/** Half of the jobs expire at once. */
async function measureRetention(large: FilledFile): Promise<void> {
  const middle = large.start + large.count / 2;
  const startedAt = performance.now();
  const server = await startServer("real", large.path, undefined, {
    completedJobTtlMs: Math.max(1, Date.now() - middle),
    reaperIntervalMs: 1_000,
  });
  // The first request loads the HTTP library, which is no pause of a deletion.
  await countJobs(server);
  await server.pauses();
  while ((await countJobs(server)) > large.count / 2) await new Promise((resolve) => setTimeout(resolve, 500));
  const { longestPauseMs } = await server.pauses();
  const seconds = (performance.now() - startedAt) / 1_000;
  await server.stop();
  const deleted = `${Math.floor(large.count / 2)} expired jobs deleted in ${seconds.toFixed(1)} s`;
  console.log(`\n${deleted}, longest pause ${rounded(longestPauseMs)} ms (goal: ${MAX_PAUSE_MS})`);
}

async function countJobs({ url }: BenchServer): Promise<number> {
  const state = (await (await fetch(`${url}/__local/state`)).json()) as { jobs: Record<string, number> };
  return Object.values(state.jobs).reduce((sum, count) => sum + count, 0);
}

function printLine([first = "", ...others]: readonly string[]): void {
  console.log(first.padEnd(WIDTHS[0]) + others.map((cell, index) => cell.padStart(WIDTHS[index + 1] ?? 11)).join(""));
}

function rounded(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
