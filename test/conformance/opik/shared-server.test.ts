import { afterAll, beforeAll, describe } from "vitest";
import { createOpikLocal, type OpikLocalParts } from "../../../src/server.ts";
import { untilPollsHeld } from "../../support/leaks.ts";
import { runCase } from "../run.ts";
import { testOnSharedServer } from "../servers.ts";
import { targetOf } from "../target.ts";
import { CASES } from "./cases.ts";

describe.skipIf(targetOf("opik") !== undefined)("under /api, on a server that all cases share", () => {
  let server: OpikLocalParts;
  beforeAll(async () => {
    server = createOpikLocal({ config: { database: ":memory:", port: 0 } });
    await server.listen();
  });
  afterAll(() => server.stop());
  testOnSharedServer(CASES, runCase, {
    baseUrl: () => `${server.url}/api`,
    untilPollsHeld: (count) => untilPollsHeld(server, count),
  });
});
