import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { build, type TsdownBundle } from "tsdown";
import { EMPTY_IMAGE } from "../database/empty-image.ts";
import { writeEmptyImage } from "./empty-image.ts";
import { DATA_OF_SERVER, writeLicenses } from "./licenses.ts";
import { prepare } from "./package.ts";
import { EXECUTABLE, ROOT } from "./paths.ts";

/*
 * Creates the single executable of this platform, `dist/bin/opik-local-<platform>-<arch>`: Node itself with the bundled
 * command line and its files inside, by Node's own way for single executable applications.
 */

const WORK = join(ROOT, "dist", "binary");

/** Where Node looks for the application inside of its executable. */
const BLOB = "NODE_SEA_BLOB";
const FUSE = "NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2";

interface Bundle {
  path: string;
  chunks: TsdownBundle["chunks"];
}

/** Bundles a program with all of its libraries into one file, in a folder of its own. */
async function bundle(name: string, source: string): Promise<Bundle> {
  const outDir = join(WORK, name);
  const [bundled] = await build({
    config: false,
    entry: { [name]: join(ROOT, "src", source) },
    outDir,
    format: "cjs",
    platform: "node",
    target: `node${process.versions.node}`,
    dts: false,
    minify: true,
    deps: { alwaysBundle: () => true },
    outputOptions: { codeSplitting: false },
    logLevel: "warn",
  });
  const chunks = bundled?.chunks ?? [];
  return { path: join(outDir, chunks[0]?.fileName ?? ""), chunks };
}

/** The files that the executable reads from its inside, by the names that `core/assets.ts` and others use. */
function assets(workers: Record<string, string>): Record<string, string> {
  return {
    ...workers,
    "better-sqlite3.node": join(
      ROOT,
      "node_modules",
      "better-sqlite3",
      "prebuilds",
      `${system()}-${process.arch}.node`,
    ),
    ...filesOf("migrations", join(ROOT, "src", "database", "migrations")),
    [`migrations/${EMPTY_IMAGE}`]: writeEmptyImage(join(WORK, "migrations")),
    ...filesOf("assets", join(ROOT, "src", "ui", "assets")),
    ...filesOf("prices", join(ROOT, "src", "opik", "tracing", "costs", "prices")),
    ...nodeLicense(),
    ...filesOf("licenses", join(WORK, "licenses")),
    "licenses/page.txt": join(ROOT, "dist", "licenses", "page.txt"),
    ...filesOf("help", join(ROOT, "src", "cli", "help")),
    ...filesOf("ui", join(ROOT, "dist", "page")),
    ...filesOf("ui/assets", join(ROOT, "dist", "page", "assets")),
    ...filesOf("fixtures", join(ROOT, "fixtures")),
  };
}

/** The name of this system as better-sqlite3 names its addons: of Linux there are two, by their C library. */
function system(): string {
  if (process.platform !== "linux") return process.platform;
  const report: { header?: { glibcVersionRuntime?: string } } = process.report.getReport();
  return report.header?.glibcVersionRuntime === undefined ? "linuxmusl" : "linux";
}

/**
 * Node's own licence; it lies in the folder of its distribution, of which `bin/` is a part. The npm package `node` links
 * the program to a place of its own, so the distributions that npm has installed are looked at, too.
 */
function nodeLicense(): Record<string, string> {
  const system = `${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
  const modules = [join(ROOT, "node_modules", "node", "node_modules"), join(ROOT, "node_modules")];
  // On macOS with arm64 the package has another name than elsewhere.
  const installed = modules.flatMap((folder) => ["node", "node-bin"].map((name) => join(folder, `${name}-${system}`)));
  const folders = [...installed, dirname(process.execPath), dirname(dirname(process.execPath))];
  const file = folders.map((folder) => join(folder, "LICENSE")).find((path) => existsSync(path));
  if (file === undefined) throw new Error(`Node's licence was not found in ${folders.join(", ")}`);
  return { "licenses/node.txt": file };
}

function filesOf(name: string, folder: string): Record<string, string> {
  const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(files.map((file) => [`${name}/${file.name}`, join(folder, file.name)]));
}

function makeExecutable(main: string, workers: Record<string, string>): void {
  const blob = join(WORK, "application.blob");
  const configuration = join(WORK, "application.json");
  const settings = {
    main,
    output: blob,
    disableExperimentalSEAWarning: true,
    useCodeCache: true,
    assets: assets(workers),
  };
  writeFileSync(configuration, JSON.stringify(settings));
  execFileSync(process.execPath, ["--experimental-sea-config", configuration], { stdio: "inherit" });
  mkdirSync(dirname(EXECUTABLE), { recursive: true });
  rmSync(EXECUTABLE, { force: true });
  copyFileSync(process.execPath, EXECUTABLE);
  chmodSync(EXECUTABLE, 0o755);
  // Node's signature does not hold for what is written into it.
  if (process.platform === "darwin") execFileSync("codesign", ["--remove-signature", EXECUTABLE]);
  strip();
  const injector = join(ROOT, "node_modules", "postject", "dist", "cli.js");
  const segment = process.platform === "darwin" ? ["--macho-segment-name", "NODE_SEA"] : [];
  const options = ["--sentinel-fuse", FUSE, ...segment];
  execFileSync(process.execPath, [injector, EXECUTABLE, BLOB, blob, ...options], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  // macOS runs only what is signed, and takes a signature without a name.
  if (process.platform === "darwin") execFileSync("codesign", ["--sign", "-", "--force", EXECUTABLE]);
}

/**
 * Removes symbols that only debuggers read, before the application is put in. Only of Linux: on macOS `strip` may remove
 * the symbols that SQLite's addon needs, on Windows they are in a file of their own.
 */
function strip(): void {
  if (process.platform !== "linux") return;
  try {
    execFileSync("strip", [EXECUTABLE]);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    process.stderr.write("`strip` is not installed: the executable is larger than it has to be.\n");
  }
}

// The page comes from the package.
await prepare();
const main = await bundle("executable", "build/executable.ts");
const fixtureWorker = await bundle("fixture-worker", "fixtures/load/fixture-worker.ts");
const checkpointWorker = await bundle("checkpoint-worker", "database/checkpoint-worker.ts");
writeLicenses(
  join(WORK, "licenses", "libraries.txt"),
  [main, fixtureWorker, checkpointWorker].flatMap(({ chunks }) => chunks),
  DATA_OF_SERVER,
);
makeExecutable(main.path, {
  "fixture-worker.js": fixtureWorker.path,
  "checkpoint-worker.js": checkpointWorker.path,
});
const megabytes = (statSync(EXECUTABLE).size / 1e6).toFixed(1);
process.stdout.write(`${EXECUTABLE} (${megabytes} MB)\n`);
