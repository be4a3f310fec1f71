import { expect, test } from "vitest";
import { PROGRAM, ProgramModules } from "../../src/build/executable/modules.ts";

const FILES: Readonly<Record<string, string>> = {
  [PROGRAM]: `
    const path = require("node:path");
    const { count } = require("./counter.cjs");
    exports.joined = path.posix.join("a", "b");
    exports.count = () => count() + require("./counter.cjs").count();
  `,
  "counter.cjs": "let value = 0; exports.count = () => (value += 1);",
};

/** A program as the bundler writes it: it reads an export where it uses it. */
const HASHING = `
  const path = require("node:path"), crypto = require("node:crypto");
  exports.hash = (text) => crypto.createHash("md5").update(text).digest("hex");
`;

function modulesWith(caches: ReadonlyMap<string, Buffer>): ProgramModules {
  return new ProgramModules({
    folder: "/program",
    code: (name) => Buffer.from(FILES[name] ?? ""),
    cache: (name) => caches.get(name),
    require: (name) => process.getBuiltinModule(name),
  });
}

test("a program requires its files, each of which is run once, and modules of Node", () => {
  const program = modulesWith(new Map()).load(PROGRAM) as { joined: string; count(): number };
  expect(program.joined).toBe("a/b");
  expect(program.count()).toBe(1 + 2);
});

test("V8 accepts code caches that were made after a start, and does without one", () => {
  const first = modulesWith(new Map());
  (first.load(PROGRAM) as { count(): number }).count();
  const caches = new Map([...first.scripts].map(([name, script]) => [name, script.createCachedData()]));
  const second = modulesWith(new Map([...caches].filter(([name]) => name === PROGRAM)));
  expect((second.load(PROGRAM) as { count(): number }).count()).toBe(3);
  expect([...second.scripts].map(([name, script]) => [name, script.cachedDataRejected])).toEqual([
    [PROGRAM, false],
    ["counter.cjs", undefined],
  ]);
});

test("a module of Node that a start does not need is loaded with its first use", () => {
  const required: string[] = [];
  const modules = new ProgramModules({
    folder: "/program",
    code: () => Buffer.from(HASHING),
    cache: () => undefined,
    require: (name) => {
      required.push(name);
      return process.getBuiltinModule(name);
    },
  });
  const { hash } = modules.load(PROGRAM) as { hash(text: string): string };
  expect(required).toEqual(["node:path"]);
  expect(hash("")).toBe("d41d8cd98f00b204e9800998ecf8427e");
  expect(required).toEqual(["node:path", "node:crypto"]);
});
