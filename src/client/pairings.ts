import type { WaitingRunner, WaitingRunners } from "../admin/pairings/schema.ts";
import { activationHmac } from "../opik/runners/pairing/activation.ts";
import type { Call } from "./call.ts";

/** What a runner says in the link that it prints. */
export interface PairingLink {
  sessionId: string;
  key: Buffer;
  name: string;
  workspace: string;
}

/** The pairings of a server. */
export class ClientPairings {
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  /** The runners of all workspaces that wait to be paired. */
  async waiting(): Promise<WaitingRunner[]> {
    return (await this.#call("GET", "/__local/pairings")).json<WaitingRunners>().runners;
  }

  /**
   * Pairs a runner that waits for it.
   * @param name the name that it gets
   * @throws RefusedError 404 when it does not wait any more
   */
  async approve({ runner_id, workspace }: WaitingRunner, name: string): Promise<void> {
    const headers = { "comet-workspace": workspace };
    await this.#call("POST", "/__local/pairings", { headers, body: { runner: runner_id, name } });
  }

  /** Pairs the runner that has printed a link. @returns its id */
  async activate({ sessionId, key, name, workspace }: PairingLink): Promise<string> {
    const hmac = activationHmac(key, sessionId, name).toString("base64");
    const reply = await this.#call("POST", `/api/v1/private/pairing/sessions/${sessionId}/activate`, {
      headers: { "comet-workspace": workspace },
      body: { runner_name: name, hmac },
    });
    return reply.createdId;
  }
}
