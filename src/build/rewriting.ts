/** An import of one of Node's modules, as the bundler writes it: with names, as a default or namespace, or with neither. */
const IMPORT =
  /^import (?:(?:\* as )?(?<whole>[\w$]+)(?:, )?)?(?:\{ (?<names>[^}]*) \})?(?: from )?"(?<module>node:[^"]+)";$/gm;

/**
 * Replaces imports of Node's modules by `process.getBuiltinModule`. For an import, Node reads every property of the
 * module, also those that load others when they are read: `import "node:http"` loads Undici, which takes more time and
 * memory than all else that a small server needs. `globalThis`, because a library may import `process` under this name.
 */
export function withoutModuleFacades(): { name: string; renderChunk(code: string): string } {
  return {
    name: "without-module-facades",
    renderChunk: (code) => code.replace(IMPORT, (...parts) => toConstants(parts.at(-1) as Record<string, string>)),
  };
}

function toConstants({ whole, names, module }: Record<string, string | undefined>): string {
  const load = `/* @__PURE__ */ globalThis.process.getBuiltinModule("${module}")`;
  const constants = [
    ...(whole === undefined ? [] : [`const ${whole} = ${load};`]),
    ...(names === undefined ? [] : [`const { ${names.replaceAll(" as ", ": ")} } = ${load};`]),
  ];
  return constants.join(" ");
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
