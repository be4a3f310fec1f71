import type { HttpEvents } from "../../http/events.ts";
import type { OpikEvents } from "../../opik/events.ts";
import type { RunnerType } from "../../opik/runners/schema.ts";
import type { Line } from "./lines.ts";
import type { Paint } from "./log.ts";
import { shortId } from "./short.ts";

interface Announced {
  type: RunnerType;
  /** Milliseconds since the epoch. */
  expiresAt: number;
  /** People know that it waits. */
  reported: boolean;
}

const RUNNER_PATH = /\/local-runners\/([0-9a-f-]{36})\/?$/;

/**
 * The runners that are not paired yet. `opik connect` requests its runner every two seconds, and gets 404 until its
 * link is opened: only the first is reported.
 */
export class PairingLines {
  readonly #paint: Paint;
  readonly #announced = new Map<string, Announced>();

  constructor(paint: Paint) {
    this.#paint = paint;
  }

  /** Records a pairing session whose runner is not paired yet. */
  announce({ runner_id, type, expires_at }: OpikEvents["pairing:session:created"], now: number): void {
    for (const [id, { expiresAt }] of this.#announced) if (expiresAt <= now) this.#announced.delete(id);
    this.#announced.set(runner_id, { type, expiresAt: Date.parse(expires_at), reported: false });
  }

  /** Records that the runner is paired. */
  paired(runnerId: string): void {
    this.#announced.delete(runnerId);
  }

  /** Forgets all runners. */
  forget(): void {
    this.#announced.clear();
  }

  /**
   * Describes a request for a runner that is not paired yet.
   * @param line the line for other requests
   * @returns `undefined` for those
   */
  describe({ method, path, status }: HttpEvents["http:request:answered"], line: Line): Line | undefined {
    const [, id = ""] = (method === "GET" && status === 404 && RUNNER_PATH.exec(path)) || [];
    const announced = this.#announced.get(id);
    if (announced === undefined) return undefined;
    const facts = { awaits_pairing: true };
    if (announced.reported) return { ...line, level: "debug", facts };
    announced.reported = true;
    const { type } = announced;
    const state = this.#paint("yellow", "waits to be paired");
    const text = `runner ${shortId(id)} (${type}): ${state}, open the link that opik ${type} prints`;
    return { level: "info", text, facts };
  }
}
