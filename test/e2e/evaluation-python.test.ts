import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { startServerProcess } from "./support/server-process.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

/** A Python that has the packages of `requirements.txt`; without one there is nothing to test against. */
const PYTHON = process.env["OPIK_LOCAL_TEST_PYTHON"];
const SCRIPT = fileURLToPath(new URL("agents/evaluation.py", import.meta.url));
const TIMEOUT_MS = 60_000;

describe.skipIf(!PYTHON)("evaluate() of the SDK from PyPI (OPIK_LOCAL_TEST_PYTHON)", () => {
  test(
    "keeps its items once, and reads its experiment back with scores, without a warning",
    async () => {
      const folder = temporaryFolder();
      const server = await startServerProcess(join(folder, "opik-local.db"));
      const env = { ...process.env, HOME: folder, OPIK_SENTRY_ENABLE: "false", OPIK_ANALYTICS_ENABLE: "false" };
      const { stdout, stderr } = await promisify(execFile)(PYTHON!, [SCRIPT, server.url], {
        env: { ...env, OPIK_URL_OVERRIDE: `${server.url}/api`, OPIK_PROJECT_NAME: "evaluation" },
        timeout: TIMEOUT_MS,
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
    TIMEOUT_MS + 10_000,
  );
});
