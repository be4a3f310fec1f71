import { writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The environment of a Python process whose SDK knows this server alone, and nothing of the computer's user.
 * @param home an empty folder
 */
export function pythonEnvironment(url: string, home: string): NodeJS.ProcessEnv {
  const config = join(home, "opik.config");
  writeFileSync(config, "[opik]\n");
  return {
    ...process.env,
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
