import { readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { EventBus } from "../../src/core/events.ts";
import { openDatabase } from "../../src/database/open.ts";

/*
 * Opens the database named by the last argument, and writes the rights of the files in its folder to the output, as
 * JSON. When that fails, the message goes there instead, and the exit code is 1.
 */

const path = process.argv.at(-1) ?? "";
try {
  const database = openDatabase({
    path,
    durability: "normal",
    events: new EventBus({ now: () => 0, onListenerError: () => undefined }),
    now: new Date(0),
  });
  const folder = dirname(path);
  const modes = readdirSync(folder).map((name) => [name, (statSync(join(folder, name)).mode & 0o777).toString(8)]);
  process.stdout.write(JSON.stringify(Object.fromEntries(modes)));
  database.close();
} catch (error) {
  process.stdout.write((error as Error).message);
  process.exitCode = 1;
}
