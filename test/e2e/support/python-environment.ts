import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** A Python that has the packages of `requirements.txt`; without one there is nothing to test against. */
export const PYTHON = process.env["OPIK_LOCAL_TEST_PYTHON"];

/** A version of Opik's SDK for Python. */
export interface PythonSdk {
  version: string;
  /** The folder that it is installed in; default the packages of the Python. */
  folder?: string;
}

/** What an SDK prints when something has surprised it. */
export const COMPLAINT = /warn|error|traceback|fail/i;

const OLDEST = process.env["OPIK_LOCAL_TEST_OLDEST_SDK"];

/** The newest SDK, of `requirements.txt`, and the oldest that is supported, of `requirements-oldest.txt`. */
export const PYTHON_SDKS: readonly PythonSdk[] = [
  { version: "newest" },
  ...(OLDEST === undefined ? [] : [{ version: "oldest", folder: OLDEST }]),
];

/**
 * The environment of a Python process whose SDK knows this server alone, and nothing of the computer's user.
 * @param home an empty folder
 * @param sdk default the newest
 */
export function pythonEnvironment(url: string, home: string, sdk?: PythonSdk): NodeJS.ProcessEnv {
  const config = join(home, "opik.config");
  writeFileSync(config, "[opik]\n");
  return {
    ...process.env,
    ...(sdk?.folder === undefined ? {} : { PYTHONPATH: sdk.folder }),
    HOME: home,
    PYTHONDONTWRITEBYTECODE: "1",
    OPIK_CONFIG_PATH: config,
    OPIK_URL_OVERRIDE: `${url}/api`,
    OPIK_WORKSPACE: "default",
    OPIK_SENTRY_ENABLE: "false",
    OPIK_ANALYTICS_ENABLE: "false",
    // LiteLLM, which judges use, would ask the network for its prices.
    LITELLM_LOCAL_MODEL_COST_MAP: "True",
  };
}
