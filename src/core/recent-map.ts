/**
 * Keeps what was set last under its keys: at least as many entries as the limit, and less than twice as many. A key is
 * set once.
 */
export class RecentMap<Key, Value> {
  readonly #limit: number;
  #newer = new Map<Key, Value>();
  #older = new Map<Key, Value>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  set(key: Key, value: Value): void {
    if (this.#newer.size >= this.#limit) {
      this.#older = this.#newer;
      this.#newer = new Map();
    }
    this.#newer.set(key, value);
  }

  get(key: Key): Value | undefined {
    return this.#newer.get(key) ?? this.#older.get(key);
  }
}
