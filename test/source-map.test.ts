import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { TRANSITIONS } from "../src/strait/run/state-machine.ts";

const SOURCE = new URL("../src/", import.meta.url);
const map = readFileSync(new URL("README.md", SOURCE), "utf8");

/** Folders of src at this depth, from 1, as `opik/runners/`. */
function foldersAt(depth: number): string[] {
  return readdirSync(fileURLToPath(SOURCE), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => `${entry.parentPath}/${entry.name}/`.replaceAll("\\", "/").split("/src/").at(-1)!)
    .map((path) => path.replaceAll(/^\/+|\/(?=\/)/g, ""))
    .filter((path) => path.split("/").length === depth + 1);
}

/** The folders that the list of folders has a line for. */
const listed = new Set(Array.from(map.matchAll(/^- `([\w./-]+\/)`: /gm), ([, folder]) => folder!));

describe("src/README.md", () => {
  test.each([1, 2])("has a line for each folder at depth %i", (depth) => {
    const folders = foldersAt(depth);
    expect(folders.length).toBeGreaterThan(8);
    expect(folders.filter((folder) => !listed.has(folder))).toEqual([]);
  });

  test("lists only folders that are there", () => {
    expect([...listed].filter((folder) => !existsSync(new URL(folder, SOURCE)))).toEqual([]);
  });

  test("names only files that are there", () => {
    const paths = Array.from(map.matchAll(/`((?:[\w-]+\/)+[\w-]+\.(?:ts|md))`/g), ([, path]) => path!);
    const missing = paths.filter(
      (path) => !existsSync(new URL(path, SOURCE)) && !existsSync(new URL(`../${path}`, SOURCE)),
    );
    expect(paths.length).toBeGreaterThan(30);
    expect(missing.filter((path) => !existsSync(new URL(`strait/${path}`, SOURCE)))).toEqual([]);
  });

  test("draws only steps of runs that the state machine has", () => {
    const diagram = map.split("```mermaid").at(-1)!.split("```")[0]!;
    const steps = Array.from(diagram.matchAll(/^\s+(\w+) --> (\w+)/gm), ([, from, to]) => [from!, to!] as const);
    const allowed: Readonly<Record<string, readonly string[]>> = TRANSITIONS;
    expect(steps.length).toBeGreaterThan(15);
    expect(steps.filter(([from, to]) => !allowed[from]?.includes(to))).toEqual([]);
  });

  test("draws every step of runs but those that it says it leaves out", () => {
    const leftOut = new Set(["dequeued", "replay_staged", "canceled"]);
    const steps = Object.entries(TRANSITIONS).flatMap(([from, targets]) => targets.map((to) => [from, to] as const));
    const drawn = steps.filter(([from, to]) => !leftOut.has(from) && !leftOut.has(to));
    expect(drawn.filter(([from, to]) => !new RegExp(`^\\s+${from} --> ${to}\\b`, "m").test(map))).toEqual([]);
  });
});
