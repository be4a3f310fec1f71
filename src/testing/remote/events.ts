import type { OpikLocalClient } from "../../client/client.ts";
import { SystemClock } from "../../core/clock.ts";
import type { LocalEvents } from "../../opik-local.ts";
import type { TestEvents } from "../events.ts";
import { DEFAULT_TIMEOUT_MS, WaitTimeoutError } from "../waiting.ts";

/** Streams of events that are being opened. */
export class OpeningStreams {
  readonly #opening = new Set<Promise<unknown>>();

  add(opening: Promise<unknown>): void {
    const settled = opening.catch(() => undefined).finally(() => this.#opening.delete(settled));
    this.#opening.add(settled);
  }

  /** Resolves when all that were begun are open, or have failed to open. */
  async opened(): Promise<void> {
    if (this.#opening.size > 0) await Promise.all(this.#opening);
  }
}

/**
 * The events of a server that runs elsewhere. Requests that the test double sends after `next` was called wait until the
 * stream is open, so that the test misses no event that it causes itself.
 * @param client sends its requests without that wait
 */
export function remoteEvents(client: OpikLocalClient, opening: OpeningStreams, workspace?: string): TestEvents {
  return {
    next: async <Name extends keyof LocalEvents & string>(
      name: Name,
      predicate: (payload: LocalEvents[Name]) => boolean = () => true,
      { timeoutMs = DEFAULT_TIMEOUT_MS } = {},
    ): Promise<LocalEvents[Name]> => {
      const end = new AbortController();
      // Real time, as the virtual clock of the server may stand still.
      const timer = new SystemClock({ keepsAlive: true }).schedule(timeoutMs, () => end.abort());
      try {
        const stream = client.events.follow({ name, workspace }, end.signal);
        opening.add(stream);
        for await (const { payload } of await stream) {
          if (predicate(payload as LocalEvents[Name])) return payload as LocalEvents[Name];
        }
        throw new Error("The server was stopped while a test waited.");
      } catch (error) {
        if (!end.signal.aborted) throw error;
        throw new WaitTimeoutError(`Waited ${timeoutMs} ms: there was no such event ${name}`);
      } finally {
        timer.cancel();
        end.abort();
      }
    },
  };
}
