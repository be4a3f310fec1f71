import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import manifest from "../../../package.json" with { type: "json" };

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

let tarball: Promise<string> | undefined;

/** Packs the package, once for each file of tests. @returns the path of the tarball */
async function pack(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "opik-local-tarball-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  await run("npm", ["pack", "--ignore-scripts", "--pack-destination", folder], { cwd: ROOT });
  return join(folder, readdirSync(folder)[0] ?? "");
}

/**
 * Gives a folder the package as npm would publish it now, and packages of this repository beside it.
 * @param names of these packages
 */
export async function installPackage(folder: string, names: readonly string[]): Promise<void> {
  const modules = join(folder, "node_modules");
  mkdirSync(modules, { recursive: true });
  await run("tar", ["-xzf", await (tarball ??= pack())], { cwd: modules });
  renameSync(join(modules, "package"), join(modules, manifest.name));
  for (const name of ["better-sqlite3", ...names]) {
    const link = join(modules, name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(ROOT, "node_modules", name), link, "junction");
  }
}

/** The environment of a person's terminal: this Node first, and nothing of the test runner that runs this. */
export function userEnvironment(): NodeJS.ProcessEnv {
  const ours = Object.entries(process.env).filter(([name]) => !/^(?:VITEST|NODE_|OPIK|npm_)/i.test(name));
  return { ...Object.fromEntries(ours), PATH: `${dirname(process.execPath)}:${process.env["PATH"] ?? ""}` };
}
