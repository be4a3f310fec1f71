import { fileURLToPath } from "node:url";

const BUILT = fileURLToPath(new URL("../../../bin/opik-local.mjs", import.meta.url));

/** The command that starts opik-local as people have it: the built package or, when it is named, the single executable. */
export function executable(): [command: string, ...args: string[]] {
  const binary = process.env["OPIK_LOCAL_TEST_BINARY"];
  return binary === undefined ? [process.execPath, BUILT] : [binary];
}
