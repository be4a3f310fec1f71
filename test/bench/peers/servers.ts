import { spawn } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { connect as connectTo } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { freePort } from "../../support/free-port.ts";
import { RUNNERS } from "../runners.ts";
import { end, MAX_LANES, NotInstalledError, type PeerServer } from "./peer.ts";

/** The executable of the built package. */
const EXECUTABLE = fileURLToPath(new URL("../../../bin/opik-local.mjs", import.meta.url));

/** Starts opik-local with a file and a runner for each lane. */
export async function startOpikLocal(folder: string): Promise<PeerServer> {
  const fixture = join(folder, "runners.json");
  writeFileSync(fixture, JSON.stringify(runners()));
  const database = join(mkdtempSync(join(folder, "opik-local-")), "peers.db");
  const options = ["dev", "--port", "0", "--db", database, "--fixtures", fixture, "--json", "--quiet"];
  const child = spawn(process.execPath, [EXECUTABLE, ...options], { stdio: ["ignore", "pipe", "inherit"] });
  for await (const line of createInterface({ input: child.stdout })) {
    const { event, url } = JSON.parse(line) as { event: string; url: string };
    if (event !== "ready") continue;
    child.stdout.resume();
    return { address: url, pid: child.pid, stop: () => end(child) };
  }
  throw new Error("opik-local ended early");
}

/**
 * Starts a Redis server that writes its log of changes each second, as BullMQ advises.
 * @throws NotInstalledError
 */
export async function startRedis(folder: string): Promise<PeerServer> {
  const port = await freePort();
  const dir = mkdtempSync(join(folder, "redis-"));
  const options = ["--port", String(port), "--bind", "127.0.0.1", "--dir", dir, "--save", "", "--appendonly", "yes"];
  const child = spawn("redis-server", [...options, "--maxmemory-policy", "noeviction"], { stdio: "ignore" });
  const failed = new Promise<Error>((resolve) => child.once("error", resolve));
  for (;;) {
    const outcome = await Promise.race([failed, answers(port)]);
    if (outcome instanceof Error) throw new NotInstalledError("redis-server is not installed");
    if (outcome) return { address: String(port), pid: child.pid, stop: () => end(child) };
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** The queue of plainjob is in the process of its client. */
export async function startNothing(folder: string): Promise<PeerServer> {
  return { address: mkdtempSync(join(folder, "plainjob-")), pid: undefined, stop: async () => undefined };
}

function runners(): object {
  const lanes = RUNNERS.slice(0, MAX_LANES);
  return {
    projects: lanes.map(({ projectId }, lane) => ({ name: `lane ${lane}`, id: projectId })),
    runners: lanes.map(({ id }, lane) => ({
      ...{ name: `lane ${lane}`, id, project: `lane ${lane}`, type: "endpoint", keep_alive: true },
      agents: [{ name: "echo" }],
    })),
  };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectTo(port, "127.0.0.1", () => socket.write("PING\r\n"));
    socket.once("data", (data) => {
      socket.destroy();
      resolve(data.toString().startsWith("+PONG"));
    });
    socket.once("error", () => resolve(false));
  });
}
