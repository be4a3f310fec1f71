import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { TsdownBundle } from "tsdown";
import { filesBelow } from "../core/files-below.ts";
import { EMPTY_IMAGE } from "../database/empty-image.ts";
import { createChunks } from "./chunks.ts";
import { writeEmptyImage } from "./empty-image.ts";
import { bundleProgram } from "./executable/bundle.ts";
import { createExecutable, filesOf } from "./executable/create.ts";
import { DATA_OF_SERVER, writeLicenses } from "./licenses.ts";
import { prepare } from "./package.ts";
import { ADDON, EXECUTABLE, RECIPES, ROOT } from "./paths.ts";

const WORK = join(ROOT, "dist", "binary");
const SOURCE = join(ROOT, "src");

/** Bundles a thread into one file: it has no loader of its own. @returns its path, and what it was made from */
async function bundleThread(name: string, source: string): Promise<{ path: string; chunks: TsdownBundle["chunks"] }> {
  const folder = join(WORK, name);
  const chunks = await bundleProgram(folder, { [name]: join(SOURCE, source) }, false);
  return { path: join(folder, chunks[0]?.fileName ?? ""), chunks };
}

/** The files that the executable reads from its inside, by the names that `core/assets.ts` and others use. */
function assets(threads: Record<string, string>): Record<string, string> {
  return {
    ...threads,
    "better-sqlite3.node": ADDON,
    ...filesOf("migrations/", join(SOURCE, "database", "migrations")),
    [`migrations/${EMPTY_IMAGE}`]: writeEmptyImage(join(WORK, "migrations")),
    ...filesOf("assets/", join(SOURCE, "ui", "assets")),
    ...filesOf("prices/", join(SOURCE, "opik", "tracing", "costs", "prices")),
    ...nodeLicense(),
    ...filesOf("licenses/", join(WORK, "licenses")),
    "licenses/page.txt": join(ROOT, "dist", "licenses", "page.txt"),
    ...filesOf("help/", join(SOURCE, "cli", "help")),
    ...Object.fromEntries(filesBelow(RECIPES).map((name) => [`recipes/${name}`, join(RECIPES, name)])),
    ...filesOf("ui/", join(ROOT, "dist", "page")),
    ...filesOf("ui/assets/", join(ROOT, "dist", "page", "assets")),
    ...filesOf("fixtures/", join(ROOT, "fixtures")),
  };
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

/** Creates the single executable of this platform, `dist/bin/opik-local-<platform>-<arch>`. */
export async function buildBinary(): Promise<void> {
  // The page comes from the package.
  await prepare();
  rmSync(WORK, { recursive: true, force: true });
  const program = join(WORK, "program");
  const chunks = await bundleProgram(
    program,
    { program: join(SOURCE, "build", "executable", "program.ts") },
    { groups: [{ name: createChunks(SOURCE, { late: true }) }], includeDependenciesRecursively: false },
  );
  const fixtureWorker = await bundleThread("fixture-worker", "fixtures/load/fixture-worker.ts");
  const checkpointWorker = await bundleThread("checkpoint-worker", "database/checkpoint-worker.ts");
  writeLicenses(
    join(WORK, "licenses", "libraries.txt"),
    [...chunks, ...fixtureWorker.chunks, ...checkpointWorker.chunks],
    DATA_OF_SERVER,
  );
  const threads = { "fixture-worker.js": fixtureWorker.path, "checkpoint-worker.js": checkpointWorker.path };
  const folder = mkdtempSync(join(tmpdir(), "opik-local-build-"));
  try {
    await createExecutable({
      path: EXECUTABLE,
      work: WORK,
      program,
      assets: assets(threads),
      firstRequest: "/v1/private/projects",
      serve: ["dev", "--port", "0", "--db", join(folder, "start.db"), "--json", "--quiet"],
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (import.meta.main) {
  await buildBinary();
  const megabytes = (statSync(EXECUTABLE).size / 1e6).toFixed(1);
  process.stdout.write(`${EXECUTABLE} (${megabytes} MB)\n`);
}
