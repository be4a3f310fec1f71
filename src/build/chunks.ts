import { join } from "node:path";
import { LATE_FILES } from "./late-files.ts";

/** What the bundler knows of a module. */
interface Modules {
  getModuleInfo(id: string): { importedIds: readonly string[] } | null;
}

/**
 * Puts modules that are loaded together into one file: Node takes longer to find and link a file than to read it, and the
 * server would have fifty. What is in none of these chunks the bundler divides itself.
 * @param source the folder of the sources
 * @param options.late whether `LATE_FILES` are files of their own: not where an import loads a file at once
 * @returns the name of a module's chunk for `codeSplitting.groups` of the bundler
 */
export function createChunks(
  source: string,
  { late }: { late: boolean },
): (id: string, modules: Modules) => string | null {
  let chunks: ReadonlyMap<string, string> | undefined;
  return (id, modules) => {
    chunks ??= divide(source, modules, late ? LATE_FILES : {});
    return chunks.get(id) ?? null;
  };
}

/** The chunk of each module. No chunk imports one that is named after it, but the late ones. */
function divide(source: string, modules: Modules, late: Readonly<Record<string, RegExp>>): Map<string, string> {
  const needs = (...files: string[]): Set<string> =>
    reachable(
      files.map((file) => join(source, file)),
      modules,
    );
  const server = needs("server.ts");
  const chunks = new Map<string, string>();
  const put = (name: string, ids: Iterable<string>): void => {
    for (const id of ids) if (!chunks.has(id)) chunks.set(id, name);
  };
  const ofServer = (ids: Set<string>): Set<string> => ids.intersection(server);
  for (const [name, files] of Object.entries(late)) {
    for (const id of server) if (files.test(id)) chunks.set(id, name);
  }
  // What the server shares with commands that only call it, and with the thread that reads fixtures.
  put("shared", ofServer(needs("cli/commands/jobs.ts", "cli/commands/dev.ts", "cli/index.ts")));
  put("fixtures", ofServer(needs("fixtures/load/fixture-worker.ts")));
  put("core", server);
  const commands = needs("cli/index.ts", "cli/commands/dev.ts", "cli/commands/dev/serve.ts");
  commands.delete(join(source, "cli/index.ts"));
  put("command", commands);
  return chunks;
}

function reachable(from: readonly string[], modules: Modules): Set<string> {
  const found = new Set<string>();
  const left = [...from];
  for (let id = left.pop(); id !== undefined; id = left.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    left.push(...(modules.getModuleInfo(id)?.importedIds ?? []));
  }
  return found;
}
