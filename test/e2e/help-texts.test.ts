import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { PYTHON } from "./support/python-environment.ts";
import { type BlockResult, codeBlocks, runShellBlocks, shellBlock } from "./support/shell-text.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

const HELP = fileURLToPath(new URL("../../src/cli/help/", import.meta.url));
const MODULES = fileURLToPath(new URL("../../node_modules/", import.meta.url));
const FIXTURES = fileURLToPath(new URL("../../fixtures/", import.meta.url));

/** Runs all commands of a topic, in a project whose tests ask the server how it is. */
function runTopic(topic: string): Promise<{ folder: string; results: BlockResult[] }> {
  return runText(readTopic(topic));
}

function readTopic(topic: string): string {
  return readFileSync(join(HELP, `${topic}.md`), "utf8");
}

/** Runs all commands of a text in such a project, which has the fixtures of the package and the SDK from npm. */
async function runText(text: string): Promise<{ folder: string; results: BlockResult[] }> {
  const folder = temporaryFolder();
  cpSync(join(FIXTURES, "demo.yaml"), join(folder, "demo.yaml"));
  cpSync(FIXTURES, join(folder, "fixtures"), { recursive: true });
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(join(MODULES, "opik"), join(folder, "node_modules", "opik"), "junction");
  const ask = "fetch(process.env.OPIK_URL_OVERRIDE + '/is-alive/ping').then(({ ok }) => process.exit(ok ? 0 : 1))";
  writeFileSync(join(folder, "package.json"), JSON.stringify({ scripts: { test: `node -e "${ask}"` } }));
  const environment = { HOME: folder, ...(PYTHON === undefined ? {} : { PYTHON_PATH: dirname(PYTHON) }) };
  const results = await runShellBlocks(text, folder, environment);
  for (const { block, status, stdout, stderr } of results) expect(status, `${block}\n${stdout}\n${stderr}`).toBe(0);
  return { folder, results };
}

describe.skipIf(process.platform === "win32")("the commands that `opik-local help` shows", () => {
  test("of ci", async () => {
    const { folder, results } = await runTopic("ci");
    expect(results).toHaveLength(2);
    expect(readFileSync(join(folder, "requests.jsonl"), "utf8")).toContain("/is-alive/ping");
    expect(readFileSync(join(folder, "end.yaml"), "utf8")).toContain("projects:");
    expect(results[1]?.stdout).toContain("Open polls");
  });

  test("of time", async () => {
    const { results } = await runTopic("time");
    const [moves, advanced, waits] = results;
    const times = moves?.stdout.trimEnd().split("\n") ?? [];
    expect(times).toHaveLength(7);
    expect(times.slice(0, 4)).toEqual(
      ["00:00:00", "00:00:16", "00:00:32", "00:00:00"].map((time, index) =>
        expect.stringContaining(`2026-01-0${index === 3 ? 2 : 1}T${time}`),
      ),
    );
    expect(JSON.parse(advanced?.stdout ?? "")).toMatchObject({ clock: "virtual", frozen: true });
    expect(waits?.stdout).toContain('"status":"pending"');
  });

  test("of testing", async () => {
    const dev = "opik-local dev --fixtures fixtures/demo.yaml";
    const api = "localhost:5173/api/v1/private";
    const requests = shellBlock(
      `curl -s ${api}/local-runners/00000000-0000-7000-8000-00000000de30/heartbeats --json '{}'`,
      `curl -s ${api}/traces/batch --json '{"traces":[{"name":"echo","start_time":"2026-01-01T00:00:00Z"}]}'`,
      `curl -s ${api}/projcts || true`,
    );
    // Jobs until an event has come, and one more, at which the command ends that listens.
    const job = "npx opik-local run echo text=hi --no-follow >/dev/null";
    const text = readTopic("testing").replace(
      /^curl -sN .*$/m,
      (line) => `while ${job}; do sleep 0.2; done & grep -m1 "^event: job:" < <(${line})\nkill $!\n${job}`,
    );
    const { results } = await runText(shellBlock(dev) + requests + text);
    const [, journal, events] = results;
    const [wait = "", count = "", unmatched = ""] = journal?.stdout.match(/\{.*?\}(?=\{"|\n*$)/gs) ?? [];
    expect(wait).toContain('"operation":"heartbeat"');
    expect(count).toMatch(/^\{"count":1,/);
    expect(unmatched).toContain("projcts");
    expect(events?.stdout).toBe("event: job:status:changed\n");
  });

  test("of tour, with the agent in TypeScript", async () => {
    const [dev = "", agent = "", run = ""] = codeBlocks(readTopic("tour"), "sh");
    const { results } = await runText([dev, agent, run].map((block) => shellBlock(block)).join(""));
    expect(results.map(({ stdout }) => stdout)).toEqual(['{"text":"It works","length":8}\n']);
  });

  test.skipIf(!PYTHON)("of tour, with the agent in Python (OPIK_LOCAL_TEST_PYTHON)", async () => {
    const [dev = "", , run = "", endpoint = ""] = codeBlocks(readTopic("tour"), "sh");
    const untilReady =
      "until npx opik-local status | tee status | grep -q echo && ! grep -q laptop status; do sleep 0.5; done";
    const inPython = `export PATH="$PYTHON_PATH:$PATH"\n${endpoint}`;
    const { results } = await runText([dev, inPython, untilReady, run].map((block) => shellBlock(block)).join(""));
    expect(JSON.parse(results.at(-1)?.stdout ?? "")).toEqual({ text: "It works", length: 8 });
  });

  test("of faults", async () => {
    const { results } = await runTopic("faults");
    const [commands, http] = results;
    expect(commands?.stdout).toContain('"retryAfter":2');
    expect(commands?.stdout).toContain("no faults");
    expect(http?.stdout).toContain('"reset":"after"');
  });
});
