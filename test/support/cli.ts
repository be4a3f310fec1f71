import { main } from "../../src/cli/index.ts";

/** The command line from the sources: `node cli.ts dev --port 0`. */
process.exitCode = await main(process.argv.slice(2));
