import { mkdirSync, readdirSync } from "node:fs";
import { extname, join } from "node:path";
import { expect, test } from "vitest";
import { writeServerFile } from "../../src/cli/server-file.ts";
import { testTerminal } from "./terminal.ts";

/** Changes of files with these names restart the agent of `opik endpoint` (`DEFAULT_EXTENSIONS` of its file watcher). */
const WATCHED = new Set([".py", ".js", ".ts", ".yaml", ".yml", ".json", ".toml"]);

test("the file of a running server has no name for which opik endpoint restarts its agent", () => {
  const { folder } = testTerminal();
  mkdirSync(join(folder, ".opik-local"));
  const remove = writeServerFile(folder, "http://127.0.0.1:5173");
  const names = readdirSync(join(folder, ".opik-local"));
  expect(names).toHaveLength(1);
  expect(names.filter((name) => WATCHED.has(extname(name)))).toEqual([]);
  remove();
  expect(readdirSync(join(folder, ".opik-local"))).toEqual([]);
});
