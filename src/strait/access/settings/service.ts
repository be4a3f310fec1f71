import type { Database } from "../../../database/database.ts";
import { SettingStore } from "./store.ts";

/** Values that are made once and then belong to the database file, such as the signing key. */
export class SettingService {
  readonly #database: Database;
  readonly #store: SettingStore;

  constructor(options: { database: Database }) {
    this.#database = options.database;
    this.#store = new SettingStore(options.database);
  }

  /** The kept value; made with `make` when there is none. */
  getOrCreate(name: string, make: () => string): string {
    return this.#database.transaction(() => {
      const kept = this.#store.find(name);
      if (kept !== undefined) return kept;
      const value = make();
      this.#store.insert(name, value);
      return value;
    });
  }
}
