import { spawnSync } from "node:child_process";
import { createServer } from "node:http";
// The least that a server of these libraries does before its first answer: `bare-start.mjs FILE [PROGRAM]`. With a
// program it runs that one and ends. Plain JavaScript, as the executable is, because stripping types takes longer than
// everything else here.
import SqliteConnection from "better-sqlite3";
import { H3, toNodeHandler } from "h3";

const [, , file, program] = process.argv;
const sqlite = new SqliteConnection(file);
sqlite.pragma("journal_mode = WAL");
sqlite.exec("CREATE TABLE jobs (id TEXT PRIMARY KEY, status TEXT NOT NULL)");
const app = new H3().get("/is-alive/ping", () => ({ healthy: true }));
const server = createServer(toNodeHandler(app)).listen(0, "127.0.0.1", () => {
  console.log(JSON.stringify({ event: "ready", url: `http://127.0.0.1:${server.address().port}` }));
  if (program === undefined) return;
  spawnSync(program);
  stop();
});
process.once("SIGINT", stop);

function stop() {
  server.close();
  sqlite.close();
}
