import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { build, type TsdownBundle, type UserConfig } from "tsdown";
import { createChunks } from "./chunks.ts";
import { writeEmptyImage } from "./empty-image.ts";
import { bundleProgram } from "./executable/bundle.ts";
import { DATA_OF_SERVER, writeLicenses } from "./licenses.ts";
import { buildPage } from "./page.ts";
import { DIST, RECIPES, ROOT, YAML } from "./paths.ts";
import { inAscii, withoutModuleFacades } from "./rewriting.ts";
import { writeTexts } from "./texts.ts";

const SOURCE = join(ROOT, "src");

/**
 * Builds the published package into `dist/`: the library, the test double and the command line, with the libraries
 * that they use. Only what has parts for each platform stays a dependency.
 */
export async function buildPackage(logLevel: UserConfig["logLevel"] = "info"): Promise<void> {
  const bundles = await bundle(DIST, {
    entry: {
      index: "src/index.ts",
      testing: "src/testing/index.ts",
      vitest: "src/testing/vitest.ts",
    },
    dts: { entry: ["src/index.ts", "src/testing/index.ts", "src/testing/vitest.ts"] },
    // What the types need and a project may not have: they use nothing of Node's.
    banner: { dts: '/// <reference lib="esnext.disposable" />' },
    logLevel,
  });
  const program = await bundleCommandLine();
  writeLicenses(join(DIST, "licenses", "page.txt"), await buildPage());
  writeLicenses(
    join(DIST, "licenses", "libraries.txt"),
    [...bundles.flatMap(({ chunks }) => chunks), ...program],
    DATA_OF_SERVER,
  );
}

/**
 * Bundles the command line into files of its own, beside the library: `bin/` loads them with V8's code caches
 * (`executable/package.ts`).
 */
async function bundleCommandLine(): Promise<TsdownBundle["chunks"]> {
  const options: Parameters<typeof bundleProgram>[3] = {
    clean: false,
    deps: { neverBundle: ["better-sqlite3"], alwaysBundle: (id) => id !== "better-sqlite3" },
    target: "node22.14",
  };
  const start = await bundleProgram(DIST, { start: join(SOURCE, "build", "executable", "package.ts") }, false, options);
  const program = await bundleProgram(
    DIST,
    { cli: join(SOURCE, "cli", "index.ts") },
    { groups: [{ name: createChunks(SOURCE, { late: true }) }], includeDependenciesRecursively: false },
    options,
  );
  return [...start, ...program];
}

/** Bundles programs that have the server in them into a folder, with the threads and files that it uses. */
export async function bundle(
  folder: string,
  { entry, ...options }: Pick<UserConfig, "banner" | "dts" | "logLevel"> & { entry: Readonly<Record<string, string>> },
): Promise<TsdownBundle[]> {
  const bundles = await build({
    config: false,
    cwd: ROOT,
    outDir: folder,
    entry: {
      ...entry,
      "checkpoint-worker": "src/database/checkpoint-worker.ts",
      "fixture-worker": "src/fixtures/load/fixture-worker.ts",
    },
    format: "esm",
    platform: "node",
    target: "node22.14",
    hash: false,
    checks: { pluginTimings: false },
    alias: { yaml: YAML },
    // It is the user's, and an optional peer without a version in package.json: npm would resolve all of its packages in each
    // `npx opik-local`, which takes longer than the command.
    deps: { neverBundle: ["vitest"] },
    inputOptions: { preserveEntrySignatures: "allow-extension" },
    plugins: [withoutModuleFacades(), inAscii()],
    outputOptions: {
      comments: false,
      codeSplitting: {
        groups: [{ name: createChunks(SOURCE, { late: false }) }],
        includeDependenciesRecursively: false,
      },
    },
    copy: [
      { from: "src/opik/tracing/costs/prices/*", to: join(folder, "prices") },
      { from: "src/ui/assets/*", to: join(folder, "assets") },
    ],
    ...options,
  });
  const migrations = join(folder, "migrations");
  writeEmptyImage(migrations);
  writeTexts(migrations, join(SOURCE, "database", "migrations"));
  writeTexts(join(folder, "help"), join(SOURCE, "cli", "help"));
  writeTexts(join(folder, "recipes"), RECIPES);
  return bundles;
}

/** Builds the package if a source is newer than the build. */
export async function prepare(): Promise<void> {
  if (!isBuilt()) await buildPackage("warn");
}

/** Whether the build is newer than everything that it is made from. */
function isBuilt(): boolean {
  const built = statSync(join(DIST, "licenses", "libraries.txt"), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const sources = readdirSync(join(ROOT, "src"), { recursive: true, encoding: "utf8" });
  const files = [...sources.map((name) => join("src", name)), "package.json", "package-lock.json"];
  return files.every((name) => statSync(join(ROOT, name)).mtimeMs < built);
}

if (import.meta.main) await (process.argv.includes("--prepare") ? prepare() : buildPackage());
