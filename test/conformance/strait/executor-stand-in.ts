import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * Takes the pushes of a server that is not ours and never answers them, so that their runs execute until their case ends
 * them. A real server gives a run's token only to the executor it pushes to.
 */
export class ExecutorStandIn {
  readonly #server: Server;
  readonly #tokens = new Map<string, string>();
  readonly #waiting = new Map<string, (token: string) => void>();

  private constructor() {
    this.#server = createServer(({ headers }) => {
      const [run, token] = [headers["x-run-id"], headers["x-run-token"]];
      if (typeof run !== "string" || typeof token !== "string") return;
      this.#tokens.set(run, token);
      this.#waiting.get(run)?.(token);
    });
  }

  /** Listens on a free port of loopback; keeps no process alive. */
  static async start(): Promise<ExecutorStandIn> {
    const standIn = new ExecutorStandIn();
    await new Promise<void>((resolve) => standIn.#server.listen(0, "127.0.0.1", resolve));
    standIn.#server.unref();
    return standIn;
  }

  /** Where runs are to be pushed to. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/executor`;
  }

  /** The token of a run, as soon as the run was pushed. */
  tokenOf(runId: string): Promise<string> {
    const token = this.#tokens.get(runId);
    if (token !== undefined) return Promise.resolve(token);
    return new Promise((resolve) => this.#waiting.set(runId, resolve));
  }

  /** Cuts all pushes off. */
  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
