import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "vite";
import { ROOT } from "./paths.ts";

const SOURCE = join(ROOT, "src", "ui", "page");

/** Builds the page into `dist/page/`: one HTML file, and files named after their content, also compressed. */
export async function buildPage(): Promise<void> {
  const folder = join(ROOT, "dist", "page");
  await build({
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
  }
}
