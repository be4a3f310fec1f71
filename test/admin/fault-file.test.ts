import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { readFaults } from "../../src/admin/faults/file.ts";

/** Reads a file of faults with this text. */
function read(text: string): readonly unknown[] {
  const folder = mkdtempSync(join(tmpdir(), "opik-local-faults-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "faults.yaml"), text);
  return readFaults("faults.yaml", folder);
}

describe("--faults", () => {
  test("names a preset", () => {
    expect(readFaults("half-open", tmpdir())).toEqual([{ preset: "half-open" }]);
  });

  test.each([
    "- { path: /x, latency: 200ms }",
    "faults:\n  - path: /x\n    latency: 200ms",
    '[{ "path": "/x", "latency": "200ms" }]',
  ])("names a file: %j", (text) => {
    expect(read(text)).toEqual([{ path: "/x", latency: "200ms" }]);
  });

  test.each([
    ["path: /x", "has no list of faults"],
    ["- [", "neither YAML nor JSON"],
  ])("refuses the file %j", (text, message) => {
    expect(() => read(text)).toThrow(message);
  });

  test.each([
    ["flaky-netwrk", 'There is no file of faults and no preset "flaky-netwrk". Did you mean flaky-network?'],
    ["nothing.yaml", "The presets are flaky-network, overloaded, restart-loop, half-open."],
    [".", "cannot be read: it is a folder"],
  ])("refuses %s", (given, message) => {
    expect(() => readFaults(given, tmpdir())).toThrow(message);
  });
});
