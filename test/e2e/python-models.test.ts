import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { createOpikLocal } from "../../src/server.ts";
import { startFakeModel } from "./support/fake-model.ts";
import { PYTHON, pythonEnvironment } from "./support/python-environment.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

const SCRIPT = fileURLToPath(new URL("python/models.py", import.meta.url));

describe.skipIf(!PYTHON)("the integrations of the SDK from PyPI (OPIK_LOCAL_TEST_PYTHON)", () => {
  test("calls of OpenAI's client and of LangChain are spans with model, usage and cost", async () => {
    await using server = createOpikLocal({ config: { database: ":memory:", port: 0 } });
    const env = pythonEnvironment(await server.listen(), temporaryFolder());
    const { stderr } = await promisify(execFile)(PYTHON!, [SCRIPT, await startFakeModel()], { env });
    expect(stderr).not.toMatch(/error|traceback/i);
  });
});
