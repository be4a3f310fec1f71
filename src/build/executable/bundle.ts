import { build, type TsdownBundle, type UserConfig } from "tsdown";
import { YAML } from "../paths.ts";
import { inAscii } from "../rewriting.ts";

/** How a program is divided into files; `false` makes one. */
export type CodeSplitting = NonNullable<
  Exclude<NonNullable<UserConfig["outputOptions"]>, (...parameters: never) => unknown>["codeSplitting"]
>;

/**
 * Bundles a program with all of its libraries into a folder of CommonJS files.
 * @param options what differs from the bundle of an executable
 * @returns the bundle's files
 */
export async function bundleProgram(
  folder: string,
  entry: Readonly<Record<string, string>>,
  codeSplitting: CodeSplitting,
  options: Pick<UserConfig, "clean" | "deps" | "target"> = {},
): Promise<TsdownBundle["chunks"]> {
  const [bundled] = await build({
    config: false,
    entry: { ...entry },
    outDir: folder,
    format: "cjs",
    platform: "node",
    target: `node${process.versions.node}`,
    dts: false,
    minify: true,
    hash: false,
    alias: { yaml: YAML },
    deps: { alwaysBundle: () => true },
    checks: { pluginTimings: false, emptyImportMeta: false },
    inputOptions: { preserveEntrySignatures: "allow-extension" },
    plugins: [inAscii()],
    outputOptions: { codeSplitting, comments: false },
    // Not a warning that CommonJS is old.
    logLevel: "error",
    ...options,
  });
  return bundled?.chunks ?? [];
}
