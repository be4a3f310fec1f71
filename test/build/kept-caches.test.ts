import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Script } from "node:vm";
import { expect, onTestFinished, test } from "vitest";
import { KeptCaches } from "../../src/build/executable/kept-caches.ts";

const CODE = Buffer.from("(function () { return 1; })");

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "opik-local-caches-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return join(path, "caches");
}

/** Compiles the code as a start does. @returns whether V8 accepted a cache; `undefined` when there was none */
function start(path: string, code = CODE): boolean | undefined {
  const caches = new KeptCaches(path);
  const script = new Script(code.toString(), { cachedData: caches.read("file.cjs", code) });
  caches.keep(new Map([["file.cjs", script]]));
  return script.cachedDataRejected === undefined ? undefined : !script.cachedDataRejected;
}

test("the second start has the cache that the first has kept", () => {
  const path = folder();
  expect(start(path)).toBe(undefined);
  expect(start(path)).toBe(true);
  expect(readdirSync(path)).toEqual([expect.stringMatching(/^file\.cjs-[0-9a-f]{8}\.cache$/)]);
});

test("another version of the program, with code of the same length, has caches beside it", () => {
  const path = folder();
  start(path);
  const other = Buffer.from(CODE.toString().replace("1", "2"));
  expect(start(path, other)).toBe(undefined);
  for (const code of [CODE, other, CODE, other]) expect(start(path, code)).toBe(true);
});

test("a damaged cache is replaced", () => {
  const path = folder();
  start(path);
  const [file = ""] = readdirSync(path).map((name) => join(path, name));
  const damaged = readFileSync(file);
  damaged[damaged.length - 20] = ~damaged.readUInt8(damaged.length - 20) & 255;
  writeFileSync(file, damaged);
  expect(start(path)).toBe(undefined);
  expect(start(path)).toBe(true);
  writeFileSync(file, "");
  expect(start(path)).toBe(undefined);
});

test("a folder that cannot be made is no error", () => {
  const path = folder();
  writeFileSync(path, "a file");
  expect(start(path)).toBe(undefined);
});
