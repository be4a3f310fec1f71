import { homedir } from "node:os";
import { main } from "../../cli/index.ts";
import { processTerminal } from "../../cli/terminal.ts";
import { cacheFolder, keepAddonIn } from "../../database/addon.ts";

/** The program of the single executable: the command line, as `bin/opik-local.mjs` runs it in the package. */
export function run(): void {
  const terminal = processTerminal();
  keepAddonIn(cacheFolder(process.platform, terminal.environment, homedir()));
  void main(process.argv.slice(2), terminal).then((code) => {
    process.exitCode = code;
  });
}
