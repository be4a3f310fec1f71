import type { Terminal } from "../../terminal.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Under npm and npx a Ctrl-C arrives twice: from the terminal and from the parent. Together they are one. */
const SAME_SIGNAL_WITHIN_MS = 100;

/** Ctrl-C and its relatives. Until `dispose` they don't end the process by themselves. */
export class StopSignals {
  /** Resolves with the first signal. */
  readonly requested: Promise<void>;
  /** Resolves when a later signal says that stopping takes too long. */
  readonly insisted: Promise<void>;
  /** Asks for a stop as a first signal does. */
  readonly request: () => void;
  readonly #source: Terminal["signals"];
  readonly #onSignal: () => void;

  constructor({ signals, clock }: Pick<Terminal, "signals" | "clock">) {
    const requested = Promise.withResolvers<void>();
    const insisted = Promise.withResolvers<void>();
    let requestedAt: number | undefined;
    this.requested = requested.promise;
    this.request = requested.resolve;
    this.insisted = insisted.promise;
    this.#source = signals;
    this.#onSignal = () => {
      if (requestedAt === undefined) {
        requestedAt = clock.now();
        requested.resolve();
      } else if (clock.now() - requestedAt >= SAME_SIGNAL_WITHIN_MS) insisted.resolve();
    };
    for (const signal of SIGNALS) signals.on(signal, this.#onSignal);
  }

  /** Gives the signals their usual meaning back. */
  dispose(): void {
    for (const signal of SIGNALS) this.#source.off(signal, this.#onSignal);
  }
}
