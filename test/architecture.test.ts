import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, test } from "vitest";

const SOURCE_FOLDER = fileURLToPath(new URL("../src/", import.meta.url));

const SHARED = ["core", "settings", "config", "version"];
const LOW = [...SHARED, "database", "http", "context"];
const RESOURCES = [...LOW, "opik", "strait"];
const SERVER = [...RESOURCES, "fixtures", "admin", "ui", "bridge", "opik-local", "server"];

/** What each part of the program (folder, or file at the top of src) may import besides itself. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  version: [],
  core: [],
  settings: ["core"],
  config: ["core", "settings"],
  database: SHARED,
  http: SHARED,
  context: ["core", "config", "database", "http"],
  opik: LOW,
  strait: LOW,
  // The one place where the two sides meet.
  bridge: RESOURCES,
  fixtures: RESOURCES,
  // The page takes the types of what it reads from the schemas.
  ui: [...RESOURCES, "admin"],
  admin: [...RESOURCES, "fixtures"],
  "opik-local": RESOURCES,
  resets: [...RESOURCES, "fixtures", "admin", "opik-local"],
  // The Model Context Protocol works with the server as a client in the same process.
  server: [...SERVER, "resets", "client"],
  client: [...RESOURCES, "fixtures", "admin"],
  testing: [...SERVER, "client"],
  cli: [...SERVER, "client"],
  build: [...SERVER, "cli"],
  index: SERVER,
};

/** The areas of each API: one imports only those before it. */
const AREAS: Record<string, readonly string[]> = {
  opik: [
    "wire",
    "search",
    "access",
    "projects",
    "environments",
    "tracing",
    "library",
    "snapshots",
    "runners",
    "health",
    "published",
  ],
  strait: [
    "wire",
    "run",
    "definitions",
    "access",
    "records",
    "waits",
    "webhooks",
    "triggers",
    "streams",
    "dispatch",
    "operations",
    "snapshots",
    "health",
  ],
};

/** Imports that point backwards all the same, each with its reason. */
const BACKWARDS: Readonly<Record<string, string>> = {
  "opik/wire/route.ts -> opik/access/owner.ts":
    "a route names the owner of its request, whose refusal is an error of wire",
  "strait/run/service.ts -> strait/definitions/jobs/versions.ts": "a run begins with a version of its job",
  "strait/waits/waits.ts -> strait/webhooks/service.ts": "the notify_url of a wait is called as a webhook",
};

/** Areas whose stores name a table of another area, each with its reason. */
const FOREIGN_TABLES: Readonly<Record<string, string>> = {
  "opik/tracing annotation_queue_items": "traces and threads are filtered by the queues that they are in",
  "opik/library feedback_scores": "experiments are filtered by the scores of their traces",
  "opik/snapshots spans": "spans without a trace are exported by themselves",
  "opik/snapshots traces": "the same",
  "strait/dispatch executor_runs": "queues are indexes on runs",
  "strait/dispatch executor_jobs": "circuits of endpoints that no job has are dropped",
  "strait/dispatch executor_job_versions": "circuits of endpoints that no version of a job has are dropped",
  "bridge executor_runs": "the bridge looks for the runs that its jobs execute",
};

/** More folders side by side than this are not taken in at a glance. */
const MAX_FOLDERS = 13;

/** A source file, by its path under src with forward slashes. */
interface Source {
  path: string;
  text: string;
}

function readSources(): Source[] {
  return readdirSync(SOURCE_FOLDER, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .map((path) => ({
      path: path.replaceAll("\\", "/"),
      text: readFileSync(join(SOURCE_FOLDER, path), "utf8"),
    }));
}

/** `opik/jobs/store.ts` -> `opik`, `server.ts` -> `server`. */
function partOf(path: string): string {
  return path.split("/")[0]!.replace(/\.ts$/, "");
}

/** `opik/runners/jobs/store.ts` -> `opik/runners/jobs`; nothing for files that belong to no resource. */
function resourceOf(path: string): string | undefined {
  return /^(?:opik|strait)\/.+(?=\/)/.exec(path)?.[0];
}

/** `strait/records/state/store.ts` -> `strait/records`, `bridge/store.ts` -> `bridge`. */
function areaOf(path: string): string {
  const part = partOf(path);
  const area = path.split("/")[1];
  return AREAS[part] === undefined || area === undefined || area.endsWith(".ts") ? part : `${part}/${area}`;
}

/** The files of ours that a file imports, exports from or loads, types included, by their path under src. */
function importsOf({ path, text }: Source): string[] {
  return ts
    .preProcessFile(text)
    .importedFiles.filter(({ fileName }) => fileName.startsWith("."))
    .map(({ fileName }) => posix.join(dirname(path), fileName))
    .filter((imported) => !imported.startsWith(".."));
}

function wrongImports(sources: Source[]): string[] {
  return sources.flatMap((source) =>
    importsOf(source).flatMap((imported) => {
      const from = partOf(source.path);
      const to = partOf(imported);
      const allowed = MAY_IMPORT[from];
      if (allowed === undefined) return [`${source.path}: test/architecture.test.ts does not know "${from}"`];
      if (from !== to && !allowed.includes(to)) return [`${source.path} imports ${imported}`];
      const resource = resourceOf(source.path);
      const isForeignStore = imported.endsWith("/store.ts") && resource !== resourceOf(imported);
      if (resource !== undefined && isForeignStore) return [`${source.path} imports another resource's ${imported}`];
      return [];
    }),
  );
}

/** Imports from an area to one that comes after it. */
function backwardImports(sources: Source[]): string[] {
  return sources.flatMap((source) =>
    importsOf(source).flatMap((imported) => {
      const part = partOf(source.path);
      const order = AREAS[part];
      if (order === undefined || partOf(imported) !== part) return [];
      const [from, to] = [source.path, imported].map((path) => order.indexOf(areaOf(path).slice(part.length + 1)));
      const import_ = `${source.path} -> ${imported}`;
      return from! >= 0 && to! > from! && BACKWARDS[import_] === undefined ? [import_] : [];
    }),
  );
}

/** How many imports lead from one area of an API to another. */
function countBetweenAreas(sources: Source[], part: string): number {
  const ours = sources.filter(({ path }) => partOf(path) === part);
  return ours.reduce((sum, source) => {
    const others = importsOf(source).filter((imported) => partOf(imported) === part);
    return sum + others.filter((imported) => areaOf(imported) !== areaOf(source.path)).length;
  }, 0);
}

/** The tables that the SQL of a file names, or whose columns it describes. */
function tablesIn({ text }: Source, tables: ReadonlySet<string>): string[] {
  const named = [...text.matchAll(/\b(?:FROM|INTO|UPDATE|JOIN|new Table\(")\s*([a-z_]+)\b/g)].map(
    ([, table]) => table!,
  );
  return [...new Set(named)].filter((table) => tables.has(table));
}

/** By table, the areas that name it, without those that may. */
function areasByTable(sources: Source[]): Map<string, Set<string>> {
  const migrations = readdirSync(join(SOURCE_FOLDER, "database/migrations")).map((name) =>
    readFileSync(join(SOURCE_FOLDER, "database/migrations", name), "utf8"),
  );
  const tables = new Set(
    migrations.flatMap((sql) => [...sql.matchAll(/CREATE TABLE (\w+)/g)].map(([, name]) => name!)),
  );
  const areas = new Map<string, Set<string>>();
  for (const source of sources.filter(({ path }) => partOf(path) !== "database")) {
    const area = areaOf(source.path);
    for (const table of tablesIn(source, tables)) {
      if (FOREIGN_TABLES[`${area} ${table}`] !== undefined) continue;
      areas.set(table, (areas.get(table) ?? new Set()).add(area));
    }
  }
  return areas;
}

/** Files longer than this have more than one subject, except these, each with its reason. */
const MAX_LINES = 300;
const LONG_FILES: Readonly<Record<string, string>> = {
  "core/json-reader.ts": "one state machine over one text, whose speed every request pays for",
};

/** Folders that have more folders in them than can be taken in. */
function crowdedFolders(sources: Source[]): string[] {
  const folders = new Set(
    sources.flatMap(({ path }) => path.split("/").map((_, index, parts) => parts.slice(0, index).join("/"))),
  );
  const parents = Map.groupBy(
    [...folders].filter((folder) => folder !== ""),
    (folder) => dirname(folder),
  );
  return [...parents].filter(([, inside]) => inside.length > MAX_FOLDERS).map(([parent]) => parent);
}

/** `new Date()` and `Date()`, which read the computer's clock; oxlint has no rule that distinguishes them from `new Date(0)`. */
function unclockedDates({ path, text }: Source): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const isDateCall =
      (ts.isNewExpression(node) || ts.isCallExpression(node)) &&
      ts.isIdentifier(node.expression) &&
      node.expression.text === "Date";
    if (isDateCall && (ts.isCallExpression(node) || !node.arguments?.length)) found.push(`${path}: ${node.getText()}`);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true));
  return found;
}

describe("architecture", () => {
  test("imports point inwards, and a resource's store is its own", () => {
    expect(wrongImports(readSources())).toEqual([]);
  });

  test("an area imports only those before it", () => {
    const sources = readSources();
    expect(backwardImports(sources)).toEqual([]);
    const counts = Object.keys(AREAS).map((part) => `${countBetweenAreas(sources, part)} in ${part}`);
    process.stdout.write(`imports between areas: ${counts.join(", ")}\n`);
  });

  test("a table belongs to one area, and only its stores name it", () => {
    const sources = readSources();
    const shared = [...areasByTable(sources)].filter(([, areas]) => areas.size > 1);
    expect(shared).toEqual([]);
  });

  test("no folder has more folders in it than can be taken in", () => {
    expect(crowdedFolders(readSources())).toEqual([]);
  });

  test("no file is so long that it has more than one subject", () => {
    const long = readSources().filter(({ text }) => text.split("\n").length > MAX_LINES + 1);
    expect(long.map(({ path }) => path).toSorted()).toEqual(Object.keys(LONG_FILES));
  });

  test("only the clock reads the time", () => {
    const sources = readSources().filter(({ path }) => path !== "core/node-timers.ts" && path !== "core/ids.ts");
    expect(sources.flatMap(unclockedDates)).toEqual([]);
    const readers = sources.filter(({ text }) => /\bnodeTimers\b/.test(text)).map(({ path }) => path);
    expect(readers).toEqual(["core/clock.ts"]);
  });

  test.for([
    ["core/clock.ts", 'import "../config.ts"'],
    ["database/open.ts", 'export * from "../opik/runners/jobs/store.ts"'],
    ["opik/runners/jobs/service.ts", 'import type { Run } from "../../../strait/run/schema.ts"'],
    ["strait/records/state/service.ts", 'const jobs = await import("../../../opik/runners/jobs/service.ts")'],
    ["opik/runners/jobs/service.ts", 'import { RunnerStore } from "../store.ts"'],
    ["opik/opik.ts", 'import "../server.ts"'],
    ["server.ts", 'import "./cli/index.ts"'],
    ["elsewhere/new.ts", 'import "../core/clock.ts"'],
  ] as const)("the rule refuses, in %s, %s", ([path, text]) => {
    expect(wrongImports([{ path, text }])).toHaveLength(1);
  });

  test("an import of a later area points backwards", () => {
    const text = 'import { RunTimers } from "../../dispatch/run-timers.ts"';
    expect(backwardImports([{ path: "strait/records/state/service.ts", text }])).toHaveLength(1);
  });

  test.for([
    ["opik/runners/jobs/service.ts", 'import { JobStore } from "./store.ts"'],
    ["opik/runners/jobs/service.ts", 'import { RunnerService } from "../service.ts"'],
    ["opik/opik.ts", 'import { JobStore } from "./runners/jobs/store.ts"'],
    ["strait/records/state/service.ts", 'import { RunService } from "../../run/service.ts"'],
    ["cli/index.ts", 'import pkg from "../../package.json" with { type: "json" }'],
  ] as const)("the rule allows, in %s, %s", ([path, text]) => {
    expect(wrongImports([{ path, text }])).toEqual([]);
  });

  test("only dates that read the clock are found", () => {
    const text = "new Date(); Date(); new Date(0); Date.UTC(2026); new Date;";
    expect(unclockedDates({ path: "a.ts", text })).toEqual(["a.ts: new Date()", "a.ts: Date()", "a.ts: new Date"]);
  });
});
