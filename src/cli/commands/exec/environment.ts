import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type SdkConnection, sdkEnvironment } from "../../../client/environment.ts";
import type { Terminal } from "../../terminal.ts";

/** The environment variables that point Opik's SDKs to a server, with a folder for their configuration. */
export class SdkEnvironment implements Disposable {
  readonly variables: NodeJS.ProcessEnv;
  readonly #folder: string;

  /**
   * @param project of traces that name none
   * @param environment that of this process
   */
  constructor(connection: SdkConnection, project: string, environment: Terminal["environment"]) {
    this.#folder = mkdtempSync(join(tmpdir(), "opik-local-exec-"));
    const configuration = join(this.#folder, "opik.config");
    // The SDK for TypeScript requires a file that is named; the variables say what would be in it.
    writeFileSync(configuration, "[opik]\n", { mode: 0o600 });
    this.variables = {
      ...environment,
      ...sdkEnvironment(connection),
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
