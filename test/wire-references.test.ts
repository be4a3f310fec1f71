import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const APIS = ["opik", "strait"] as const;
type Api = (typeof APIS)[number];

/** Files of one API that cite the other one, each with its reason. */
const CITES_BOTH: Readonly<Record<string, string>> = {
  "src/opik/health/routes.ts": "`/health` is answered once for both APIs",
};

/** A reference such as `[opik 3.2]`, `[opik 2.11, 2.12]` or `[strait 2.13 to 2.16]`, found in a file. */
interface Reference {
  path: string;
  api: Api;
  text: string;
  sections: string[];
}

/** TypeScript files under a folder, by their path with forward slashes. */
function filesOf(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .map((path) => `${folder}/${path.replaceAll("\\", "/")}`)
    .filter((path) => path.endsWith(".ts") && path !== "test/wire-references.test.ts");
}

function read(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

/** The numbers of the headings of an API's WIRE.md. */
function headingsOf(api: Api): Set<string> {
  return new Set(Array.from(read(`src/${api}/WIRE.md`).matchAll(/^##+ (\d+\.\d+) /gm), ([, number]) => number!));
}

function referencesOf(path: string): Reference[] {
  return Array.from(read(path).matchAll(/\[(opik|strait) ([\d][^\]]*)\]/g), ([text, api, list]) => ({
    path,
    api: api as Api,
    text,
    sections: list!.split(/,\s+|\s+to\s+/),
  }));
}

/** The API whose folder a file lies in. */
function apiOf(path: string): Api | undefined {
  return APIS.find((api) => path.split("/").includes(api));
}

const FILES = [...filesOf("src"), ...filesOf("test")];
const REFERENCES = FILES.flatMap(referencesOf);

describe("references to the wire", () => {
  test.each(APIS)("%s: there are references to check", (api) => {
    expect(REFERENCES.filter((reference) => reference.api === api).length).toBeGreaterThan(50);
  });

  test("every reference has its heading", () => {
    const headings = { opik: headingsOf("opik"), strait: headingsOf("strait") };
    const dangling = REFERENCES.filter(({ api, sections }) => sections.some((section) => !headings[api].has(section)));
    expect(dangling.map(({ path, text }) => `${path}: ${text}`)).toEqual([]);
  });

  test("a file of one API cites that API", () => {
    const foreign = REFERENCES.filter(({ path, api }) => {
      const own = apiOf(path);
      return own !== undefined && own !== api && CITES_BOTH[path] === undefined;
    });
    expect(foreign.map(({ path, text }) => `${path}: ${text}`)).toEqual([]);
  });

  test("exceptions are still needed", () => {
    const needed = new Set(REFERENCES.filter(({ path, api }) => apiOf(path) !== api).map(({ path }) => path));
    expect(Object.keys(CITES_BOTH).filter((path) => !needed.has(path))).toEqual([]);
  });

  test("no comment cites facts that lie outside the repository", () => {
    const outside = FILES.flatMap((path) =>
      Array.from(
        read(path).matchAll(/\bfacts (?:of [\w ]+)?\d[\d.]*|\bmeasured, (?:opik|strait)|shared\/facts/gi),
        ([text]) => `${path}: ${text}`,
      ),
    );
    expect(outside).toEqual([]);
  });

  test.each(APIS)("%s: no heading occurs twice", (api) => {
    const numbers = Array.from(read(`src/${api}/WIRE.md`).matchAll(/^##+ (\d+\.\d+) /gm), ([, number]) => number);
    expect(numbers.filter((number, index) => numbers.indexOf(number) !== index)).toEqual([]);
  });
});
