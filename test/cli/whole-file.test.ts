import { execFileSync } from "node:child_process";
import {
  closeSync,
  constants,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { ReadyFile } from "../../src/cli/commands/dev/ready-file.ts";
import { tryToWrite, writeWholeFile } from "../../src/cli/whole-file.ts";
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

test.skipIf(process.platform === "win32")("a pipe or device is written to, not replaced", () => {
  const { folder } = testTerminal();
  const pipe = join(folder, "pipe");
  execFileSync("mkfifo", [pipe]);
  const reader = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
  onTestFinished(() => closeSync(reader));
  tryToWrite(pipe);
  writeWholeFile(pipe, "text", 0o600);
  expect(readFileSync(reader, "utf8")).toBe("text");
  expect(readdirSync(folder)).toEqual(["pipe"]);
  expect(() => new ReadyFile(pipe)).toThrow("cannot be written: it is no file");
  expect(readdirSync(folder)).toEqual(["pipe"]);
});

test("whether a file can be written is tried without changing it", () => {
  const { folder } = testTerminal();
  const path = join(folder, "state.yaml");
  writeFileSync(path, "old");
  tryToWrite(path);
  tryToWrite(join(folder, "new.yaml"));
  expect(readFileSync(path, "utf8")).toBe("old");
  expect(readdirSync(folder)).toEqual(["state.yaml"]);
  expect(() => tryToWrite(folder)).toThrow(expect.objectContaining({ code: "EISDIR" }));
  expect(() => tryToWrite(join(folder, "none", "x"))).toThrow("ENOENT");
});
