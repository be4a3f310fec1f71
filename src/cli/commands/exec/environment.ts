import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sdkEnvironment } from "../../../client/environment.ts";
import type { Config } from "../../../config.ts";
import type { Terminal } from "../../terminal.ts";

/** What the variables of a command say. */
export interface EnvironmentOptions {
  /** Where the server listens. */
  url: string;
  config: Pick<Config, "workspaces" | "apiKey">;
  /** The project of traces that name none. */
  project: string;
}

/** The environment variables that point Opik's SDKs to a server, with a folder for their configuration. */
export class SdkEnvironment implements Disposable {
  readonly variables: NodeJS.ProcessEnv;
  readonly #folder: string;

  constructor({ url, config, project }: EnvironmentOptions, environment: Terminal["environment"]) {
    const [workspace = "default"] = config.workspaces;
    this.#folder = mkdtempSync(join(tmpdir(), "opik-local-exec-"));
    const configuration = join(this.#folder, "opik.config");
    // The SDK for TypeScript requires a file that is named; the variables say what would be in it.
    writeFileSync(configuration, "[opik]\n", { mode: 0o600 });
    this.variables = {
      ...environment,
      ...sdkEnvironment({ url, workspace: workspace === "any" ? "default" : workspace, apiKey: config.apiKey }),
      OPIK_PROJECT_NAME: project,
      // SDKs would read the user's own configuration, and `opik connect` would write to it.
      OPIK_CONFIG_PATH: configuration,
    };
  }

  /** Removes the folder. */
  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
