import { lstatSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { writeWholeFile } from "../../src/cli/whole-file.ts";
import { createIdSource, randomHex } from "../../src/core/ids.ts";
import { VirtualClock } from "../../src/core/virtual-clock.ts";
import { testTerminal } from "./terminal.ts";

test("a file is written as a whole, with its permissions, and nothing is left beside it", () => {
  const { folder } = testTerminal();
  const path = join(folder, "ready.json");
  writeFileSync(path, "old");
  writeWholeFile(path, "new", 0o600);
  expect(readFileSync(path, "utf8")).toBe("new");
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(["ready.json"]);
});

test("a link that was planted under the name of the draft is not followed (F8)", () => {
  const { folder } = testTerminal();
  const path = join(folder, "ready.json");
  const ids = () => createIdSource(new VirtualClock(), "seed");
  const draft = `${path}.${randomHex(ids(), 8)}.tmp`;
  writeFileSync(join(folder, "victim"), "precious");
  symlinkSync(join(folder, "victim"), draft);
  expect(() => writeWholeFile(path, "new", 0o600, ids())).toThrow("EEXIST");
  expect(readFileSync(join(folder, "victim"), "utf8")).toBe("precious");
  expect(lstatSync(draft).isSymbolicLink()).toBe(true);
});
