import { homedir } from "node:os";
import { main } from "../cli/index.ts";
import { processTerminal } from "../cli/terminal.ts";
import { cacheFolder, keepAddonIn } from "../database/addon.ts";

/** What the single executable starts: the command line, as `bin/opik-local.mjs` does for the package. */
const terminal = processTerminal();
keepAddonIn(cacheFolder(process.platform, terminal.environment, homedir()));
void main(process.argv.slice(2), terminal).then((code) => {
  process.exitCode = code;
});
