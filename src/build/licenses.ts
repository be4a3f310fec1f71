import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** A part of a bundle: a chunk of code has the files that it was made from. */
interface Output {
  type: string;
  moduleIds?: readonly string[];
}

interface Manifest {
  name?: string;
  version?: string;
  license?: string;
}

const LICENSE_FILE = /^(?:licen[cs]e|copying|notice)(?:[.-]|$)/i;

/** Data of others, with the file of its licence. */
type Data = readonly [title: string, license: URL];

/** The data of others that the server has. */
export const DATA_OF_SERVER: readonly Data[] = [
  ["prices of models, from LiteLLM (MIT)", new URL("../opik/tracing/costs/prices/LICENSE.txt", import.meta.url)],
];

/** Writes the licences of the libraries whose code is in a bundle, by name, one after another, then those of data. */
export function writeLicenses(path: string, outputs: readonly Output[], data: readonly Data[] = []): void {
  const folders = new Set(outputs.flatMap(({ moduleIds = [] }) => moduleIds.flatMap((id) => packageFolder(id) ?? [])));
  const libraries = [...folders].map((folder) => describe(folder)).toSorted();
  const sections = [
    ...libraries,
    ...data.map(([title, license]) => `${title}\n\n${readFileSync(license, "utf8").trim()}`),
  ];
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${sections.join(`\n${"-".repeat(80)}\n\n`)}\n`);
}

/** The folder of the library that a file belongs to; `undefined` for files of our own and for what a bundler makes. */
function packageFolder(id: string): string | undefined {
  const file = id.replace(/\?.*/, "");
  if (!/[\\/]node_modules[\\/]/.test(file) || !existsSync(file)) return undefined;
  let folder = dirname(file);
  while (!isPackage(folder)) folder = dirname(folder);
  return folder;
}

/** Some libraries have manifests without a name or a version in folders inside of theirs. */
function isPackage(folder: string): boolean {
  const path = join(folder, "package.json");
  if (!existsSync(path)) return false;
  const { name, version } = JSON.parse(readFileSync(path, "utf8")) as Manifest;
  return name !== undefined && version !== undefined;
}

function describe(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
  const texts = readdirSync(folder).filter((file) => LICENSE_FILE.test(file));
  const parts = texts.map((file) => readFileSync(join(folder, file), "utf8").trim());
  return [`${name} ${version} (${license})`, ...parts].join("\n\n");
}
