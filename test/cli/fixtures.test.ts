import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { VirtualClock } from "../../src/core/virtual-clock.ts";
import { expectNothingLeft } from "../support/leaks.ts";
import { startTestServer } from "../support/server.ts";
import { Capture, run, startDev, testTerminal, type TestTerminal } from "./terminal.ts";

const BASE = `projects: [{ name: demo }]
runners: [{ name: laptop, project: demo, keep_alive: true, agents: [{ name: echo }] }]
`;
const JOBS = "jobs: [{ runner: laptop, agent: echo, inputs: { x: 1.0 } }]\n";

function terminalWith(files: Record<string, string>, environment: Record<string, string> = {}): TestTerminal {
  const terminal = testTerminal({ environment });
  mkdirSync(join(terminal.folder, "cases"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(terminal.folder, name), text);
  return terminal;
}

describe("opik-local seed", () => {
  test("loads files and folders that belong together", async () => {
    const { url, server } = await startTestServer();
    const terminal = terminalWith({ "base.yaml": BASE, "cases/jobs.yaml": JOBS, "cases/notes.txt": "no fixture" });
    expect(await run(["seed", "cases", "base.yaml", "--url", url], terminal)).toEqual({
      code: 0,
      error: "",
      out: `${url}: 1 project, 1 runner, 1 job added\n`,
    });
    expect(server.opik.jobs.all()).toHaveLength(1);
  });

  test("finds the server as Opik's SDKs do, shows its key, and writes JSON", async () => {
    const { url } = await startTestServer({ apiKey: "secret" });
    const files = { "base.yaml": BASE };
    const { out } = await run(
      ["seed", "base.yaml", "--json"],
      terminalWith(files, { OPIK_URL_OVERRIDE: `${url}/api`, OPIK_API_KEY: "secret" }),
    );
    expect(JSON.parse(out)).toMatchObject({ runners: { added: 1 } });
    const keyless = await run(["seed", "base.yaml", "--url", url], terminalWith(files));
    expect(keyless).toMatchObject({ code: 1, error: `The server at ${url} wants an API key: set OPIK_API_KEY.\n` });
  });

  test("gives the server time for large ones, and says so when that was not enough", async () => {
    expectNothingLeft();
    const server = createServer();
    onTestFinished(async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const seedAndWait = async (duration: number) => {
      const clock = new VirtualClock();
      const terminal = { ...terminalWith({ "base.yaml": BASE }), clock };
      const seeded = run(["seed", "base.yaml", "--url", url], terminal);
      const [, response] = (await once(server, "request")) as [IncomingMessage, ServerResponse];
      await clock.advance(duration);
      response.end(JSON.stringify({ projects: { added: 7, changed: 0, unchanged: 0 } }));
      return seeded;
    };
    expect(await seedAndWait(60_000)).toMatchObject({ code: 0, out: `${url}: 7 projects added\n` });
    const tooLate = { code: 1, out: "", error: `The server at ${url} has not answered for 4 min.\n` };
    expect(await seedAndWait(240_000)).toEqual(tooLate);
  });

  test("prints every mistake with its place, and fails", async () => {
    const { url, server } = await startTestServer();
    const terminal = terminalWith({
      "base.yaml": BASE,
      "cases/jobs.yaml": "jobs: [{ runner: latop, agent: echo }, 1]\n",
    });
    expect(await run(["seed", "base.yaml", "cases", "--url", url], terminal)).toEqual({
      code: 1,
      out: "",
      error: `2 mistakes in the fixtures, nothing was loaded:
${join("cases", "jobs.yaml")}:1:18 jobs[0].runner: there is no runner "latop", only laptop
${join("cases", "jobs.yaml")}:1:40 jobs[1]: expected a mapping of names to values, but found 1
`,
    });
    expect(server.opik.projects.all()).toEqual([]);
  });

  test.skipIf(process.platform === "win32")(
    "follows the links of a folder, and names one that leads nowhere",
    async () => {
      const { url } = await startTestServer();
      const terminal = terminalWith({ "base.yaml": BASE });
      mkdirSync(join(terminal.folder, "cases", "folder.yaml"));
      symlinkSync(join("..", "base.yaml"), join(terminal.folder, "cases", "base.yaml"));
      expect(await run(["seed", "cases", "--url", url], terminal)).toMatchObject({
        code: 0,
        out: `${url}: 1 project, 1 runner added\n`,
      });
      symlinkSync("nowhere", join(terminal.folder, "cases", "gone.yaml"));
      const { code, error } = await run(["seed", "cases", "--url", url], terminal);
      expect({ code, error }).toEqual({
        code: 2,
        error: `The fixture ${join("cases", "gone.yaml")} does not exist.\n`,
      });
    },
  );

  test("says what cannot be read, before it asks anybody", async () => {
    const seed = (...paths: string[]): ReturnType<typeof run> =>
      run(["seed", ...paths, "--url", "http://127.0.0.1:1"], terminalWith({}));
    expect(await seed("nope.yaml")).toMatchObject({ code: 2, error: "The fixture nope.yaml does not exist.\n" });
    expect(await seed("cases")).toMatchObject({ code: 2, error: expect.stringContaining("has no fixtures") });
    expect(await seed()).toMatchObject({
      code: 2,
      error: expect.stringMatching(/^Which fixtures\?.*`opik-local seed example:demo`.*seed --help`\.\n$/),
    });
  });

  test("points at the example that ships when there is one of that name", async () => {
    const seed = async (path: string): Promise<string> => (await run(["seed", path], terminalWith({}))).error.trimEnd();
    for (const path of ["demo.yaml", "fixtures/demo.yaml"]) {
      expect(await seed(path)).toBe(
        `The fixture ${path} does not exist. One of that name comes with opik-local: example:demo`,
      );
    }
    expect(await seed("package.json")).toBe("The fixture package.json does not exist.");
  });

  test("loads an example by its name, and names those that there are", async () => {
    const { url } = await startTestServer();
    const seed = (path: string): ReturnType<typeof run> => run(["seed", path, "--url", url], terminalWith({}));
    expect(await seed("example:demo")).toMatchObject({
      code: 0,
      out: expect.stringContaining("2 projects, 3 runners"),
    });
    expect(await seed("example:demo.yaml")).toMatchObject({ code: 0, out: `${url}: 24 there already\n` });
    expect((await seed("example:dmo")).error).toBe("There is no example dmo. Did you mean demo?\n");
    expect(await seed("example:../package")).toMatchObject({
      code: 2,
      error: "There is no example ../package. There are: busy-runner, demo, empty-queue, executor, scripted.\n",
    });
  });
});

describe("opik-local export", () => {
  test("writes a fixture that loads back, in YAML and in JSON", async () => {
    const { url, server } = await startTestServer();
    server.fixtures.load([{ name: "base.yaml", text: BASE + JOBS }]);
    const before = (await run(["export", "--json", "--url", url])).out;
    expect(before).toContain('"inputs":{"x":1.0}');
    const terminal = terminalWith({});
    const written = await run(["export", "--url", url, "-o", "state.yaml"], terminal);
    expect(written).toEqual({ code: 0, out: "state.yaml: 1 project, 1 runner, 1 job written\n", error: "" });
    expect(readdirSync(terminal.folder).filter((name) => name.startsWith("state"))).toEqual(["state.yaml"]);
    const yaml = readFileSync(join(terminal.folder, "state.yaml"), "utf8");
    expect(yaml).toContain("      x: 1.0\n");
    server.reset();
    expect((await run(["seed", "state.yaml", "--url", url], terminal)).code).toBe(0);
    expect((await run(["export", "--json", "--url", url])).out).toBe(before);
  });

  test("says where it cannot write, and leaves nothing there", async () => {
    const { url } = await startTestServer();
    const terminal = terminalWith({ "base.yaml": BASE });
    const failed = async (path: string) =>
      run(["export", "--url", url, "-o", path], { ...terminal, stderr: new Capture() });
    expect(await failed("cases")).toMatchObject({
      code: 2,
      error: expect.stringContaining("cases cannot be written: it is a folder."),
    });
    expect(await failed(join("base.yaml", "x"))).toMatchObject({
      code: 2,
      error: expect.stringContaining("base.yaml is not a folder."),
    });
    expect(await failed(join("none", "x"))).toMatchObject({
      code: 2,
      error: expect.stringContaining("none does not exist."),
    });
    expect(readdirSync(terminal.folder)).toEqual(["base.yaml", "cases"]);
  });

  test("of one project says when there is none of that name", async () => {
    const { url } = await startTestServer();
    const answer = await run(["export", "--project", "nowhere", "--url", url]);
    expect(answer).toMatchObject({ code: 1, out: "", error: 'There is no project "nowhere".\n' });
  });
});

describe("opik-local dev --fixtures", () => {
  test("has them loaded when it is ready, and says what that came to", async () => {
    const terminal = terminalWith({ "base.yaml": BASE, "cases/jobs.yaml": JOBS });
    const { url } = await startDev(["--fixtures", "base.yaml, cases"], terminal);
    expect(terminal.stdout.text).toContain("  Fixtures: 1 project, 1 runner, 1 job added\n");
    const state = (await (await fetch(`${url}/__local/state`)).json()) as object;
    expect(state).toMatchObject({ jobs: { pending: 1 } });
  });

  test("does not start with a mistake in one of them", async () => {
    const terminal = terminalWith({ "base.yaml": BASE, "cases/jobs.yaml": "jobs: 1" });
    const answer = await run(["dev", "--db", ":memory:", "--port", "0", "--fixtures", "base.yaml,cases"], terminal);
    expect(answer).toMatchObject({
      code: 1,
      out: "",
      error: expect.stringContaining("jobs.yaml:1:7 jobs: expected a list"),
    });
  });
});
