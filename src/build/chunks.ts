import { isBuiltin } from "node:module";
import { join } from "node:path";
import { LATE_FILES } from "./late-files.ts";

/** What the bundler knows of a module. */
interface Modules {
  getModuleInfo(id: string): { importedIds: readonly string[]; dynamicallyImportedIds: readonly string[] } | null;
}

/**
 * Puts modules that are loaded together into one file: Node takes longer to find and link a file than to read it, and npm
 * longer to unpack it. The server would have fifty, the commands sixty. What is in none of these chunks the bundler divides
 * itself.
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
    chunks ??= new Division(source, modules, late ? LATE_FILES : {}).chunks;
    return chunks.get(id) ?? null;
  };
}

/** Commands that call a server: together they use all that such commands share with it. */
const CALLERS = ["clock", "help", "jobs", "run", "runs"];

/** Divides modules into chunks. No chunk imports one that is named after it, but the late ones. */
class Division {
  readonly chunks = new Map<string, string>();
  readonly #source: string;
  readonly #modules: Modules;

  constructor(source: string, modules: Modules, late: Readonly<Record<string, RegExp>>) {
    this.#source = source;
    this.#modules = modules;
    this.#divideServer(late);
    this.#divideCommands();
  }

  #divideServer(late: Readonly<Record<string, RegExp>>): void {
    const server = this.#needs("server.ts");
    // What the server shares with commands that call it, and with the thread that reads fixtures.
    const callers = this.#needs("cli/index.ts", ...["dev", ...CALLERS].map((name) => `cli/commands/${name}.ts`));
    this.#put("shared", callers.intersection(server));
    for (const [name, files] of Object.entries(late)) {
      this.#put(
        name,
        [...server].filter((id) => files.test(id)),
      );
    }
    this.#put("fixtures", this.#needs("fixtures/load/fixture-worker.ts").intersection(server));
    this.#put("core", server);
    this.#put("requests", this.#needs("http/dispatcher.ts", "http/answer.ts"));
  }

  #divideCommands(): void {
    const entry = join(this.#source, "cli/index.ts");
    const start = this.#needs("cli/index.ts", "cli/commands/dev.ts", "cli/commands/dev/serve.ts");
    const all = this.#reachable([entry], { late: true });
    for (const ids of [start, all]) ids.delete(entry);
    this.#putWhatNeedsOnly("command", start, ["shared"]);
    this.#put("serve", start);
    // Libraries that one command needs stay files of their own.
    const ours = new Set([...all].filter((id) => id.startsWith(this.#source) || id.startsWith("\0")));
    this.#putWhatNeedsOnly("commands", ours, ["shared", "command"]);
    this.#putWhatNeedsOnly("tools", ours, [...this.chunks.values()]);
  }

  /** Modules that are in a chunk already stay there. */
  #put(name: string, ids: Iterable<string>): void {
    for (const id of ids) if (!this.chunks.has(id)) this.chunks.set(id, name);
  }

  /** Puts those modules together that need nothing but each other and what is in these chunks. */
  #putWhatNeedsOnly(name: string, ids: ReadonlySet<string>, chunks: readonly string[]): void {
    const allowed = new Set([...chunks, name]);
    const isAllowed = (id: string): boolean => allowed.has(this.chunks.get(id) ?? (ids.has(id) ? name : ""));
    this.#put(
      name,
      [...ids].filter((id) => [...this.#reachable([id])].every(isAllowed)),
    );
  }

  #needs(...files: string[]): Set<string> {
    return this.#reachable(files.map((file) => join(this.#source, file)));
  }

  /** @param options.late whether what is imported when it is needed counts, too */
  #reachable(from: readonly string[], { late = false } = {}): Set<string> {
    const found = new Set<string>();
    const left = [...from];
    for (let id = left.pop(); id !== undefined; id = left.pop()) {
      if (found.has(id) || isBuiltin(id)) continue;
      found.add(id);
      const info = this.#modules.getModuleInfo(id);
      left.push(...(info?.importedIds ?? []), ...(late ? (info?.dynamicallyImportedIds ?? []) : []));
    }
    return found;
  }
}
