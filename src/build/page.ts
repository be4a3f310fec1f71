import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build, type Rolldown } from "vite";
import { ROOT } from "./paths.ts";

const SOURCE = join(ROOT, "src", "ui", "page");

/**
 * Builds the page into `dist/page/`: one HTML file, and files named after their content, compressed.
 * @returns what was built, with the files that it was made from
 */
export async function buildPage(): Promise<Rolldown.RolldownOutput["output"]> {
  const folder = join(ROOT, "dist", "page");
  const built = await build({
    configFile: false,
    root: SOURCE,
    base: "/__local/ui/",
    logLevel: "warn",
    // No script of a bundler's own in the page, which the content security policy would refuse.
    build: { outDir: folder, emptyOutDir: true, modulePreload: { polyfill: false }, assetsInlineLimit: 0 },
  });
  const assets = join(folder, "assets");
  for (const name of readdirSync(assets)) {
    writeFileSync(join(assets, `${name}.gz`), gzipSync(readFileSync(join(assets, name)), { level: 9 }));
    rmSync(join(assets, name));
  }
  if (!("output" in built)) throw new Error("the page has more than one output");
  return built.output;
}
