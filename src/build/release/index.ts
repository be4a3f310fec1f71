import { execFileSync } from "node:child_process";
import { ROOT } from "../paths.ts";
import { release } from "./release.ts";

/* Makes the commit and the tag of a release, after everything was checked: `npm run release -- 0.2.0`. */

function runScript(name: string): void {
  execFileSync("npm", ["run", name], { cwd: ROOT, stdio: "inherit", shell: process.platform === "win32" });
}

const [version] = process.argv.slice(2);
try {
  if (version === undefined) throw new Error("name the version: npm run release -- 0.2.0");
  const commands = release({ folder: ROOT, version, runScript });
  process.stdout.write(`${version} is committed and tagged. Publish it:\n  ${commands.join("\n  ")}\n`);
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
