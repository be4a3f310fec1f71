import type { UserConfig } from "tsdown";

/** An import of one of Node's modules, as the bundler writes it: with names, as a default or namespace, or with neither. */
const IMPORT =
  /^import (?:(?:\* as )?(?<whole>[\w$]+)(?:, )?)?(?:\{ (?<names>[^}]*) \})?(?: from )?"(?<module>node:[^"]+)";$/gm;

type Plugin = Extract<NonNullable<UserConfig["plugins"]>, { name: string }>;

/**
 * Replaces imports of Node's modules by `process.getBuiltinModule`. For an import, Node reads every property of the
 * module, also those that load others when they are read: `import "node:http"` loads Undici, which takes more time and
 * memory than all else that a small server needs.
 */
export function withoutModuleFacades(): Plugin {
  return {
    name: "without-module-facades",
    renderChunk: (code) => code.replace(IMPORT, (...parts) => toConstants(parts.at(-1) as Record<string, string>)),
  };
}

function toConstants({ whole, names, module }: Record<string, string | undefined>): string {
  const load = `/* @__PURE__ */ process.getBuiltinModule("${module}")`;
  const constants = [
    ...(whole === undefined ? [] : [`const ${whole} = ${load};`]),
    ...(names === undefined ? [] : [`const { ${names.replaceAll(" as ", ": ")} } = ${load};`]),
  ];
  return constants.join(" ");
}
