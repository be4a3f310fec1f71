import { afterAll, beforeAll, describe } from "vitest";
import { createOpikLocal, type OpikLocalParts } from "../../src/server.ts";
import { CASES } from "./cases.ts";
import { runCase } from "./run.ts";
import { FOREIGN_URL, testOnSharedServer } from "./servers.ts";

describe.skipIf(FOREIGN_URL !== undefined)("under /api, on a server that all cases share", () => {
  let server: OpikLocalParts;
  beforeAll(async () => {
    server = createOpikLocal({ config: { database: ":memory:", port: 0 } });
    await server.listen();
  });
  afterAll(() => server.stop());
  testOnSharedServer(CASES, runCase, () => `${server.url}/api`);
});
