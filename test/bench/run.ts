import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { buildPackage } from "../../src/build/package.ts";
import { measureExecutables } from "./binary.ts";
import { measureJournal } from "./journal.ts";
import { median, medianOf, percentile, type Took } from "./numbers.ts";
import {
  type BenchServer,
  CommandTimer,
  EXEC_COMMANDS,
  LoadGenerator,
  measureTestDouble,
  type ServerKind,
  START_COMMANDS,
  startServer,
} from "./processes.ts";

/**
 * Measures the server beside a bare one that does the same requests and row writes without rules. Machines
 * differ and are noisy: both are measured in turns, in the same run, and what counts is the ratio.
 */
const { values: options } = parseArgs({
  options: {
    /** How often each thing is measured; the median is reported. */
    rounds: { type: "string", default: "5" },
    /** How long one round of cycles takes, in milliseconds. */
    ms: { type: "string", default: "2000" },
    /** What is measured (see `measurePart`). */
    only: { type: "string", default: "requests,spans,journal,memory,double,start,binary" },
    /** A folder for CPU profiles of the server. */
    profile: { type: "string" },
  },
});
const ROUNDS = Number(options.rounds);
const LANES = 10;
const SAMPLES = 200;
const HELD_POLLS = 5_000;
const LOADED_CYCLES = 40_000;
const FIRST_COLUMN_WIDTH = 76;
const COLUMN_WIDTH = 11;
const KINDS: readonly ServerKind[] = ["real", "bare"];

interface Row {
  measured: string;
  unit: string;
  real: number;
  bare: number;
}

const folder = mkdtempSync(join(tmpdir(), "opik-local-bench-"));
const load = new LoadGenerator();
const timer = new CommandTimer();
try {
  printLine(["", "opik-local", "bare", "ratio", ""]);
  for (const part of options.only.split(",")) await measurePart(part);
} finally {
  await Promise.all([load.stop(), timer.stop()]);
  rmSync(folder, { recursive: true, force: true });
}

async function measurePart(part: string): Promise<void> {
  switch (part) {
    case "requests":
      for (const storage of ["file", "memory"]) await measureRequests(storage);
      break;
    case "spans":
      return measureSpans();
    case "journal":
      return printJournal();
    case "memory":
      return print(await measureMemory());
    case "double":
      return print(await measureDouble());
    case "start":
      print(await measureStart());
      return print([await measureExec()]);
    case "binary":
      return printExecutables();
    default:
      throw new Error(`There is no part ${part}`);
  }
}

async function measureRequests(storage: string): Promise<void> {
  const servers = await startBoth((kind) => (storage === "memory" ? ":memory:" : join(folder, `${kind}.db`)));
  const lanes = LANES;
  const inLanes = `${LANES} at once, ${storage}`;
  print(await measureRate({ kind: "cycles", lanes }, `create, next, running, logs, result: ${inLanes}`, servers));
  print(await measureRate({ kind: "runs", lanes }, `executor run: trigger, push, complete: ${inLanes}`, servers));
  for (const polls of [1, 100, 1_000]) print(await measureDispatch(storage, servers, polls));
  await Promise.all(KINDS.map((kind) => servers[kind].stop()));
}

async function measureSpans(): Promise<void> {
  const servers = await startBoth((kind) => join(folder, `${kind}-spans.db`));
  for (const size of [100, 1_000]) {
    print(await measureRate({ kind: "spans", size }, `spans, in batches of ${size}: file`, servers));
  }
  await Promise.all(KINDS.map((kind) => servers[kind].stop()));
}

async function printJournal(): Promise<void> {
  const { on, off } = await measureJournal(load, { rounds: ROUNDS, lanes: LANES, ms: Number(options.ms) });
  printLine(["", "journal", "without", "ratio", ""]);
  print([{ measured: `a cycle: ${LANES} at once, memory, processor time`, unit: "ms", real: on, bare: off }]);
}

async function startBoth(database: (kind: ServerKind) => string): Promise<Record<ServerKind, BenchServer>> {
  return {
    real: await startServer("real", database("real"), options.profile),
    bare: await startServer("bare", database("bare")),
  };
}

async function measureRate(
  scenario: { kind: "cycles" | "runs"; lanes: number } | { kind: "spans"; size: number },
  measured: string,
  servers: Record<ServerKind, BenchServer>,
): Promise<Row[]> {
  const perSecond: Record<ServerKind, number[]> = { real: [], bare: [] };
  const cpu: Record<ServerKind, number[]> = { real: [], bare: [] };
  const ms = Number(options.ms);
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const server of KINDS) {
      const before = await servers[server].usage();
      const [rate = Number.NaN] = await load.run({ ...scenario, url: servers[server].url, ms });
      const after = await servers[server].usage();
      // The first round warms up.
      if (round === 0) continue;
      perSecond[server].push(rate);
      cpu[server].push((after.cpuMs - before.cpuMs) / ((rate * ms) / 1000));
    }
  }
  return [
    { measured, unit: "/s", real: median(perSecond.real), bare: median(perSecond.bare) },
    { measured: `${measured}, processor time`, unit: "ms", real: median(cpu.real), bare: median(cpu.bare) },
  ];
}

async function measureDispatch(
  storage: string,
  servers: Record<ServerKind, BenchServer>,
  polls: number,
): Promise<Row[]> {
  const p50: Record<ServerKind, number[]> = { real: [], bare: [] };
  const p99: Record<ServerKind, number[]> = { real: [], bare: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const kind of KINDS) {
      const times = await load.run({ kind: "dispatch", url: servers[kind].url, polls, samples: SAMPLES });
      p50[kind].push(percentile(times, 0.5));
      p99[kind].push(percentile(times, 0.99));
    }
  }
  const measured = `job sent to job read, ${polls} waiting, ${storage}`;
  return [
    { measured: `${measured}, p50`, unit: "ms", real: median(p50.real), bare: median(p50.bare) },
    { measured: `${measured}, p99`, unit: "ms", real: median(p99.real), bare: median(p99.bare) },
  ];
}

async function measureStart(): Promise<Row[]> {
  await buildPackage("warn");
  const took: Record<ServerKind, Took[]> = { real: [], bare: [] };
  for (let round = 0; round <= ROUNDS * 2; round += 1) {
    for (const kind of KINDS) {
      const result = await timer.startToFirstAnswer(START_COMMANDS[kind](join(folder, `${kind}-start-${round}.db`)));
      // The first start fills the caches.
      if (round > 0) took[kind].push(result);
    }
  }
  return startRows("start of the process to the first answer (new file)", medianOf(took.real), medianOf(took.bare));
}

function startRows(measured: string, real: Took, bare: Took): Row[] {
  return [
    { measured, unit: "ms", real: real.wall, bare: bare.wall },
    { measured: `${measured}, processor time`, unit: "ms", real: real.cpu, bare: bare.cpu },
  ];
}

async function printExecutables(): Promise<void> {
  await buildPackage("warn");
  const costs = await measureExecutables(timer, folder, ROUNDS * 2, START_COMMANDS.real);
  print(startRows("the single executable's start", costs.executable, costs.bare));
  printLine(["", "executable", "package", "ratio", ""]);
  print(startRows("the single executable's start", costs.executable, costs.package));
}

async function measureExec(): Promise<Row> {
  const times: Record<ServerKind, number[]> = { real: [], bare: [] };
  for (let round = 0; round <= ROUNDS * 2; round += 1) {
    for (const kind of KINDS) {
      const took = await timer.runToEnd(EXEC_COMMANDS[kind]);
      if (round > 0) times[kind].push(took);
    }
  }
  return {
    measured: "exec -- true, from start to end",
    unit: "ms",
    real: median(times.real),
    bare: median(times.bare),
  };
}

async function measureDouble(): Promise<Row[]> {
  const fixture = fileURLToPath(new URL("../../fixtures/demo.yaml", import.meta.url));
  const { real, bare } = await measureTestDouble(fixture, ROUNDS * 20);
  const measured = "test double: start with demo.yaml, reset, stop";
  return [
    { measured, unit: "ms", real: real.wall, bare: bare.wall },
    { measured: `${measured}, processor time`, unit: "ms", real: real.cpu, bare: bare.cpu },
  ];
}

async function measureMemory(): Promise<Row[]> {
  const idle: Record<ServerKind, number> = { real: 0, bare: 0 };
  const holding: Record<ServerKind, number> = { real: 0, bare: 0 };
  const loaded: Record<ServerKind, number> = { real: 0, bare: 0 };
  for (const kind of KINDS) {
    const server = await startServer(kind, ":memory:");
    idle[kind] = toMegabytes((await server.usage()).rss);
    await load.run({ kind: "hold", url: server.url, polls: HELD_POLLS });
    holding[kind] = toMegabytes((await server.usage()).rss);
    await server.stop();
    // In a file, because rows in memory are no cost of the server.
    const ofFile = await startServer(kind, join(folder, `${kind}-memory.db`));
    await load.run({ kind: "cycle-count", url: ofFile.url, lanes: LANES, count: LOADED_CYCLES });
    loaded[kind] = toMegabytes((await ofFile.usage()).rss);
    await ofFile.stop();
  }
  return [
    { measured: "resident memory, idle", unit: "MB", ...idle },
    { measured: `resident memory, ${HELD_POLLS} open polls`, unit: "MB", ...holding },
    { measured: `resident memory after ${LOADED_CYCLES} job cycles, file`, unit: "MB", ...loaded },
  ];
}

function toMegabytes(bytes: number): number {
  return bytes / 1_000_000;
}

function print(rows: readonly Row[]): void {
  for (const { measured, unit, real, bare } of rows) {
    printLine([measured, rounded(real), rounded(bare), (real / bare).toFixed(2), unit]);
  }
}

function printLine([first = "", ...others]: readonly string[]): void {
  console.log(first.padEnd(FIRST_COLUMN_WIDTH) + others.map((cell) => cell.padStart(COLUMN_WIDTH)).join(""));
}

function rounded(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
