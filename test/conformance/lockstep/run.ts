import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";

const USAGE = `npm run test:lockstep -- URL_A URL_B [--api opik|runs] [--header-a "Name: value"] [--header-b "Name: value"]`;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { api: { type: "string" }, "header-a": { type: "string" }, "header-b": { type: "string" } },
});
if (positionals.length !== 2) {
  console.error(`Two URLs are compared: ${USAGE}`);
  process.exit(2);
}
const { status } = spawnSync(
  process.execPath,
  ["node_modules/vitest/vitest.mjs", "run", "--config", "test/vitest.config.ts", "--project", "lockstep"],
  {
    stdio: "inherit",
    env: {
      ...process.env,
      OPIK_LOCAL_LOCKSTEP_URLS: positionals.join(" "),
      OPIK_LOCAL_LOCKSTEP_HEADERS: `${values["header-a"] ?? ""}\n${values["header-b"] ?? ""}`,
      ...(values.api === undefined ? {} : { OPIK_LOCAL_LOCKSTEP_API: values.api }),
    },
  },
);
process.exitCode = status ?? 1;
