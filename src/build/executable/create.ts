import { execFileSync, fork } from "node:child_process";
import { once } from "node:events";
import { chmodSync, copyFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { LATE_FILES } from "../late-files.ts";
import { ROOT } from "../paths.ts";
import { bundleProgram } from "./bundle.ts";
import type { CacheMessage, CacheRequest } from "./code-cache.ts";
import { PROGRAM_FOLDER } from "./modules.ts";

/** Where Node looks for the application inside of its executable. */
const BLOB = "NODE_SEA_BLOB";
const FUSE = "NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2";

/** A single executable to create. */
export interface ExecutableOptions {
  /** Its path. */
  path: string;
  /** A folder for what it is made from. */
  work: string;
  /** The folder of its program's files, of which `program.cjs` exports `run`. */
  program: string;
  /** Files that the program reads from the inside: paths by names. */
  assets: Readonly<Record<string, string>>;
  /** Arguments with which the program serves and prints the line `{"event":"ready","url":"..."}`. */
  serve: readonly string[];
  /** The path of a first request that needs what all later ones need; left out, none does. */
  firstRequest?: string;
}

/**
 * Creates a single executable for this platform: Node itself with a program and its files inside, by Node's own way for
 * single executable applications. V8's code caches of what a start needs are inside, too.
 */
export async function createExecutable({
  path,
  work,
  program,
  assets,
  serve,
  firstRequest,
}: ExecutableOptions): Promise<void> {
  const code = { ...assets, ...filesOf(PROGRAM_FOLDER, program) };
  const caches = join(work, "caches");
  rmSync(caches, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  await writeCaches({ assets: code, arguments: serve, folder: caches }, work, firstRequest);
  const main = join(work, "main");
  const [loader] = await bundleProgram(main, { main: join(ROOT, "src", "build", "executable", "main.ts") }, false);
  const blob = join(work, "application.blob");
  const configuration = join(work, "application.json");
  const settings = {
    main: join(main, loader?.fileName ?? ""),
    output: blob,
    disableExperimentalSEAWarning: true,
    useCodeCache: true,
    assets: { ...code, ...filesOf(PROGRAM_FOLDER, caches) },
  };
  writeFileSync(configuration, JSON.stringify(settings));
  execFileSync(process.execPath, ["--experimental-sea-config", configuration], { stdio: "inherit" });
  inject(path, blob);
}

/**
 * Runs the program until it has answered, and writes the code caches of the files that were loaded.
 * @param folder where the program runs: it may leave files there
 * @param firstRequest the path of a request beside the one of a start
 * @throws Error when the program ends instead, and when a start loads a file that is meant to be loaded later
 */
async function writeCaches(request: CacheRequest, folder: string, firstRequest: string | undefined): Promise<void> {
  const child = fork(new URL("./code-cache.ts", import.meta.url), {
    cwd: folder,
    execArgv: [],
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  const exited = once(child, "exit");
  const ended = exited.then((): never => {
    throw new Error("The program did not start");
  });
  const ask = async (message: CacheMessage): Promise<unknown> => {
    const answered = once(child, "message") as Promise<[unknown]>;
    // A program that has ended takes none: that is reported below.
    child.send(message, () => {});
    return (await Promise.race([answered, ended]))[0];
  };
  try {
    child.send(request);
    for await (const line of createInterface({ input: child.stdout ?? Readable.from([]) })) {
      const { event, url } = JSON.parse(line) as { event: string; url: string };
      if (event !== "ready") continue;
      await (await fetch(`${url}/is-alive/ping`)).arrayBuffer();
      refuseEarly((await ask("loaded")) as string[]);
      if (firstRequest !== undefined) await (await fetch(url + firstRequest)).arrayBuffer();
      break;
    }
    await ask("write");
  } finally {
    child.kill("SIGKILL");
    await exited;
  }
}

/** @param loaded the names of the files that a start has loaded */
function refuseEarly(loaded: readonly string[]): void {
  const early = Object.keys(LATE_FILES).filter((name) => loaded.includes(`${name}.cjs`));
  if (early.length === 0) return;
  throw new Error(`A start loads what is meant to be loaded later (late-files.ts): ${early.join(", ")}`);
}

/** @returns the files of a folder, by their names after a prefix */
export function filesOf(prefix: string, folder: string): Record<string, string> {
  const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(files.map((file) => [prefix + file.name, join(folder, file.name)]));
}

function inject(path: string, blob: string): void {
  mkdirSync(dirname(path), { recursive: true });
  rmSync(path, { force: true });
  copyFileSync(process.execPath, path);
  chmodSync(path, 0o755);
  // Node's signature does not hold for what is written into it.
  if (process.platform === "darwin") execFileSync("codesign", ["--remove-signature", path]);
  strip(path);
  const injector = join(ROOT, "node_modules", "postject", "dist", "cli.js");
  const segment = process.platform === "darwin" ? ["--macho-segment-name", "NODE_SEA"] : [];
  execFileSync(process.execPath, [injector, path, BLOB, blob, "--sentinel-fuse", FUSE, ...segment], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  // macOS runs only what is signed, and takes a signature without a name.
  if (process.platform === "darwin") execFileSync("codesign", ["--sign", "-", "--force", path]);
}

/**
 * Removes symbols that only debuggers read, before the application is put in. Only of Linux: on macOS `strip` may remove
 * the symbols that SQLite's addon needs, on Windows they are in a file of their own.
 */
function strip(path: string): void {
  if (process.platform !== "linux") return;
  try {
    execFileSync("strip", [path]);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    process.stderr.write("`strip` is not installed: the executable is larger than it has to be.\n");
  }
}
