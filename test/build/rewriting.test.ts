import { expect, test } from "vitest";
import { inAscii, withoutModuleFacades } from "../../src/build/rewriting.ts";

function rewrite(code: string): string {
  return withoutModuleFacades().renderChunk(code);
}

test.for([
  [
    'import { createServer, request as request$1 } from "node:http";',
    'const { createServer, request: request$1 } = /* @__PURE__ */ globalThis.process.getBuiltinModule("node:http");',
  ],
  [
    'import g$1 from "node:process";',
    'const g$1 = /* @__PURE__ */ globalThis.process.getBuiltinModule("node:process");',
  ],
  ['import * as fs from "node:fs";', 'const fs = /* @__PURE__ */ globalThis.process.getBuiltinModule("node:fs");'],
  [
    'import tty, { isatty } from "node:tty";',
    'const tty = /* @__PURE__ */ globalThis.process.getBuiltinModule("node:tty"); const { isatty } = /* @__PURE__ */ globalThis.process.getBuiltinModule("node:tty");',
  ],
  ['import "node:https";', ""],
  [
    'import { default as fs, "readFile" as read } from\n"node:fs"',
    'const fs = /* @__PURE__ */ globalThis.process.getBuiltinModule("node:fs"); const { "readFile": read } = /* @__PURE__ */ globalThis.process.getBuiltinModule("node:fs");',
  ],
] as const)("%s becomes a constant", ([code, expected]) => {
  expect(rewrite(`${code}\nrest();`)).toBe(`${expected}\nrest();`);
});

test.for(['import { H3 } from "h3";', 'import "./other.mjs";', 'const text = `\nimport fs from "node:fs";\n`;'])(
  "%s stays",
  (code) => {
    expect(rewrite(code)).toBe(code);
  },
);

test("a text keeps its meaning in ASCII", () => {
  const chunk = { type: "chunk", code: 'const a = ["…", /…+/u.test("……"), "😀"];' };
  inAscii().generateBundle({}, { "a.mjs": chunk });
  expect(chunk.code).toBe('const a = ["\\u2026", /\\u2026+/u.test("\\u2026\\u2026"), "\\ud83d\\ude00"];');
});
