import { once } from "node:events";
import { createServer } from "node:http";
import SqliteConnection from "better-sqlite3";
import { H3, toNodeHandler } from "h3";
import { makeEmptyImage } from "../../src/database/empty-image.ts";
import { startOpikLocal } from "../../src/testing/index.ts";
import { medianOf, type Took } from "./numbers.ts";

/** A program that measures what a test with a server of its own costs: `double.ts FIXTURE ROUNDS`. */
const [, , fixture = "", rounds = "1"] = process.argv;

/** What both start, in milliseconds: the test double, and a bare server with as many tables. */
export type DoubleCosts = Record<"real" | "bare", Took>;

const schema = schemaOf(makeEmptyImage());

/** The statements that create the tables of a database. */
function schemaOf(image: Buffer): string {
  const sqlite = new SqliteConnection(image);
  const statements = sqlite
    .prepare<[], string>(
      "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
    )
    .pluck()
    .all();
  sqlite.close();
  return statements.join(";\n");
}

async function real(): Promise<void> {
  const opik = await startOpikLocal({ fixtures: fixture });
  opik.reset();
  await opik.stop();
}

async function bare(): Promise<void> {
  const sqlite = new SqliteConnection(":memory:");
  sqlite.exec(schema);
  const app = new H3().get("/is-alive/ping", () => ({ healthy: true }));
  const server = createServer(toNodeHandler(app)).listen(0, "127.0.0.1");
  await once(server, "listening");
  server.close();
  await once(server, "close");
  sqlite.close();
}

const costs: Record<keyof DoubleCosts, Took[]> = { real: [], bare: [] };
for (let round = 0; round < Number(rounds); round += 1) {
  for (const [kind, run] of Object.entries({ real, bare })) {
    const [startedAt, before] = [performance.now(), process.cpuUsage()];
    await run();
    const { user, system } = process.cpuUsage(before);
    costs[kind as keyof DoubleCosts].push({ wall: performance.now() - startedAt, cpu: (user + system) / 1_000 });
  }
}
process.send?.({ real: medianOf(costs.real), bare: medianOf(costs.bare) } satisfies DoubleCosts);
