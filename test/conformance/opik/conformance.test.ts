import { runCase } from "../run.ts";
import { testOnAnyServer } from "../servers.ts";
import { targetOf } from "../target.ts";
import { CASES } from "./cases.ts";

testOnAnyServer(CASES, runCase, targetOf("opik"));
