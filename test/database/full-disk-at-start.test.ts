import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";

const OPEN_ONCE = fileURLToPath(new URL("open-once.ts", import.meta.url));

/** Opens a database in a process whose files may not grow beyond a number of KiB, as on a full disk. */
function openWithFileLimit(path: string, kibibytes: number) {
  const script = `ulimit -f ${kibibytes}; exec "$0" "$@"`;
  return spawnSync("bash", ["-c", script, process.execPath, OPEN_ONCE, path], { encoding: "utf8" });
}

describe.skipIf(process.platform === "win32")("a start on a full disk", () => {
  test.for([0, 4, 8, 64, 128])("with space for %i KiB in a file leaves no new files", (kibibytes) => {
    const folder = mkdtempSync(join(tmpdir(), "opik-local-test-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    for (const path of [join(folder, "opik-local.db"), join(folder, "new", "below", "opik-local.db")]) {
      const { status, stdout, stderr } = openWithFileLimit(path, kibibytes);
      expect({ status, stderr }).toEqual({ status: 1, stderr: "" });
      expect(stdout).toMatch(
        /^(?:The disk is full|.* could not be (?:read or )?written|.* cannot be opened: the file would be larger)/,
      );
      expect(readdirSync(folder)).toEqual([]);
    }
  });

  test("succeeds when there is enough space", () => {
    const folder = mkdtempSync(join(tmpdir(), "opik-local-test-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const path = join(folder, "opik-local.db");
    expect(openWithFileLimit(path, 16_384)).toMatchObject({ status: 0, stderr: "" });
    expect(existsSync(path)).toBe(true);
  });
});
