import { expect, test } from "vitest";
import { createChunks } from "../../src/build/chunks.ts";

const YAML = "/node_modules/yaml/index.js";

/** Which modules each module imports. */
const IMPORTS: Readonly<Record<string, readonly string[]>> = {
  "/src/cli/index.ts": ["/src/print.ts"],
  "/src/cli/commands/jobs.ts": ["/src/client.ts", "/src/print.ts"],
  "/src/cli/commands/dev.ts": ["/src/settings.ts"],
  "/src/cli/commands/dev/serve.ts": ["/src/console.ts", "/src/json.ts"],
  "/src/client.ts": ["/src/json.ts"],
  "/src/fixtures/load/fixture-worker.ts": ["/src/format.ts"],
  "/src/format.ts": ["/src/json.ts", YAML],
  "/src/server.ts": ["/src/json.ts", "/src/format.ts", "/src/settings.ts", "/src/store.ts", "better-sqlite3"],
  [YAML]: [],
  "/src/json.ts": [],
};

const MODULES = { getModuleInfo: (id: string) => ({ importedIds: IMPORTS[id] ?? [] }) };

test("what is loaded together is in one chunk", () => {
  const chunkOf = createChunks("/src", { late: true });
  const chunks = Object.fromEntries(
    [
      ...Object.keys(IMPORTS),
      "/src/store.ts",
      "/src/settings.ts",
      "/src/console.ts",
      "/src/print.ts",
      "/src/other.ts",
    ].map((id) => [id.replace("/src/", ""), chunkOf(id, MODULES)]),
  );
  expect(chunks).toEqual({
    "/node_modules/yaml/index.js": "yaml",
    "json.ts": "shared",
    "settings.ts": "shared",
    "format.ts": "fixtures",
    "server.ts": "core",
    "store.ts": "core",
    "print.ts": "command",
    "console.ts": "command",
    "cli/commands/dev.ts": "command",
    "cli/commands/dev/serve.ts": "command",
    // Each of these is in a file of its own.
    "cli/index.ts": null,
    "cli/commands/jobs.ts": null,
    "client.ts": null,
    "fixtures/load/fixture-worker.ts": null,
    "other.ts": null,
  });
});

test("what is loaded at once anyway gets no file of its own", () => {
  expect(createChunks("/src", { late: false })(YAML, MODULES)).toBe("fixtures");
});
