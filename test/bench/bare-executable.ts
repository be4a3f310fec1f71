import { createServer } from "node:http";
import { homedir } from "node:os";
import { H3, toNodeHandler } from "h3";
import { cacheFolder, keepAddonIn } from "../../src/database/addon.ts";
import { connect } from "../../src/database/driver.ts";

/** `bare-start.mjs` as the program of a single executable, which has its addon inside. */
export function run(): void {
  const [, , file = ":memory:"] = process.argv;
  keepAddonIn(cacheFolder(process.platform, process.env, homedir()));
  const sqlite = connect(file);
  sqlite.pragma("journal_mode = WAL");
  sqlite.exec("CREATE TABLE jobs (id TEXT PRIMARY KEY, status TEXT NOT NULL)");
  const app = new H3().get("/is-alive/ping", () => ({ healthy: true }));
  const server = createServer(toNodeHandler(app)).listen(0, "127.0.0.1", () => {
    const address = server.address();
    const port = typeof address === "object" ? address?.port : undefined;
    process.stdout.write(`${JSON.stringify({ event: "ready", url: `http://127.0.0.1:${port}` })}\n`);
  });
  process.once("SIGINT", () => {
    server.close();
    sqlite.close();
  });
}
