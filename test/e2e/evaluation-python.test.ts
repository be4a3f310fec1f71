import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { PYTHON, PYTHON_SDKS, pythonEnvironment } from "./support/python-environment.ts";
import { startServerProcess } from "./support/server-process.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

const SCRIPT = fileURLToPath(new URL("agents/evaluation.py", import.meta.url));

describe.skipIf(!PYTHON)("evaluate() of the SDK from PyPI (OPIK_LOCAL_TEST_PYTHON)", () => {
  test.for(PYTHON_SDKS)(
    "keeps its items once, and reads its experiment back with scores, without a warning, $version",
    async (sdk) => {
      const folder = temporaryFolder();
      const server = await startServerProcess(join(folder, "opik-local.db"));
      const { stdout, stderr } = await promisify(execFile)(PYTHON!, [SCRIPT, server.url], {
        env: { ...pythonEnvironment(server.url, folder, sdk), OPIK_PROJECT_NAME: "evaluation" },
      });
      expect(JSON.parse(stdout.trim().split("\n").at(-1) ?? "")).toEqual({
        name: "upper case",
        dataset: "letters",
        traces: 2,
        model: "none",
        version: "v1",
        scores: [["equals_metric", 0.5]],
        items: [
          ["a", "A", 1],
          ["b", "B", 0],
        ],
        experiments: ["upper case"],
      });
      expect(stderr).not.toMatch(/warn|error|traceback/i);
    },
  );
});
