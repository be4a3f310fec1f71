import { execFileSync, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { buildPackage } from "../../../src/build/package.ts";
import { median, percentile } from "../numbers.ts";
import type { Load, Reached } from "./client.ts";
import { memoryOf, NotInstalledError, type PeerName, type PeerServer } from "./peer.ts";
import { startNothing, startOpikLocal, startRedis } from "./servers.ts";

const HELP = `Measures opik-local beside what people would use instead: BullMQ with a Redis server, and plainjob.

A job is sent, a waiting worker gets it, writes three log lines and completes it, in 1 lane and in 10 lanes at once. All
keep their data in a file; plainjob has no logs. The clients of BullMQ and plainjob contain their workers; the runners of
opik-local are HTTP clients.

  npm run bench:peers -- [--ms 3000] [--rounds 3] [--packages FOLDER] [--help]

  --ms        how long a round takes, in milliseconds
  --rounds    how often each peer is measured; the median is shown
  --packages  a folder whose node_modules has bullmq, ioredis, plainjob and better-sqlite3; default: they are installed with
              npm into a temporary folder, which is deleted afterwards. They are no dependencies of this package

redis-server is taken from PATH (Debian: apt install redis-server). A peer that is not installed is skipped.
`;
const { values: options } = parseArgs({
  options: {
    ms: { type: "string", default: "3000" },
    rounds: { type: "string", default: "3" },
    packages: { type: "string" },
    help: { type: "boolean", default: false },
  },
});

/** In the order of the table; the ratios are to the first. */
const PEERS: ReadonlyArray<{ name: PeerName; label: string; start: (folder: string) => Promise<PeerServer> }> = [
  { name: "opik-local", label: "opik-local (HTTP)", start: startOpikLocal },
  { name: "bullmq", label: "BullMQ (Redis)", start: startRedis },
  { name: "plainjob", label: "plainjob (in process)", start: startNothing },
];
const LANES = [1, 10];
const PACKAGES = ["bullmq", "ioredis", "plainjob", "better-sqlite3@13"];
const CLIENT = new URL("./client.ts", import.meta.url);

/** A row of the table by the name of its column. */
type Row = Record<string, number>;

if (options.help) {
  process.stdout.write(HELP);
} else {
  const folder = mkdtempSync(join(tmpdir(), "opik-local-peers-"));
  try {
    await measureAll(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureAll(folder: string): Promise<void> {
  await buildPackage("warn");
  const packages = options.packages ?? install(folder);
  const rounds = new Map<PeerName, Row[]>();
  for (let round = 0; round < Number(options.rounds); round += 1) {
    for (const { name, start } of PEERS) {
      try {
        rounds.set(name, [
          ...(rounds.get(name) ?? []),
          await measure(name, await timed(() => start(folder)), packages),
        ]);
      } catch (error) {
        if (!(error instanceof NotInstalledError)) throw error;
        if (round === 0) console.log(`${name} is skipped: ${error.message}.`);
      }
    }
  }
  print(rounds);
}

async function timed<Result>(work: () => Promise<Result>): Promise<[result: Result, ms: number]> {
  const startedAt = performance.now();
  return [await work(), performance.now() - startedAt];
}

/** @throws NotInstalledError when npm fails */
function install(folder: string): string {
  writeFileSync(join(folder, "package.json"), "{}");
  try {
    const silent = ["--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"];
    execFileSync("npm", ["install", ...silent, ...PACKAGES], { cwd: folder, stdio: "ignore" });
  } catch {
    console.log(`npm could not install ${PACKAGES.join(", ")}.`);
  }
  return folder;
}

async function measure(name: PeerName, [server, serverMs]: [PeerServer, number], packages: string): Promise<Row> {
  const startedAt = performance.now();
  const child = fork(CLIENT, [name, packages, server.address], { stdio: ["ignore", "ignore", "pipe", "ipc"] });
  try {
    const ended = once(child, "exit").then(() => "exit");
    const [ready] = await Promise.race([once(child, "message"), ended.then(() => ["exit"])]);
    if (ready === "exit") throw new NotInstalledError(`its client could not be started with ${packages}`);
    const row: Row = { "start, ms": serverMs + performance.now() - startedAt };
    const ask = async (load: Load): Promise<Reached> => {
      child.send(load);
      return ((await once(child, "message")) as [Reached])[0];
    };
    const ms = Number(options.ms);
    await ask({ lanes: 10, ms: ms / 2 });
    let clientRss = 0;
    for (const lanes of LANES) {
      const { jobsPerSecond, handOuts, rss } = await ask({ lanes, ms });
      row[`jobs/s, ${lanes}`] = jobsPerSecond;
      row[`p50, ${lanes}`] = percentile(handOuts, 0.5);
      row[`p99, ${lanes}`] = percentile(handOuts, 0.99);
      clientRss = rss;
    }
    row["server, MB"] = server.pid === undefined ? 0 : memoryOf(server.pid) / 1e6;
    row["client, MB"] = clientRss / 1e6;
    return row;
  } finally {
    if (child.exitCode === null) {
      const exited = once(child, "exit");
      child.disconnect();
      await exited;
    }
    await server.stop();
  }
}

function print(rounds: ReadonlyMap<PeerName, readonly Row[]>): void {
  const [cpu] = cpus();
  const machine = `${cpus().length} cores, ${cpu?.model ?? "unknown"}, Node ${process.version}`;
  console.log(`\n${new Date().toISOString().slice(0, 10)}, ${machine}; hand-out in ms; (ratio to opik-local)\n`);
  const columns = Object.keys(rounds.values().next().value?.[0] ?? {});
  console.log(`| | ${columns.join(" | ")} |\n|---|${columns.map(() => "---|").join("")}`);
  const medianOf = (name: PeerName, column: string): number =>
    median((rounds.get(name) ?? []).map((row) => row[column] ?? Number.NaN));
  for (const { name, label } of PEERS) {
    if (!rounds.has(name)) continue;
    const cells = columns.map((column) => {
      const value = medianOf(name, column);
      const own = medianOf("opik-local", column);
      return name === "opik-local" ? rounded(value) : `${rounded(value)} (${(value / own).toFixed(2)})`;
    });
    console.log(`| ${label} | ${cells.join(" | ")} |`);
  }
}

function rounded(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
