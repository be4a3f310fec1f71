import { text } from "../../../database/column.ts";
import type { Database } from "../../../database/database.ts";
import { type Row, Table } from "../../../database/table.ts";

const SETTINGS = new Table("executor_settings", { name: text(), value: text() });

/** The SQL of values that are made once and kept. */
export class SettingStore {
  readonly #find;
  readonly #insert;
  /** By name. */
  readonly #rows;

  constructor(database: Database) {
    this.#rows = database.memory<Row<typeof SETTINGS>>(SETTINGS.name);
    this.#find = database.prepare<[string], Row<typeof SETTINGS>>(
      `SELECT ${SETTINGS.list} FROM executor_settings WHERE name = ?`,
    );
    this.#insert = SETTINGS.insert(database);
  }

  find(name: string): string | undefined {
    return this.#rows.get(name, () => this.#find.get(name))?.value;
  }

  insert(name: string, value: string): void {
    this.#rows.drop(name);
    this.#insert.run({ name, value });
  }
}
