import type { Database as SqliteConnection } from "better-sqlite3";
import { assetFolder } from "../core/assets.ts";
import { comparisonKey } from "../core/comparison-key.ts";

/** One numbered step of the schema. */
export interface Migration {
  version: number;
  name: string;
  sql: string;
}

/** Beside this file in the sources, and beside the bundle in the published package. */
export const MIGRATIONS = assetFolder("migrations", () => new URL("./migrations/", import.meta.url));

/** The migrations that ship with this version, in order. */
export function readMigrations(): Migration[] {
  return MIGRATIONS.names()
    .filter((file) => file.endsWith(".sql"))
    .map((file) => ({
      version: Number.parseInt(file, 10),
      name: file,
      // Read when it is needed: most starts find a database that is up to date.
      get sql() {
        return MIGRATIONS.text(file);
      },
    }));
}

/**
 * Brings the schema up to date, in one transaction: all steps or none. Besides SQLite's own functions the steps can
 * use `comparison_key(name)`.
 */
export function migrate(sqlite: SqliteConnection, migrations: readonly Migration[]): void {
  const current = sqlite.pragma("user_version", { simple: true }) as number;
  const newest = migrations.at(-1)?.version ?? 0;
  if (current === newest) return;
  sqlite.function("comparison_key", { deterministic: true }, (name) => comparisonKey(String(name)));
  sqlite.exec("BEGIN IMMEDIATE");
  try {
    for (const migration of migrations) {
      if (migration.version > current) sqlite.exec(migration.sql);
    }
    sqlite.pragma(`user_version = ${newest}`);
    sqlite.exec("COMMIT");
  } catch (error) {
    if (sqlite.inTransaction) sqlite.exec("ROLLBACK");
    throw error;
  }
}
