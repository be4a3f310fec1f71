import { execFile } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { createOpikLocal } from "../../src/server.ts";
import { createCaller } from "../support/call.ts";
import { PYTHON, pythonEnvironment } from "./support/python-environment.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

const SCRIPT = fileURLToPath(new URL("python/library.py", import.meta.url));
const PROJECT = "library-e2e";
const run = promisify(execFile);

describe.skipIf(!PYTHON)("the library of the SDK from PyPI (OPIK_LOCAL_TEST_PYTHON)", () => {
  test("is written and read back, checked, exported and imported", async () => {
    await using server = createOpikLocal({ config: { database: ":memory:", port: 0 } });
    const url = await server.listen();
    const home = temporaryFolder();
    const env = pythonEnvironment(url, home);
    const { stdout } = await run(PYTHON!, [SCRIPT, home], { env });
    expect(stdout.trim().split("\n").at(-1)).toBe("seen");

    const opik = join(dirname(PYTHON!), "opik");
    const healthcheck = await run(opik, ["healthcheck"], { env });
    expect(healthcheck.stdout).toMatch(/completed/i);
    expect(healthcheck.stdout + healthcheck.stderr).not.toMatch(/error|traceback|fail/i);

    const exported = join(home, "exported");
    mkdirSync(exported);
    const words = ["default", PROJECT, "dataset", "letters", "--path", exported];
    const written = await run(opik, ["export", ...words], { env });
    expect(written.stdout + written.stderr).not.toMatch(/traceback|warning|failed/i);
    expect(readdirSync(exported, { recursive: true }).map(String)).toEqual(
      expect.arrayContaining([expect.stringMatching(/\/datasets\/.+\.json$/)]),
    );

    await using second = createOpikLocal({ config: { database: ":memory:", port: 0 } });
    const secondUrl = await second.listen();
    const read = await run(opik, ["import", ...words], { env: { ...env, OPIK_URL_OVERRIDE: `${secondUrl}/api` } });
    expect(read.stdout).toContain("Successfully imported 1 datasets");
    expect(read.stdout + read.stderr).not.toMatch(/traceback|warning|failed/i);
    const { json } = await createCaller(secondUrl)("GET", "/v1/private/datasets?name=letters");
    expect(json).toMatchObject({ content: [{ name: "letters", dataset_items_count: 2 }] });
  });
});
