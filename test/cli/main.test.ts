import { describe, expect, onTestFinished, test, vi } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { COMMANDS } from "../../src/cli/commands.ts";
import { CommandError } from "../../src/cli/failures.ts";
import { processTerminal } from "../../src/cli/terminal.ts";
import { run, testTerminal } from "./terminal.ts";

describe("the command line", () => {
  test("prints the version of the package", async () => {
    expect(await run(["--version"])).toEqual({ code: 0, out: `${manifest.version}\n`, error: "" });
  });

  test("shows its commands when none is given, and counts that as a mistake", async () => {
    const { code, out } = await run([]);
    expect(code).toBe(2);
    for (const name of Object.keys(COMMANDS)) expect(out).toMatch(new RegExp(`^  ${name} +\\w`, "m"));
  });

  test("says in a line what it is for", async () => {
    const [first = ""] = (await run(["--help"])).out.split("\n");
    expect(first).toBe(`opik-local ${manifest.version}: a local server for Opik's runner APIs and for executor runs`);
    expect(first.length).toBeLessThanOrEqual(80);
  });

  test.for(Object.keys(COMMANDS))("%s --help has examples and fits 80 columns", async (name) => {
    const { code, out, error } = await run([name, "--help"]);
    expect({ code, error }).toEqual({ code: 0, error: "" });
    expect(out).toContain(`Usage: opik-local ${name}`);
    expect(out).toMatch(/Examples:\n {2}# .+\n {2}opik-local /);
    expect(Math.max(...out.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(out).not.toMatch(/[ \u001B]$/m);
  });

  test.for([
    [["devv"], "Unknown command devv. Did you mean dev?"],
    [["toString"], "Unknown command toString. `opik-local --help` lists all commands."],
    [["--port", "0"], "Unknown flag --port. Flags come after the command: opik-local dev --port"],
    [["dev", "--prot", "3"], "Unknown flag --prot. Did you mean --port? See `opik-local dev --help`."],
    [["dev", "-x"], "Unknown flag -x. See `opik-local dev --help`."],
    [["dev", "--port"], "--port needs a value. See `opik-local dev --help`."],
    [["dev", "--port", "--json"], "--port needs a value. See `opik-local dev --help`."],
    [["dev", "5173"], 'Unexpected argument "5173". See `opik-local dev --help`.'],
    [["dev", "--port", "-1"], '--port is "-1", but should be a whole number from 0 to 65535.'],
    [["dev", "--port", "1e3"], '--port is "1e3", but should be a whole number from 0 to 65535.'],
    [["dev", "--port", "0x50"], '--port is "0x50", but should be a whole number from 0 to 65535.'],
    [["dev", "--port", "http"], '--port is "http", but should be a whole number from 0 to 65535.'],
    [["dev", "--host", ""], /^--host is "", but should be an IP address or a host name, such as 127\.0\.0\.1\.$/],
    [
      ["dev", "--host", "http://localhost"],
      /^--host is "http:\/\/localhost", but should be an IP address or a host name/,
    ],
    [["dev", "--host", "h".repeat(64)], /^--host is "h+", but should be an IP address or a host name/],
    [
      ["dev", "--host", "fe80::1"],
      // Which of the two it is depends on the operating system.
      /^(?:This machine cannot listen on fe80::1 \(E\w+\)|fe80::1 is not an address of this machine)\. Choose another /,
    ],
    [["dev", "--quiet", "--verbose"], "Choose one of --quiet and --verbose."],
    [["dev", "--config", "none.yaml"], /^The config file .*none\.yaml does not exist\.$/],
  ] as const)("%j is a mistake: exit code 2 and one sentence", async ([argv, sentence]) => {
    const { code, out, error } = await run([...argv]);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    const expected = argv.includes("--json" as never) ? JSON.parse(error).message : error.trimEnd();
    expect(expected).toEqual(typeof sentence === "string" ? sentence : expect.stringMatching(sentence));
  });

  test("with --json a failure is one JSON line", async () => {
    const { code, out, error } = await run(["config", "--json", "--port", "x"]);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(JSON.parse(error)).toEqual({ event: "error", message: expect.stringContaining("--port"), exitCode: 2 });
  });

  test("a database that cannot be used is exit code 1 and one sentence", async () => {
    const terminal = testTerminal();
    const { code, error } = await run(["dev", "--db", terminal.folder, "--port", "0"], terminal);
    expect(code).toBe(1);
    expect(error.trimEnd().split("\n")).toHaveLength(1);
    expect(error).toContain(terminal.folder);
  });

  test("a folder that has been deleted is one sentence", () => {
    const cwd = vi.spyOn(process, "cwd").mockImplementation(() => {
      throw new Error("ENOENT: process.cwd failed");
    });
    onTestFinished(() => cwd.mockRestore());
    expect(() => processTerminal().folder).toThrow(
      new CommandError("The current folder has been deleted. Go to another one, and run the command again."),
    );
  });

  test("an unexpected error is one sentence, with --verbose also its stack", async () => {
    const terminal = testTerminal();
    terminal.clock = {
      ...terminal.clock,
      now: () => {
        throw new Error("the clock is broken");
      },
    };
    const short = await run(["dev", "--db", ":memory:", "--port", "0"], terminal);
    expect(short.code).toBe(1);
    expect(short.error).toBe(
      "opik-local failed unexpectedly: the clock is broken\nRun it again with --verbose to see where.\n",
    );
    terminal.stderr.text = "";
    const long = await run(["dev", "--db", ":memory:", "--port", "0", "--verbose"], terminal);
    expect(long.error).toMatch(/the clock is broken\n +at /);
  });
});
