// Writes the table of Opik's operations: `npm run help:operations`.
import { readFileSync, writeFileSync } from "node:fs";
import { createOpikLocal } from "../../src/server.ts";
import { createCaller } from "../support/call.ts";
import { servedRoutes } from "../support/served-routes.ts";
import { helpText } from "./help-text.ts";
import { withOperationsTable } from "./operations-table.ts";

const file = helpText("emulated");
const server = createOpikLocal({ config: { database: ":memory:", port: 0 } });
const routes = await servedRoutes(createCaller(await server.listen()));
await server.stop();
writeFileSync(file, withOperationsTable(readFileSync(file, "utf8"), routes));
