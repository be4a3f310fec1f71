/**
 * The ids of a recording with those that stand for them now: one for each, and each for one. Ids are paired when they are
 * first seen at the same place.
 */
export class IdPairs {
  /** Pairs that hold as well. */
  readonly #base: IdPairs | undefined;
  readonly #live = new Map<string, string>();
  readonly #recorded = new Map<string, string>();

  /** @param base pairs that hold as well, to try others beside them */
  constructor(base?: IdPairs) {
    this.#base = base;
  }

  /** The id that stands for one of the recording now. */
  liveOf(recorded: string): string | undefined {
    return this.#live.get(recorded) ?? this.#base?.liveOf(recorded);
  }

  /** The id of the recording that one stands for. */
  recordedOf(live: string): string | undefined {
    return this.#recorded.get(live) ?? this.#base?.recordedOf(live);
  }

  /** Pairs two ids. */
  add(recorded: string, live: string): void {
    this.#live.set(recorded, live);
    this.#recorded.set(live, recorded);
  }

  /** Takes over pairs that were tried beside these, in one step or in several. */
  addAll(tried: IdPairs): void {
    if (tried === this) return;
    for (const [recorded, live] of tried.#live) this.add(recorded, live);
    if (tried.#base !== undefined) this.addAll(tried.#base);
  }

  /**
   * Pairs the ids of two requests, in their order.
   * @returns the new pairs; `undefined` when an id would stand for two
   */
  paired(recorded: readonly string[], live: readonly string[]): IdPairs | undefined {
    if (recorded.length !== live.length) return undefined;
    const tried = new IdPairs(this);
    for (const [index, id] of recorded.entries()) {
      const given = live[index] ?? "";
      const [known, knownFor] = [tried.liveOf(id), tried.recordedOf(given)];
      if (known === undefined && knownFor === undefined) tried.add(id, given);
      else if (known !== given) return undefined;
    }
    return tried;
  }
}
