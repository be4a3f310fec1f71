import { join } from "node:path";
import { bundle } from "../../src/build/package.ts";
import { ROOT } from "../../src/build/paths.ts";

/** The programs under test, by their names. */
const PROGRAMS = ["real-server", "bare-server", "double"] as const;
type ProgramName = (typeof PROGRAMS)[number];

/** Below the libraries that are not bundled. */
const FOLDER = join(ROOT, "node_modules", ".cache", "opik-local-bench");

let bundled: Promise<unknown> | undefined;

/**
 * The file of a program, bundled as the package is: people run that and not the sources, whose types Node would have to
 * strip.
 */
export async function programOf(name: ProgramName): Promise<string> {
  bundled ??= bundle(FOLDER, {
    entry: Object.fromEntries(PROGRAMS.map((program) => [program, `test/bench/${program}.ts`])),
    dts: false,
    logLevel: "error",
  });
  await bundled;
  return join(FOLDER, `${name}.mjs`);
}
