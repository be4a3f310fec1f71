import type { StraitContext } from "../../context.ts";
import { SettingStore } from "./store.ts";

/** Values that are created once for a database file and stored in it, such as the signing key. */
export class SettingService {
  readonly #context: StraitContext;
  readonly #store: SettingStore;

  constructor(context: StraitContext) {
    this.#context = context;
    this.#store = new SettingStore(context.database);
  }

  /** The stored value; created with `make` when there is none. */
  getOrCreate(name: string, make: () => string): string {
    return this.#context.database.transaction(() => {
      const kept = this.#store.find(name);
      if (kept !== undefined) return kept;
      const value = make();
      this.#store.insert(name, value);
      return value;
    });
  }
}
