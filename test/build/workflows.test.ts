import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import manifest from "../../package.json" with { type: "json" };

const ROOT = new URL("../../", import.meta.url);
const FOLDER = new URL(".github/workflows/", ROOT);

interface Step {
  uses?: string;
  run?: string;
  with?: Record<string, string>;
}

interface Job {
  needs?: string | string[];
  uses?: string;
  permissions?: Record<string, string>;
  strategy?: { matrix: { include?: Array<{ platform: string; os: string }> } };
  steps?: Step[];
}

interface Workflow {
  permissions: Record<string, string>;
  jobs: Record<string, Job>;
}

const FILES = readdirSync(FOLDER);
const TEXTS = new Map(FILES.map((file) => [file, readFileSync(new URL(file, FOLDER), "utf8")]));

function workflow(file: string): Workflow {
  return parse(TEXTS.get(file) ?? "") as Workflow;
}

function stepsOf(file: string): Step[] {
  return Object.values(workflow(file).jobs).flatMap(({ steps = [] }) => steps);
}

/** `npm run --silent build -- x` -> `build`, `npm test` -> `test`. */
function scriptsIn(command: string): string[] {
  return Array.from(command.matchAll(/\bnpm (?:run (?:--\S+ )*(?<script>[\w:]+)|(?<short>test)\b)/g), ({ groups }) =>
    String(groups?.["script"] ?? groups?.["short"]),
  );
}

test("the workflows are those that are checked here", () => {
  expect(FILES.toSorted()).toEqual(["ci.yml", "release.yml"]);
});

describe.each(FILES)("%s", (file) => {
  test("calls scripts and files that there are", () => {
    const commands = stepsOf(file).flatMap(({ run }) => run ?? []);
    const scripts = commands.flatMap((command) => scriptsIn(command));
    expect(scripts.length).toBeGreaterThan(0);
    expect(scripts.filter((script) => !(script in manifest.scripts))).toEqual([]);
    const files = commands.flatMap((command) => command.match(/(?<=^| )(?:\.ci|test)\/\S+/g) ?? []);
    expect(files.filter((path) => !existsSync(fileURLToPath(new URL(path, ROOT))))).toEqual([]);
  });

  test("names each action by the commit of a version, because tags can be moved", () => {
    const lines = TEXTS.get(file)?.match(/^\s*(?:- )?uses: (?!\.\/).*$/gm) ?? [];
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.filter((line) => !/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([]);
  });

  test("may read alone, except for the jobs that publish", () => {
    const { permissions, jobs } = workflow(file);
    expect(permissions).toEqual({ contents: "read" });
    const more = Object.entries(jobs).filter((entry) => entry[1].permissions !== undefined);
    expect(more.map(([name]) => name)).toEqual(file === "release.yml" ? ["release", "publish"] : []);
  });
});

describe("release.yml", () => {
  const { jobs } = workflow("release.yml");

  test("builds and tests an executable for each platform, named as the build names it", () => {
    const platforms = jobs["executable"]?.strategy?.matrix.include?.map(({ platform }) => platform);
    expect(platforms).toEqual(["linux-x64", "linux-arm64", "darwin-arm64", "darwin-x64", "win32-x64"]);
    const commands = jobs["executable"]?.steps?.flatMap(({ run }) => run ?? []);
    expect(commands).toEqual(["npm ci", "npm run build:binary", "npm run test:binary"]);
    const paths = readFileSync(new URL("src/build/paths.ts", ROOT), "utf8");
    expect(paths).toContain("`opik-local-${process.platform}-${process.arch}");
  });

  test("publishes only what was tested", () => {
    expect(jobs["release"]?.needs).toEqual(["test", "executable", "package"]);
    expect(jobs["test"]?.uses).toBe("./.github/workflows/ci.yml");
    expect(jobs["publish"]?.needs).toBe("release");
  });

  test("downloads what it has uploaded", () => {
    const uploaded = stepsOf("release.yml").filter(({ uses }) => uses?.includes("upload-artifact"));
    const names = uploaded.map((step) => String(step.with?.["name"]).replace(/\$\{\{.*\}\}/, "*"));
    expect(names.toSorted()).toEqual(["bill-of-materials", "executable-*", "notes", "package"]);
    const downloaded = stepsOf("release.yml").filter(({ uses }) => uses?.includes("download-artifact"));
    expect(downloaded.map((step) => step.with?.["name"] ?? step.with?.["pattern"])).toEqual([
      "notes",
      "{executable-*,package,bill-of-materials}",
      "package",
    ]);
  });
});
