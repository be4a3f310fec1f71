import type { EventEntry } from "./entry.ts";

/** How many of the last events are kept, so that clients can resume behind the last one that they have seen. */
export const MAX_RECENT = 1_000;
/** Of large events fewer are kept: as many as fit into so many characters. */
const MAX_RECENT_CHARACTERS = 16 * 1024 * 1024;

/** The last events, without a gap. */
export class RecentEvents {
  #entries: EventEntry[] = [];
  #characters = 0;
  /** The sequence of the last event that is not kept any more, or that was before the first. */
  #before: number;

  /** @param before the sequence of the last event that is over already */
  constructor(before: number) {
    this.#before = before;
  }

  add(entry: EventEntry): void {
    this.#entries.push(entry);
    this.#characters += entry.data.length;
    while (this.#entries.length > MAX_RECENT || this.#characters > MAX_RECENT_CHARACTERS) {
      const dropped = this.#entries.shift();
      if (dropped === undefined) return;
      this.#characters -= dropped.data.length;
      this.#before = dropped.sequence;
    }
  }

  /** The events behind the one with a sequence; `undefined` when some of them are not kept any more. */
  after(sequence: number): EventEntry[] | undefined {
    return sequence < this.#before ? undefined : this.#entries.filter((entry) => entry.sequence > sequence);
  }
}
