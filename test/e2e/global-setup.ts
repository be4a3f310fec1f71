import { buildPackage } from "../../src/build/package.ts";

/** Builds once, so that every e2e suite meets the sources as they are now. The single executable is built before. */
export default async function setup(): Promise<void> {
  if (process.env["OPIK_LOCAL_TEST_BINARY"] === undefined) await buildPackage("warn");
}
