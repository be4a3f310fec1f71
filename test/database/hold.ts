import { EventBus } from "../../src/core/events.ts";
import { openDatabase } from "../../src/database/open.ts";

/* Opens the database named on the command line, stores a project, says so and holds on until it is killed. */

const events = new EventBus<object>({
  now: () => 0,
  onListenerError: (error) => {
    throw error;
  },
});
const database = openDatabase({ path: process.argv[2] ?? "", durability: "normal", events, now: new Date() });
database
  .prepare(
    `INSERT INTO projects (id, workspace, name, name_key, visibility, created_at, created_by, last_updated_at, last_updated_by)
     VALUES ('of the holder', 'default', 'x', 'x', 'private', 0, 'admin', 0, 'admin')`,
  )
  .run();
process.stdout.write("holding\n");
setInterval(() => {}, 60_000);
