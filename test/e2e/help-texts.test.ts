import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { type BlockResult, runShellBlocks } from "./support/shell-text.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

const HELP = fileURLToPath(new URL("../../src/cli/help/", import.meta.url));
const FIXTURES = fileURLToPath(new URL("../../fixtures/", import.meta.url));

/** Runs all commands of a topic, in a project whose tests ask the server how it is. */
async function runTopic(topic: string): Promise<{ folder: string; results: BlockResult[] }> {
  const folder = temporaryFolder();
  cpSync(join(FIXTURES, "demo.yaml"), join(folder, "demo.yaml"));
  const ask = "fetch(process.env.OPIK_URL_OVERRIDE + '/is-alive/ping').then(({ ok }) => process.exit(ok ? 0 : 1))";
  writeFileSync(join(folder, "package.json"), JSON.stringify({ scripts: { test: `node -e "${ask}"` } }));
  const results = await runShellBlocks(readFileSync(join(HELP, `${topic}.md`), "utf8"), folder);
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

  test("of faults", async () => {
    const { results } = await runTopic("faults");
    const [commands, http] = results;
    expect(commands?.stdout).toContain('"retryAfter":2');
    expect(commands?.stdout).toContain("no faults");
    expect(http?.stdout).toContain('"reset":"after"');
  });
});
