import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { FixtureSource } from "../../src/fixtures/load/source.ts";
import { startTestServer } from "../support/server.ts";
import { run, testTerminal } from "./terminal.ts";

/** Sets the title of the window, or begins a command in one character, or turns the direction of writing. */
const COMMANDS = "\u001b]0;x\u0007\u009b2J\u202e";
/** What a terminal would obey. */
const OBEYED = /[^\P{Cc}\n]|[\u202A-\u202E]/u;
const WRITTEN = String.raw`"\e]0;x\a\x9b2J\u202e"`;

const WRONG = `projects: [{ name: demo, ${WRITTEN}: 1 }]\n`;
const RIGHT = `projects: [{ name: demo }]
runners: [{ name: ${WRITTEN}, project: demo, keep_alive: true, agents: [{ name: ${WRITTEN} }] }]
jobs: [{ runner: ${WRITTEN}, agent: ${WRITTEN}, inputs: { ${WRITTEN}: 1.0 } }]
`;

test("no command prints control characters of texts to the terminal", async () => {
  const { url, server } = await startTestServer();
  const commands = [
    ["seed", "wrong.yaml"],
    ["seed", "wrong.yaml", "--json"],
    ["seed", "right.yaml"],
    ["seed", `no${COMMANDS}.yaml`],
    ["status"],
    ["status", "--json"],
    ["export"],
    ["export", "--json"],
    ["export", "--project", COMMANDS],
  ];
  const printed: string[] = [];
  for (const command of commands) {
    const terminal = testTerminal({});
    writeFileSync(join(terminal.folder, "wrong.yaml"), WRONG);
    writeFileSync(join(terminal.folder, "right.yaml"), RIGHT);
    const { out, error } = await run([...command, "--url", url], terminal);
    printed.push(out + error);
  }
  expect(printed.filter((text) => OBEYED.test(text))).toEqual([]);
  expect(printed[0]).toContain(String.raw`projects[0].\u001b]0;x\u0007\u009b2J\u202e: there is no such field`);
  // The escapes in an export mean the same texts.
  const inputs = { items: { fields: { inputs: "raw" } } } as const;
  for (const text of printed.slice(6, 8)) {
    const read = new FixtureSource({ name: "a", text }).read({ fields: { jobs: inputs } });
    expect(read).toMatchObject({
      runners: [{ name: COMMANDS }],
      jobs: [{ inputs: server.opik.jobs.all()[0]?.inputs }],
    });
  }
});
