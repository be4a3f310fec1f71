import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** A part of a bundle, and the files it was made from. */
interface Chunk {
  type: string;
  moduleIds?: readonly string[];
}

interface Manifest {
  name?: string;
  version?: string;
  license?: string;
}

const LICENSE_FILE = /^(?:licen[cs]e|copying|notice)(?:[.-]|$)/i;

/** Data of others that ship with the program, each with the file of its licence. */
const DATA: ReadonlyArray<readonly [title: string, license: URL]> = [
  ["prices of models, from LiteLLM (MIT)", new URL("../opik/tracing/costs/prices/LICENSE.txt", import.meta.url)],
];

/** Writes the licences of the libraries whose code is in a bundle, by name, one after another, then those of data. */
export function writeLicenses(path: string, chunks: readonly Chunk[]): void {
  const folders = new Set(chunks.flatMap(({ moduleIds = [] }) => moduleIds.flatMap((id) => packageFolder(id) ?? [])));
  const libraries = [...folders].map((folder) => describe(folder)).toSorted();
  const data = DATA.map(([title, license]) => `${title}\n\n${readFileSync(license, "utf8").trim()}`);
  const sections = [...libraries, ...data];
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${sections.join(`\n${"-".repeat(80)}\n\n`)}\n`);
}

/** The folder of the library that a file belongs to; `undefined` for files of our own. */
function packageFolder(file: string): string | undefined {
  if (!file.includes("/node_modules/")) return undefined;
  let folder = dirname(file);
  while (!isPackage(folder)) folder = dirname(folder);
  return folder;
}

/** Some libraries have manifests without a name in folders of their own. */
function isPackage(folder: string): boolean {
  const path = join(folder, "package.json");
  return existsSync(path) && (JSON.parse(readFileSync(path, "utf8")) as Manifest).name !== undefined;
}

function describe(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
  const texts = readdirSync(folder).filter((file) => LICENSE_FILE.test(file));
  const parts = texts.map((file) => readFileSync(join(folder, file), "utf8").trim());
  return [`${name} ${version} (${license})`, ...parts].join("\n\n");
}
