import { CASES } from "./cases.ts";
import { runCase } from "./run.ts";
import { testOnAnyServer } from "./servers.ts";

testOnAnyServer(CASES, runCase);
