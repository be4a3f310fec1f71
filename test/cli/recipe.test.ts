import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { filesBelow } from "../../src/core/files-below.ts";
import { run, testTerminal } from "./terminal.ts";

const RECIPES = fileURLToPath(new URL("../../fixtures/ci/", import.meta.url));
const names = readdirSync(RECIPES, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
);

describe("opik-local recipe", () => {
  test("lists all recipes", async () => {
    const { code, out } = await run(["recipe"]);
    expect(code).toBe(0);
    for (const name of names) expect(out).toMatch(new RegExp(`^${name} `, "m"));
  });

  test.each(names)("writes %s into a folder with its name", async (name) => {
    const terminal = testTerminal();
    const { code, out } = await run(["recipe", name], terminal);
    expect(code).toBe(0);
    const written = filesBelow(join(terminal.folder, name));
    expect(written).toEqual(filesBelow(join(RECIPES, name)));
    for (const path of written) {
      expect(out).toContain(join(name, path));
      expect(readFileSync(join(terminal.folder, name, path))).toEqual(readFileSync(join(RECIPES, name, path)));
    }
  });

  test("writes into another folder, beside what is there", async () => {
    const terminal = testTerminal();
    writeFileSync(join(terminal.folder, "main.go"), "package main\n");
    expect((await run(["recipe", "go", "."], terminal)).code).toBe(0);
    expect(readdirSync(terminal.folder)).toEqual(["agent.yaml", "agent_test.go", "go.mod", "main.go"]);
  });

  test("keeps a file that is there, and writes none then", async () => {
    const terminal = testTerminal();
    mkdirSync(join(terminal.folder, "vitest"));
    writeFileSync(join(terminal.folder, "vitest", "package.json"), "mine");
    const { code, error } = await run(["recipe", "vitest"], terminal);
    expect(code).toBe(1);
    expect(error).toContain(`${join("vitest", "package.json")} exists already: nothing was written.`);
    expect(readdirSync(join(terminal.folder, "vitest"))).toEqual(["package.json"]);
    expect(readFileSync(join(terminal.folder, "vitest", "package.json"), "utf8")).toBe("mine");
  });

  test("removes what it has written when a file cannot be", async () => {
    const terminal = testTerminal();
    // A file where the recipe has a folder.
    writeFileSync(join(terminal.folder, ".github"), "");
    const { code, error } = await run(["recipe", "github-actions", "."], terminal);
    expect(code).toBe(1);
    expect(error).toMatch(/could not be written: .*\.github is not a folder\.$/m);
    expect(readdirSync(terminal.folder)).toEqual([".github"]);
  });

  test("suggests the name that was meant", async () => {
    const { code, error } = await run(["recipe", "vite"]);
    expect(code).toBe(2);
    expect(error).toContain("There is no recipe vite.");
    expect(error).toContain("vitest");
    expect(existsSync("vite")).toBe(false);
  });
});
