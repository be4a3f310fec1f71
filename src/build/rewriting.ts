import { type ESTree, parseSync } from "vite";

/**
 * Replaces imports of Node's modules by `process.getBuiltinModule`. For an import, Node reads every property of the
 * module, also those that load others when they are read: `import "node:http"` loads Undici, which takes more time and
 * memory than all else that a small server needs. `globalThis`, because a library may import `process` under this name.
 */
export function withoutModuleFacades(): { name: string; renderChunk(code: string): string } {
  return { name: "without-module-facades", renderChunk: replaceImports };
}

function replaceImports(code: string): string {
  const { program } = parseSync("chunk.js", code);
  let replaced = code;
  // From the end, so that the positions of those before it stay right.
  for (const statement of program.body.toReversed()) {
    if (statement.type !== "ImportDeclaration" || !statement.source.value.startsWith("node:")) continue;
    replaced = replaced.slice(0, statement.start) + toConstants(statement) + replaced.slice(statement.end);
  }
  return replaced;
}

/** Of a module of Node, the default export and the namespace are the module itself. */
function toConstants({ source, specifiers }: ESTree.ImportDeclaration): string {
  const names: string[] = [];
  const constants: string[] = [];
  for (const specifier of specifiers) {
    const local = specifier.local.name;
    const imported = specifier.type === "ImportSpecifier" ? nameOf(specifier.imported) : "default";
    if (imported === "default") constants.push(local);
    else names.push(imported === local ? local : `${imported}: ${local}`);
  }
  if (names.length > 0) constants.push(`{ ${names.join(", ")} }`);
  const load = `/* @__PURE__ */ globalThis.process.getBuiltinModule(${JSON.stringify(source.value)})`;
  return constants.map((constant) => `const ${constant} = ${load};`).join(" ");
}

/** The name of an export; it can be a text, as in `import { "a name" as name }`. */
function nameOf(name: ESTree.ModuleExportName): string {
  return name.type === "Literal" ? JSON.stringify(name.value) : name.name;
}

/** Writes all other characters as escapes: V8 keeps a text in half the memory when it has none of them. */
export function inAscii(): {
  name: string;
  generateBundle(options: unknown, bundle: Readonly<Record<string, object>>): void;
} {
  return {
    name: "in-ascii",
    // At the end, because the bundler writes characters as they are.
    generateBundle: (_options, bundle) => {
      for (const file of Object.values(bundle)) {
        if ("code" in file && typeof file.code === "string") file.code = toAscii(file.code);
      }
    },
  };
}

function toAscii(code: string): string {
  return code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
