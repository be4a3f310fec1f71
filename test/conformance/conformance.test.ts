import { CASES } from "./cases.ts";
import { runCase } from "./run.ts";
import { testOnAnyServer } from "./servers.ts";
import { targetOf } from "./target.ts";

testOnAnyServer(CASES, runCase, targetOf("opik"));
