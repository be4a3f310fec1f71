import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildBinary } from "../../src/build/binary.ts";
import { bundleProgram } from "../../src/build/executable/bundle.ts";
import { createExecutable } from "../../src/build/executable/create.ts";
import { ADDON, EXECUTABLE } from "../../src/build/paths.ts";
import type { CommandLine } from "./command-timer.ts";
import { medianOf, type Took } from "./numbers.ts";
import type { CommandTimer } from "./processes.ts";

/** What the three need from the start of their process to the first answer. */
export interface ExecutableCosts {
  executable: Took;
  /** The package: Node with `bin/opik-local.mjs`. */
  package: Took;
  /** An executable with a program of the least that our libraries do, made in the same way. */
  bare: Took;
}

/**
 * Builds the single executable and the bare one, and measures how they start, each with a new file.
 * @param timer starts them
 * @param folder for databases and the bare executable
 * @param packaged the command line of the package for a database file
 */
export async function measureExecutables(
  timer: CommandTimer,
  folder: string,
  rounds: number,
  packaged: (database: string) => CommandLine,
): Promise<ExecutableCosts> {
  await buildBinary();
  const bare = await createBare(join(folder, "bare-executable"));
  const commands: Record<keyof ExecutableCosts, (database: string) => CommandLine> = {
    executable: (database) => [EXECUTABLE, "dev", "--port", "0", "--db", database, "--json", "--quiet"],
    package: packaged,
    bare: (database) => [bare, database],
  };
  const took: Record<keyof ExecutableCosts, Took[]> = { executable: [], package: [], bare: [] };
  for (let round = 0; round <= rounds; round += 1) {
    for (const kind of Object.keys(took) as (keyof ExecutableCosts)[]) {
      const result = await timer.startToFirstAnswer(commands[kind](join(folder, `${kind}-executable-${round}.db`)));
      // The first start writes the addon.
      if (round > 0) took[kind].push(result);
    }
  }
  return { executable: medianOf(took.executable), package: medianOf(took.package), bare: medianOf(took.bare) };
}

async function createBare(folder: string): Promise<string> {
  const program = join(folder, "program");
  await bundleProgram(program, { program: fileURLToPath(new URL("./bare-executable.ts", import.meta.url)) }, false);
  const path = join(folder, "bare");
  await createExecutable({
    path,
    work: join(folder, "work"),
    program,
    assets: { "better-sqlite3.node": ADDON },
    serve: [join(folder, "start.db")],
  });
  return path;
}
