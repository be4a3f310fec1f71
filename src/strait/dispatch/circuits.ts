import type { StraitContext } from "../context.ts";
import type { DispatchStore, Endpoint } from "./store.ts";

/** Failures in a row that open a circuit, and how long it stays open [strait 5.2]. */
const FAILURES_TO_OPEN = 5;
const OPEN_MS = 60_000;
/** How long an endpoint is remembered after its last call: longer than any delay between the attempts of a run. */
const KEPT_MS = 24 * 3_600_000;

/** Circuit breakers, one per endpoint of a project: an endpoint that keeps failing is not called for a while. */
export class Circuits {
  readonly #context: StraitContext;
  readonly #store: DispatchStore;

  constructor(context: StraitContext, { store }: { store: DispatchStore }) {
    this.#context = context;
    this.#store = store;
  }

  /**
   * Decides whether an endpoint may be called. After the open time one call is allowed as a trial, and others wait for
   * its result.
   * @returns until when it is not called, in milliseconds since the epoch; `undefined` when it may be called
   */
  openUntil(endpoint: Endpoint): number | undefined {
    const circuit = this.#store.findCircuit(endpoint);
    if (circuit === undefined || circuit.open_until === null) return undefined;
    const now = this.#context.clock.now();
    if (circuit.open_until > now) return circuit.open_until;
    this.#store.saveCircuit({ ...circuit, open_until: now + OPEN_MS, used_at: now });
    return undefined;
  }

  /** Counts a failure of the endpoint. */
  failed(endpoint: Endpoint): void {
    const consecutive_failures = (this.#store.findCircuit(endpoint)?.consecutive_failures ?? 0) + 1;
    const now = this.#context.clock.now();
    const open_until = consecutive_failures >= FAILURES_TO_OPEN ? now + OPEN_MS : null;
    this.#store.saveCircuit({ ...endpoint, consecutive_failures, open_until, used_at: now });
  }

  /**
   * Forgets endpoints that were not called for a day.
   * @returns whether there may be more to forget
   */
  deleteUnused(): boolean {
    return this.#store.deleteUnusedCircuits(this.#context.clock.now() - KEPT_MS);
  }

  /** Closes the circuit of an endpoint that answered. */
  answered(endpoint: Endpoint): void {
    if (this.#store.findCircuit(endpoint) !== undefined) this.#store.deleteCircuit(endpoint);
  }
}
