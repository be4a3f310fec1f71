import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { Terminal } from "../terminal.ts";
import { type Check, note, ok } from "./check.ts";

const run = promisify(execFile);

/** The timeout of asking a Python for its SDK, in milliseconds. */
const PYTHON_TIMEOUT_MS = 10_000;

/** Prints the version of Python and that of the SDK, or nothing after it. */
const QUESTION = `
import importlib.metadata, platform
print(platform.python_version())
try:
    print(importlib.metadata.version("opik"))
except importlib.metadata.PackageNotFoundError:
    pass
`;

interface Python {
  path: string;
  version: string;
  sdk: string | undefined;
}

/** The SDK for Python, in the virtual environment of the folder or the shell, else in the Python of the machine. */
export async function checkPythonSdk(terminal: Terminal): Promise<Check> {
  const name = "Python SDK";
  const pythons: Python[] = [];
  for (const path of pythonsOf(terminal)) {
    const python = await ask(path, terminal);
    if (python === undefined) continue;
    if (python.sdk !== undefined) return ok(name, `opik ${python.sdk} of ${python.path} (Python ${python.version})`);
    pythons.push(python);
  }
  const [first] = pythons;
  return first === undefined
    ? note(name, "there is no Python", "Nothing, unless agents or tests are written in Python.")
    : note(
        name,
        `${first.path} (Python ${first.version}) has no opik`,
        "pip install opik, if agents are written in Python.",
      );
}

/** The SDK for TypeScript, as a program in this folder would import it. */
export function checkTypeScriptSdk({ folder }: Terminal): Check {
  const name = "TypeScript SDK";
  const manifest = findManifest(folder);
  if (manifest === undefined)
    return note(
      name,
      `there is no opik in ${folder} or above`,
      "npm install opik, if agents are written in TypeScript.",
    );
  const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { version?: string };
  return ok(name, `opik ${version} in ${dirname(manifest)}`);
}

function findManifest(folder: string): string | undefined {
  const path = join(folder, "node_modules", "opik", "package.json");
  if (existsSync(path)) return path;
  return dirname(folder) === folder ? undefined : findManifest(dirname(folder));
}

/** The Pythons to try, those of virtual environments first. */
function pythonsOf({ environment, folder }: Terminal): string[] {
  const isWindows = process.platform === "win32";
  const inEnvironment = isWindows ? join("Scripts", "python.exe") : join("bin", "python");
  const environments = [environment["VIRTUAL_ENV"], join(folder, ".venv"), join(folder, "venv")];
  const found = environments
    .flatMap((path) => (path ? [join(path, inEnvironment)] : []))
    .filter((path) => existsSync(path));
  return [...found, ...(isWindows ? ["python", "py"] : ["python3", "python"])];
}

async function ask(path: string, { environment, folder }: Terminal): Promise<Python | undefined> {
  try {
    const options = { cwd: folder, env: { ...environment }, timeout: PYTHON_TIMEOUT_MS };
    const { stdout } = await run(path, ["-c", QUESTION], options);
    const [version = "", sdk] = stdout.split(/\r?\n/).filter((line) => line !== "");
    return { path, version, sdk };
  } catch {
    // The program does not exist or fails: the next one is tried.
    return undefined;
  }
}
