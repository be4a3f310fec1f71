import type { Route } from "../../../http/route.ts";
import type { TokenHolder } from "../../access/tokens/service.ts";
import type { RunService } from "../../run/service.ts";
import { pathText } from "../../wire/parameters.ts";
import type { DefineRunsRoute } from "../../wire/route.ts";
import { ok } from "../../wire/schemas.ts";
import type { RunEventService } from "../run-events/service.ts";
import { toOomWarning, toSampleEvent } from "./samples.ts";
import { resourceSampleRequest, resourceSnapshot, resourceSnapshotRequest } from "./schema.ts";
import type { Measurement, ResourceService } from "./service.ts";

const tag = "Executor";
const pathParameters = { runId: pathText };
const NOTHING: Measurement = {
  cpu_percent: 0,
  memory_mb: 0,
  memory_limit_mb: 0,
  network_rx_bytes: 0,
  network_tx_bytes: 0,
};

export interface ResourceExecutorServices {
  resources: ResourceService;
  runEvents: RunEventService;
  runs: RunService;
}

/** Records memory and processor use of the current run. */
export function resourceExecutorRoutes(
  route: DefineRunsRoute<TokenHolder>,
  { resources, runEvents, runs }: ResourceExecutorServices,
): Route[] {
  return [
    route({
      method: "POST",
      path: "/sdk/v1/runs/:runId/resources",
      id: "sampleExecutorRunResources",
      tag,
      summary: "Log memory and processor use, louder when memory runs short",
      pathParameters,
      body: resourceSampleRequest,
      responses: { 201: ok },
      handle: ({ caller, body }) => {
        const sample = toSampleEvent(body);
        runs.whileActive(caller, (run) => runEvents.append(run, sample));
        return { status: 201, body: { status: "ok" } };
      },
    }),
    route({
      method: "POST",
      path: "/sdk/v1/runs/:runId/resource-snapshot",
      id: "snapshotExecutorRunResources",
      tag,
      summary: "Store a measurement of the machine",
      pathParameters,
      body: resourceSnapshotRequest,
      responses: { 201: resourceSnapshot },
      handle: ({ caller, body }) => {
        const given = Object.entries(body).filter(([, value]) => value !== undefined);
        const measurement: Measurement = { ...NOTHING, ...Object.fromEntries(given) };
        const warning = toOomWarning(measurement);
        const snapshot = runs.whileActive(caller, (run) => {
          if (warning !== undefined && runEvents.hasCapacity(run)) runEvents.append(run, warning);
          return resources.append(run.id, measurement);
        });
        return { status: 201, body: snapshot };
      },
    }),
  ];
}
