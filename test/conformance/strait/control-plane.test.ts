import { runCase } from "../run.ts";
import { testOnAnyServer } from "../servers.ts";
import { targetOf } from "../target.ts";
import { CONTROL_CASES } from "./cases.ts";
import { nameRunsThings } from "./given.ts";

testOnAnyServer(CONTROL_CASES, (case_, world) => runCase(case_, world, nameRunsThings), targetOf("runs"));
