/** A timer of a queue. */
export interface QueuedTimer {
  dueAt: number;
}

interface Entry<Timer> {
  timer: Timer;
  /** Of two that are due at once, the one that was added earlier comes first. */
  sequence: number;
}

/** How many entries of removed timers are kept however few timers there are. */
const KEPT_ENTRIES = 64;

/** Timers in the order in which they fall due, as a binary heap: with many of them, none visits all others. */
export class TimerQueue<Timer extends QueuedTimer> {
  /** Each entry is not after the two at twice its place and one or two more. */
  #heap: Array<Entry<Timer>> = [];
  /** Those that were not removed; entries of the others stay in the heap for a while. */
  readonly #timers = new Set<Timer>();
  #added = 0;

  /** The number of timers. */
  get size(): number {
    return this.#timers.size;
  }

  /** The number of entries, with those that were removed. */
  get entries(): number {
    return this.#heap.length;
  }

  add(timer: Timer): void {
    this.#added += 1;
    this.#timers.add(timer);
    this.#heap.push({ timer, sequence: this.#added });
    this.#rise(this.#heap.length - 1);
  }

  /** Removes a timer, if it is still there. */
  remove(timer: Timer): void {
    this.#timers.delete(timer);
    if (this.#heap.length > 2 * this.#timers.size + KEPT_ENTRIES) this.#keep(this.#remaining());
  }

  /** The timer that falls due first. */
  first(): Timer | undefined {
    for (let top = this.#heap[0]; top !== undefined; top = this.#heap[0]) {
      if (this.#timers.has(top.timer)) return top.timer;
      this.#takeFirst();
    }
    return undefined;
  }

  /** Takes out the timer that falls due first. */
  shift(): Timer | undefined {
    const timer = this.first();
    if (timer === undefined) return undefined;
    this.#timers.delete(timer);
    this.#takeFirst();
    return timer;
  }

  /** Changes the time of each timer. */
  changeAll(change: (timer: Timer) => void): void {
    const entries = this.#remaining();
    for (const { timer } of entries) change(timer);
    this.#keep(entries);
  }

  #remaining(): Array<Entry<Timer>> {
    return this.#heap.filter(({ timer }) => this.#timers.has(timer));
  }

  /** Makes a heap of these entries: a sorted list is one. */
  #keep(entries: ReadonlyArray<Entry<Timer>>): void {
    this.#heap = entries.toSorted(compare);
  }

  #takeFirst(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#sink(0);
  }

  #rise(from: number): void {
    for (let place = from; place > 0;) {
      const parent = (place - 1) >> 1;
      if (!this.#isBefore(place, parent)) return;
      this.#swap(place, parent);
      place = parent;
    }
  }

  #sink(from: number): void {
    for (let place = from; ;) {
      const [left, right] = [2 * place + 1, 2 * place + 2];
      const child = this.#isBefore(right, left) ? right : left;
      if (!this.#isBefore(child, place)) return;
      this.#swap(place, child);
      place = child;
    }
  }

  /** Whether the entry at one place is before that at another one; not when there is none at it. */
  #isBefore(place: number, other: number): boolean {
    const [left, right] = [this.#heap[place], this.#heap[other]];
    return left !== undefined && right !== undefined && compare(left, right) < 0;
  }

  #swap(place: number, other: number): void {
    const [left, right] = [this.#heap[place], this.#heap[other]];
    if (left !== undefined && right !== undefined) [this.#heap[place], this.#heap[other]] = [right, left];
  }
}

function compare(left: Entry<QueuedTimer>, right: Entry<QueuedTimer>): number {
  return left.timer.dueAt - right.timer.dueAt || left.sequence - right.sequence;
}
