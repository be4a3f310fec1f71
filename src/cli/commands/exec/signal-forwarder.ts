import type { Terminal } from "../../terminal.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Under npm and npx a signal arrives twice: from the terminal and from the parent. */
const SAME_SIGNAL_WITHIN_MS = 100;

/** Forwards the signals that this process receives. Until `dispose` they do not end the process by themselves. */
export class SignalForwarder {
  readonly #source: Terminal["signals"];
  readonly #listeners: ReadonlyMap<NodeJS.Signals, () => void>;

  /** @param forward called once for each signal, also when npm sends it a second time */
  constructor({ signals, clock }: Pick<Terminal, "signals" | "clock">, forward: (signal: NodeJS.Signals) => void) {
    this.#source = signals;
    let lastAt = Number.NEGATIVE_INFINITY;
    const listen = (signal: NodeJS.Signals) => (): void => {
      const isRepeated = clock.now() - lastAt < SAME_SIGNAL_WITHIN_MS;
      lastAt = clock.now();
      if (!isRepeated) forward(signal);
    };
    this.#listeners = new Map(SIGNALS.map((signal) => [signal, listen(signal)]));
    for (const [signal, listener] of this.#listeners) signals.on(signal, listener);
  }

  /** Restores the usual effect of the signals. */
  dispose(): void {
    for (const [signal, listener] of this.#listeners) this.#source.off(signal, listener);
  }
}
