import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { PYTHON } from "./support/python-environment.ts";
import { startServerProcess } from "./support/server-process.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

const EXECUTOR = fileURLToPath(new URL("agents/strait_executor.py", import.meta.url));

describe.skipIf(!PYTHON)("an executor with Strait's SDK from PyPI (OPIK_LOCAL_TEST_PYTHON)", () => {
  test("reports, waits, goes on after the event, spawns, continues, completes and fails", async () => {
    const server = await startServerProcess(join(temporaryFolder(), "opik-local.db"));
    const { stdout } = await promisify(execFile)(PYTHON!, [EXECUTOR, server.url]);
    const report = JSON.parse(stdout) as Record<string, unknown>;
    expect(report).toMatchObject({
      run: {
        status: "completed",
        attempt: 1,
        payload: { tea: "oolong" },
        result: { served: { poured: true }, cups: 2, states: 1 },
        metadata: { leaf: "oolong" },
      },
      events: [
        ["log", "brewing oolong"],
        ["progress", "half way"],
      ],
      outputs: [["pot", { full: true }]],
      child: { status: "failed", error: "no water", payload: { cups: 2 }, triggered_by: "spawn" },
      continuation: { status: "completed", result: { tea: "second pot" }, lineage_depth: 1 },
    });
    expect(report["checkpoints"]).toContainEqual({ step: "brewing" });
    expect(report["checkpoints"]).toContainEqual({ poured: true });
  });
});
