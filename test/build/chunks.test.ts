import { expect, test } from "vitest";
import { createChunks } from "../../src/build/chunks.ts";

const YAML = "/node_modules/yaml/index.js";
const MARKED = "/node_modules/marked/index.js";

/** Which modules each module imports. */
const IMPORTS: Readonly<Record<string, readonly string[]>> = {
  "/src/cli/index.ts": ["/src/print.ts"],
  "/src/cli/commands/jobs.ts": ["/src/client.ts", "/src/print.ts", "/src/cli/words.ts", "node:os"],
  "/src/cli/commands/logs.ts": ["/src/cli/words.ts"],
  "/src/cli/commands/doctor.ts": ["/src/store.ts", "/src/cli/words.ts"],
  "/src/cli/commands/help.ts": [MARKED],
  "/src/cli/commands/dev.ts": ["/src/settings.ts"],
  "/src/cli/commands/dev/serve.ts": ["/src/console.ts", "/src/json.ts"],
  "/src/cli/words.ts": [],
  "/src/client.ts": ["/src/json.ts"],
  "/src/console.ts": ["/src/store.ts"],
  "/src/fixtures/load/fixture-worker.ts": ["/src/format.ts"],
  "/src/format.ts": ["/src/json.ts", YAML],
  "/src/http/dispatcher.ts": ["/src/reason.ts"],
  "/src/http/answer.ts": [],
  "/src/reason.ts": [],
  "/src/server.ts": ["/src/json.ts", "/src/format.ts", "/src/settings.ts", "/src/store.ts", "better-sqlite3"],
  "/src/store.ts": [],
  "/src/settings.ts": [],
  "/src/print.ts": [],
  "/src/json.ts": [],
  [YAML]: [],
  [MARKED]: [],
};

/** Which modules each module imports when it needs them. */
const LATE_IMPORTS: Readonly<Record<string, readonly string[]>> = {
  "/src/cli/index.ts": ["dev", "jobs", "logs", "doctor", "help"].map((name) => `/src/cli/commands/${name}.ts`),
};

const MODULES = {
  getModuleInfo: (id: string) => ({
    importedIds: IMPORTS[id] ?? [],
    dynamicallyImportedIds: LATE_IMPORTS[id] ?? [],
  }),
};

test("what is loaded together is in one chunk", () => {
  const chunkOf = createChunks("/src", { late: true });
  const chunks = Object.fromEntries(
    [...Object.keys(IMPORTS), "/src/other.ts"].map((id) => [id.replace("/src/", ""), chunkOf(id, MODULES)]),
  );
  expect(chunks).toEqual({
    [YAML]: "yaml",
    "json.ts": "shared",
    "settings.ts": "shared",
    "format.ts": "fixtures",
    "server.ts": "core",
    "store.ts": "core",
    "http/dispatcher.ts": "requests",
    "http/answer.ts": "requests",
    "reason.ts": "requests",
    "print.ts": "command",
    "cli/commands/dev.ts": "command",
    // What starts a server, which the other commands do without.
    "console.ts": "serve",
    "cli/commands/dev/serve.ts": "serve",
    "cli/commands/jobs.ts": "commands",
    "cli/commands/logs.ts": "commands",
    "cli/words.ts": "commands",
    "client.ts": "commands",
    "cli/commands/doctor.ts": "tools",
    // Each of these is in a file of its own.
    "cli/index.ts": null,
    "cli/commands/help.ts": null,
    [MARKED]: null,
    "fixtures/load/fixture-worker.ts": null,
    "other.ts": null,
  });
});

test("what is loaded at once anyway gets no file of its own", () => {
  expect(createChunks("/src", { late: false })(YAML, MODULES)).toBe("fixtures");
});
