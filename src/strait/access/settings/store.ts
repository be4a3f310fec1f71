import type { Database } from "../../../database/database.ts";

/** The SQL of values that are made once and kept. */
export class SettingStore {
  readonly #find;
  readonly #insert;

  constructor(database: Database) {
    this.#find = database.prepare<[string], string>("SELECT value FROM executor_settings WHERE name = ?").pluck();
    this.#insert = database.prepare<[string, string]>("INSERT INTO executor_settings (name, value) VALUES (?, ?)");
  }

  find(name: string): string | undefined {
    return this.#find.get(name);
  }

  insert(name: string, value: string): void {
    this.#insert.run(name, value);
  }
}
