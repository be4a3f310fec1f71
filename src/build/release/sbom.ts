import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import manifest from "../../../package.json" with { type: "json" };
import { prepare } from "../package.ts";
import { DIST, ROOT } from "../paths.ts";
import { type BillOfMaterials, reduceToShipped } from "./bill-of-materials.ts";

/* Writes the software bill of materials of a release, in CycloneDX, to `dist/bin/`: `npm run sbom`. */

const OUTPUT = join(DIST, "bin", `${manifest.name}.cdx.json`);

await prepare();
const licenses = join(DIST, "licenses");
const texts = readdirSync(licenses).map((file) => readFileSync(join(licenses, file), "utf8"));
const options = { cwd: ROOT, encoding: "utf8", maxBuffer: 100_000_000, shell: process.platform === "win32" } as const;
const all = JSON.parse(execFileSync("npm", ["sbom", "--sbom-format", "cyclonedx"], options)) as BillOfMaterials;
const shipped = reduceToShipped(all, { name: manifest.name, licenses: texts.join("\n") });
mkdirSync(dirname(OUTPUT), { recursive: true });
writeFileSync(OUTPUT, `${JSON.stringify(shipped, undefined, 2)}\n`);
process.stdout.write(`${OUTPUT} (${shipped.components.length} components)\n`);
