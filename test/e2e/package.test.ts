import { type ChildProcess, execFile, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { filesBelow } from "../../src/core/files-below.ts";
import { EMPTY_IMAGE } from "../../src/database/empty-image.ts";
import { UNHURRIED_VITEST } from "./support/shell-text.ts";

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const IS_WINDOWS = process.platform === "win32";
const DEV = ["dev", "--port", "0", "--db", ":memory:", "--json"];
const STOP_WITHIN_MS = 60_000;

/** Programs that use the types: a wrong one must be noticed. */
const CONSUMERS = {
  "esm.mts": `
    import * as main from "${manifest.name}";
    import { startOpikLocal } from "${manifest.name}/testing";
    await using server = await startOpikLocal();
    const url: string = server.url;
    // @ts-expect-error
    const wrong: number = server.url;
    export { main, url, wrong };
  `,
  "commonjs.cts": `
    import main = require("${manifest.name}");
    import testing = require("${manifest.name}/testing");
    async function start(): Promise<string> {
      return (await testing.startOpikLocal()).url;
    }
    // @ts-expect-error
    const wrong: number = start();
    export = { main, wrong };
  `,
};

describe("the published package", () => {
  let folder: string;
  let installed: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "opik-local-package-"));
    await npm(ROOT, "pack", "--ignore-scripts", "--pack-destination", folder);
    const tarball = readdirSync(folder).find((file) => file.endsWith(".tgz"));
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "user-project", private: true }));
    await npm(folder, "install", "--no-audit", "--no-fund", "--prefer-offline", join(folder, tarball!));
    installed = join(folder, "node_modules", manifest.name);
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

  test("npx starts the server, which says where it is, answers and stops on Ctrl-C", async () => {
    const npx = start("npx", [manifest.name, ...DEV]);
    const { url } = await readyLine(npx);
    const answer = await fetch(new URL("/is-alive/ping", url));
    expect(answer.status).toBe(200);
    await answer.arrayBuffer();

    await ctrlC(npx);
    const reach = (): Promise<string> =>
      fetch(url)
        .then(() => "still answers")
        .catch(() => "gone");
    await expect.poll(reach).toBe("gone");
  });

  // Under npx the exit code is that of the shell in between, which on Debian dies of the Ctrl-C (130).
  test.skipIf(IS_WINDOWS)("the installed executable ends with 0 on Ctrl-C", async () => {
    const server = start(join(folder, "node_modules", ".bin", manifest.name), DEV);
    await readyLine(server);
    expect(await ctrlC(server)).toBe(0);
  });

  test("npx prints the version", async () => {
    const { stdout } = await run("npx", ["opik-local", "--version"], {
      cwd: folder,
      env: environment(),
      shell: IS_WINDOWS,
    });
    expect(stdout.trim()).toContain(manifest.version);
  });

  test("the first start of a command keeps code caches for the next ones", async () => {
    const caches = join(folder, "caches");
    const env = { ...environment(), NODE_COMPILE_CACHE: caches };
    const kept = (): string[] =>
      readdirSync(caches, { recursive: true, encoding: "utf8" }).filter((name) =>
        /opik-local.client.cli\.cjs/.test(name),
      );
    for (let time = 0; time < 2; time += 1) {
      const command = [join(installed, "bin", "opik-local.mjs"), "--version"];
      expect((await run(process.execPath, command, { env })).stdout).toBe(`${manifest.version}\n`);
      expect(kept()).toHaveLength(1);
    }
    const silent = { ...env, NODE_DISABLE_COMPILE_CACHE: "1" };
    const command = [join(installed, "bin", "opik-local.mjs"), "--version"];
    expect((await run(process.execPath, command, { env: silent })).stdout).toBe(`${manifest.version}\n`);
  });

  test("its manifest points at files that are there, in the formats it says", async () => {
    const { messages, pkg } = await publint({ pkgDir: installed, pack: false, strict: true });
    expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([]);
  });

  test("it brings the migrations and the fixtures, and nothing of the sources or the tests", () => {
    expect(readdirSync(installed).toSorted()).toEqual(
      ["CHANGELOG.md", "LICENSE", "README.md", "bin", "dist", "fixtures", "package.json"].toSorted(),
    );
    expect(readdirSync(join(installed, "dist", "migrations"))).toEqual([EMPTY_IMAGE]);
    const texts: unknown = JSON.parse(readFileSync(join(installed, "dist", "migrations.json"), "utf8"));
    expect(Object.keys(texts as object)).toEqual(readdirSync(join(ROOT, "src", "database", "migrations")).toSorted());
  });

  test("it has the recipes and the help, each in one file", async () => {
    const command = join(installed, "bin", "opik-local.mjs");
    await run(process.execPath, [command, "recipe", "go", join(folder, "recipe")]);
    expect(filesBelow(join(folder, "recipe"))).toEqual(["agent.yaml", "agent_test.go", "go.mod"]);
    expect((await run(process.execPath, [command, "help", "ci"])).stdout).toContain("RECIPES");
  });

  test("it has few files, because npm takes longer for each than for what is in it", () => {
    expect(filesBelow(installed).length).toBeLessThan(110);
  });

  test("it brings its libraries in the bundle, with their licences: only SQLite is installed beside it", () => {
    const beside = readdirSync(join(folder, "node_modules")).filter((name) => !name.startsWith("."));
    expect(beside.toSorted()).toEqual(["better-sqlite3", "node-addon-api", manifest.name]);
    expect(readFileSync(join(installed, "dist", "licenses", "libraries.txt"), "utf8")).toMatch(/^h3 2\..* \(MIT\)$/m);
    expect(readFileSync(join(installed, "dist", "licenses", "libraries.txt"), "utf8")).toMatch(
      /^prices of models, from LiteLLM \(MIT\)\n\nMIT License\n\nCopyright \(c\) 2023 Berri AI$/m,
    );
    expect(readFileSync(join(installed, "dist", "licenses", "page.txt"), "utf8")).toMatch(/^preact 1\d\..* \(MIT\)$/m);
  });

  test("its entry points can be imported", async () => {
    const script = `
      const names = await Promise.all(["${manifest.name}", "${manifest.name}/testing"].map((name) => import(name)));
      console.log(JSON.stringify(names.map((exports) => Object.keys(exports).length > 0)));
    `;
    const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", script], { cwd: folder });
    expect(JSON.parse(stdout)).toEqual([true, true]);
  });

  test("its entry points can be required by CommonJS", async () => {
    const script = `console.log(typeof require("${manifest.name}/testing").startOpikLocal)`;
    const { stdout } = await run(process.execPath, ["--eval", script], { cwd: folder });
    expect(stdout).toBe("function\n");
  });

  test("its types are found as its code is, by every resolution of modules", async () => {
    const attw = join(ROOT, "node_modules", "@arethetypeswrong", "cli", "dist", "index.js");
    const tarball = readdirSync(folder).find((file) => file.endsWith(".tgz"));
    const options = ["--profile", "esm-only", "--format", "json"];
    // It ends with 1 when something is wrong.
    await run(process.execPath, [attw, join(folder, tarball!), ...options]);
  });

  test.for([
    // `node16` does not know that CommonJS can require ES modules, as Node does since 20.19.
    ["node16", ts.ModuleKind.Node16, ["esm.mts"]],
    ["nodenext", ts.ModuleKind.NodeNext, ["esm.mts", "commonjs.cts"]],
    ["a bundler", ts.ModuleKind.Preserve, ["esm.mts"]],
  ] as const)("its types stand on their own in a strict project for %s", ([, module, files]) => {
    const consumer = join(folder, "consumer");
    mkdirSync(consumer, { recursive: true });
    for (const [name, text] of Object.entries(CONSUMERS)) writeFileSync(join(consumer, name), text);
    const paths = files.map((name) => join(consumer, name));
    const options: ts.CompilerOptions = { noEmit: true, strict: true, target: ts.ScriptTarget.ES2024, module };
    const typeRoots = [join(ROOT, "node_modules", "@types")];
    expect(mistakes(paths, { ...options, types: [] })).toEqual([]);
    expect(mistakes(paths, { ...options, types: ["node"], typeRoots })).toEqual([]);
  });

  test("its vitest entry works in a project that has vitest, and its types are right there", async () => {
    const project = join(folder, "with-vitest");
    const modules = join(project, "node_modules");
    mkdirSync(modules, { recursive: true });
    cpSync(installed, join(modules, manifest.name), { recursive: true });
    symlinkSync(join(folder, "node_modules", "better-sqlite3"), join(modules, "better-sqlite3"), "junction");
    symlinkSync(join(ROOT, "node_modules", "vitest"), join(modules, "vitest"), "junction");
    writeFileSync(
      join(project, "echo.test.ts"),
      `import { expect, test } from "${manifest.name}/vitest";

test("echoes", async ({ opik }) => {
  const runner = await opik.runners.connect({ agents: ["echo"], project: "demo" });
  const id = opik.jobs.create({ agent: "echo", project: "demo", inputs: { text: "hello" } });
  for await (const job of runner.jobs()) {
    await job.complete(job.inputs);
    break;
  }
  await expect(opik).toHaveCompleted(id, { text: "hello" });
});
`,
    );
    const compiler = join(ROOT, "node_modules", "typescript", "bin", "tsc");
    const options = ["--noEmit", "--strict", "--skipLibCheck", "--module", "nodenext", "--target", "es2024"];
    const typeRoots = ["--types", "node", "--typeRoots", join(ROOT, "node_modules", "@types")];
    const compiled = await run(process.execPath, [compiler, ...options, ...typeRoots, "echo.test.ts"], { cwd: project })
      .catch((failure: { stdout: string }) => failure)
      .then(({ stdout }) => stdout);
    expect(compiled).toBe("");
    const command = [join(ROOT, "node_modules", "vitest", "vitest.mjs"), "run", "--no-color", ...UNHURRIED_VITEST];
    const { stdout } = await run(process.execPath, command, { cwd: project, env: environment() });
    expect(stdout).toMatch(/Tests\s+1 passed/);
  });

  test("the types of the test double are written out, for editors to show: nothing is inferred from a schema", () => {
    const dist = join(installed, "dist");
    const texts = readdirSync(dist)
      .filter((name) => name.endsWith(".d.mts"))
      .map((name) => readFileSync(join(dist, name), "utf8"));
    const types = texts.find((text) => text.includes("interface ExecutorRunInput {")) ?? "";
    expect(types).toContain("interface TestServer extends");
    expect(types).not.toContain("valibot");
    expect(types.length).toBeLessThan(110_000);
  });

  test("on a Node that is too old it says what to do, in one sentence", async () => {
    // The check reads process.versions, so a preload that rewrites them stands for the old Node.
    const preload = join(folder, "old-node.cjs");
    writeFileSync(
      preload,
      `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.18.1", napi: "9" } });`,
    );
    const failure = await run(process.execPath, ["--require", preload, join(installed, "bin", "opik-local.mjs"), "dev"])
      .then(() => expect.fail("it started"))
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 1, stdout: "" });
    expect(failure).toHaveProperty(
      "stderr",
      expect.stringMatching(/^opik-local needs Node\.js 22\.14.*20\.18\.1.*npx.*\n$/),
    );
    const script = `await (await import("${manifest.name}/testing")).startOpikLocal()`;
    const inTests = ["--require", preload, "--input-type=module", "--eval", script];
    await expect(run(process.execPath, inTests, { cwd: folder })).rejects.toThrow(
      /opik-local needs Node\.js 22\.14.*20\.18\.1/,
    );
  });

  function start(command: string, args: string[]): ChildProcess {
    // A group of its own, because a terminal sends Ctrl-C to the whole group: to npx and to the server.
    const options = { cwd: folder, env: environment(), detached: !IS_WINDOWS, shell: IS_WINDOWS };
    const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "inherit"] });
    onTestFinished(() => endGroup(child, "SIGKILL"));
    return child;
  }
});

/** What the compiler says about a program and the types of the package; it takes its own types and those of Node as they are. */
function mistakes(files: string[], options: ts.CompilerOptions): string[] {
  const program = ts.createProgram(files, options);
  const checked = program.getSourceFiles().filter((file) => {
    return !program.isSourceFileDefaultLibrary(file) && !/\/@types\/|\/undici-types\//.test(file.fileName);
  });
  expect(checked.length).toBeGreaterThan(files.length);
  const found = checked.flatMap((file) => ts.getPreEmitDiagnostics(program, file));
  return found.map(({ file, messageText }) => {
    return `${file?.fileName ?? ""}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
  });
}

/** Waits for the line that says where the server is; fails when the process ends without one. */
async function readyLine(child: ChildProcess): Promise<{ url: string }> {
  for await (const line of createInterface({ input: child.stdout! })) {
    const said = JSON.parse(line) as { event: string; url: string };
    if (said.event === "ready") return said;
  }
  throw new Error("the server ended without a ready line");
}

/** Ends the process as a terminal does and gives its exit code; fails when it takes its time. */
async function ctrlC(child: ChildProcess): Promise<number | null> {
  const exited = once(child, "exit", { signal: AbortSignal.timeout(STOP_WITHIN_MS) }) as Promise<[number | null]>;
  endGroup(child, "SIGINT");
  const [code] = await exited;
  return code;
}

/** Sends a signal to the process and all it has started. */
function endGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  if (IS_WINDOWS) execFileSync("taskkill", ["/pid", String(child.pid), "/t", "/f"]);
  else process.kill(-child.pid, signal);
}

async function npm(cwd: string, ...args: string[]): Promise<void> {
  await run("npm", args, { cwd, env: environment(), shell: IS_WINDOWS });
}

/**
 * The environment of a person at a terminal: this very Node first (the machine's own may be too old), and
 * none of the variables that npm sets for the scripts of this repository.
 */
function environment(): NodeJS.ProcessEnv {
  const ours = Object.entries(process.env).filter(
    ([name]) =>
      !/^(?:npm_(?:package|lifecycle|command|config_local_prefix)|INIT_CWD$|NODE_ENV$|VITEST|PATH$)/i.test(name),
  );
  return { ...Object.fromEntries(ours), PATH: [dirname(process.execPath), process.env["PATH"]].join(delimiter) };
}
