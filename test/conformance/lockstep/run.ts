import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";

const USAGE = `npm run test:lockstep -- [URL_A URL_B] [--api opik|runs] [--header-a "Name: value"] [--header-b "Name: value"]`;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    api: { type: "string" },
    "header-a": { type: "string", default: "" },
    "header-b": { type: "string", default: "" },
    // Vitest's own.
    reporter: { type: "string", multiple: true, default: ["default"] },
    "outputFile.json": { type: "string" },
  },
});
if (positionals.length !== 0 && positionals.length !== 2) {
  console.error(`Two servers are compared, without URLs two of ours: ${USAGE}`);
  process.exit(2);
}
const vitest = ["node_modules/vitest/vitest.mjs", "run", "--config", "test/vitest.config.ts", "--project", "lockstep"];
const reporters = values.reporter.map((reporter) => `--reporter=${reporter}`);
const output = values["outputFile.json"] === undefined ? [] : [`--outputFile.json=${values["outputFile.json"]}`];
const { status } = spawnSync(process.execPath, [...vitest, ...reporters, ...output], {
  stdio: "inherit",
  env: {
    ...process.env,
    ...(positionals.length === 0 ? {} : { OPIK_LOCAL_LOCKSTEP_URLS: positionals.join(" ") }),
    OPIK_LOCAL_LOCKSTEP_HEADERS: `${values["header-a"]}\n${values["header-b"]}`,
    ...(values.api === undefined ? {} : { OPIK_LOCAL_LOCKSTEP_API: values.api }),
  },
});
process.exitCode = status ?? 1;
