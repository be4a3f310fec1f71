import { text } from "../../../database/column.ts";
import type { Database } from "../../../database/database.ts";
import { Table } from "../../../database/table.ts";

const SETTINGS = new Table("executor_settings", { name: text(), value: text() });

/** The SQL of values that are made once and kept. */
export class SettingStore {
  readonly #find;
  readonly #insert;

  constructor(database: Database) {
    this.#find = database.prepare<[string], string>("SELECT value FROM executor_settings WHERE name = ?").pluck();
    this.#insert = SETTINGS.insert(database);
  }

  find(name: string): string | undefined {
    return this.#find.get(name);
  }

  insert(name: string, value: string): void {
    this.#insert.run({ name, value });
  }
}
