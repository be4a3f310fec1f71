// Writes the README's table of Opik's operations: `npm run readme:operations`.
import { readFileSync, writeFileSync } from "node:fs";
import { createOpikLocal } from "../../src/server.ts";
import { createCaller } from "../support/call.ts";
import { servedRoutes } from "../support/served-routes.ts";
import { withOperationsTable } from "./operations-table.ts";

const readme = new URL("../../README.md", import.meta.url);
const server = createOpikLocal({ config: { database: ":memory:", port: 0 } });
const routes = await servedRoutes(createCaller(await server.listen()));
await server.stop();
writeFileSync(readme, withOperationsTable(readFileSync(readme, "utf8"), routes));
