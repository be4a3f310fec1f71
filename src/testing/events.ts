import type { LocalEvents } from "../opik-local.ts";
import type { Running } from "./running.ts";
import { waitFor, type WaitOptions } from "./waiting.ts";

/** The events of a test server. */
export interface TestEvents {
  /**
   * Waits for the next event of a name.
   *
   * ```ts
   * const removed = opik.events.next("runner:removed", ({ name }) => name === "laptop");
   * ```
   * @param predicate selects the event; default any
   * @throws WaitTimeoutError
   */
  next<Name extends keyof LocalEvents & string>(
    name: Name,
    predicate?: (payload: LocalEvents[Name]) => boolean,
    options?: WaitOptions,
  ): Promise<LocalEvents[Name]>;
}

/** `TestEvents` of a server in this process. */
export class LocalTestEvents implements TestEvents {
  readonly #running: Running;

  constructor(running: Running) {
    this.#running = running;
  }

  async next<Name extends keyof LocalEvents & string>(
    name: Name,
    predicate: (payload: LocalEvents[Name]) => boolean = () => true,
    options?: WaitOptions,
  ): Promise<LocalEvents[Name]> {
    const { server, sees } = this.#running();
    return waitFor({
      options,
      events: server.events,
      method: this.next,
      describe: () => `there was no such event ${name}`,
      look: (happened, payload, of) => {
        const matches = happened === name && (of === undefined || sees(of)) && predicate(payload as LocalEvents[Name]);
        return matches ? (payload as LocalEvents[Name]) : undefined;
      },
    });
  }
}
