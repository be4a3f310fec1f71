import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { createOpikLocal } from "../../src/server.ts";
import { pythonEnvironment } from "./support/python-environment.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

/** A Python that has the packages of `requirements.txt`; without one there is nothing to test against. */
const PYTHON = process.env["OPIK_LOCAL_TEST_PYTHON"];
const SCRIPT = fileURLToPath(new URL("python/records.py", import.meta.url));

describe.skipIf(!PYTHON)("the SDK from PyPI (OPIK_LOCAL_TEST_PYTHON)", () => {
  test("searches traces and spans, scores, comments and threads without a warning", async () => {
    await using server = createOpikLocal({ config: { database: ":memory:", port: 0 } });
    const url = await server.listen();
    const home = temporaryFolder();
    const { stderr } = await promisify(execFile)(PYTHON!, [SCRIPT], { env: pythonEnvironment(url, home) });
    expect(stderr).not.toMatch(/error|traceback/i);
  });
});
