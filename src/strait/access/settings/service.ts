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

  /** The stored value, if there is one. */
  find(name: string): string | undefined {
    return this.#store.find(name);
  }

  /** The stored value; created with `make` when there is none. */
  getOrCreate(name: string, make: () => string): string {
    // Read outside of a transaction, because the services of an export have a database that they cannot write to.
    return this.#store.find(name) ?? this.#create(name, make());
  }

  #create(name: string, value: string): string {
    this.#context.database.transaction(() => this.#store.insert(name, value));
    return value;
  }
}
