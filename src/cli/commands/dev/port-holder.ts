import { execFile } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { promisify } from "node:util";

const LSOF_TIMEOUT_MS = 1_000;
/** State of a listening socket in `/proc/net/tcp`. */
const LISTENING = "0A";

/**
 * Finds the process that listens on a TCP port of this machine.
 * @returns `process 4711 (node server.js)`, or `undefined` when it is unknown: the process belongs to another user, or
 * the system has no quick way to find it
 */
export async function findPortHolder(port: number): Promise<string | undefined> {
  if (process.platform === "linux") return holderFromProc(port);
  return process.platform === "win32" ? undefined : holderFromLsof(port);
}

/** A command that finds it out, for when we could not. */
export function portHolderCommand(port: number): string {
  return process.platform === "win32" ? `netstat -ano | findstr :${port}` : `lsof -nP -iTCP:${port} -sTCP:LISTEN`;
}

function holderFromProc(port: number): string | undefined {
  const sockets = new Set(["/proc/net/tcp", "/proc/net/tcp6"].flatMap((table) => listeningSockets(table, port)));
  if (sockets.size === 0) return undefined;
  for (const pid of listFolder("/proc").filter((name) => /^\d+$/.test(name))) {
    const isHolder = listFolder(`/proc/${pid}/fd`).some((fd) => sockets.has(readLink(`/proc/${pid}/fd/${fd}`)));
    if (isHolder) return describeProcess(pid, readText(`/proc/${pid}/cmdline`).replaceAll("\0", " "));
  }
  return undefined;
}

/** The sockets that listen on the port, as the links in `/proc/PID/fd` name them. */
function listeningSockets(table: string, port: number): string[] {
  const rows = readText(table)
    .split("\n")
    .slice(1)
    .map((row) => row.trim().split(/\s+/));
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  return rows
    .filter(([, address, , state]) => address?.endsWith(suffix) && state === LISTENING)
    .map((row) => `socket:[${row[9]}]`);
}

async function holderFromLsof(port: number): Promise<string | undefined> {
  const { stdout } = await promisify(execFile)("lsof", ["-nP", `-iTCP:${port}`, "-sTCP:LISTEN", "-Fpc"], {
    timeout: LSOF_TIMEOUT_MS,
  }).catch(() => ({ stdout: "" }));
  const [, pid, command] = /^p(\d+)\n(?:.*\n)*?c(.+)$/m.exec(stdout) ?? [];
  return pid === undefined || command === undefined ? undefined : describeProcess(pid, command);
}

const LONGEST_COMMAND = 40;

/** `/usr/bin/node server.js` is `process 4711 (node server.js)`. */
function describeProcess(pid: string, command: string): string {
  const text = command.trim().replace(/^\S*\//, "");
  return `process ${pid} (${text.length > LONGEST_COMMAND ? `${text.slice(0, LONGEST_COMMAND)}…` : text})`;
}

/* What belongs to other users cannot be read, and processes end while they are looked at: both count as empty. */

function listFolder(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function readLink(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}
