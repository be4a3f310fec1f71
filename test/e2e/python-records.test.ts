import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { createOpikLocal } from "../../src/server.ts";
import { PYTHON, PYTHON_SDKS, pythonEnvironment } from "./support/python-environment.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

const SCRIPT = fileURLToPath(new URL("python/records.py", import.meta.url));

describe.skipIf(!PYTHON)("the SDK from PyPI (OPIK_LOCAL_TEST_PYTHON)", () => {
  test.for(PYTHON_SDKS)("searches records, scores, comments and threads without a warning, $version", async (sdk) => {
    await using server = createOpikLocal({ config: { database: ":memory:", port: 0 } });
    const url = await server.listen();
    const home = temporaryFolder();
    const { stderr } = await promisify(execFile)(PYTHON!, [SCRIPT], { env: pythonEnvironment(url, home, sdk) });
    expect(stderr).not.toMatch(/error|traceback/i);
  });
});
