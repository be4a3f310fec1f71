import type { Route } from "../../../http/route.ts";
import { OpikError } from "../../wire/errors.ts";
import { isJsonType } from "../../wire/media-types.ts";
import type { DefineOpikRoute } from "../../wire/route.ts";
import { readExportRequest } from "./request.ts";
import type { OtelService } from "./service.ts";

const OTEL = "/v1/private/otel/v1";
const tag = "OpenTelemetry Ingestion";
const bodyTypes = ["application/x-protobuf", "application/json"];

/** What OpenTelemetry's exporters send [opik 7.16]. */
export function otelRoutes(route: DefineOpikRoute, otel: OtelService): Route[] {
  return [
    route({
      method: "POST",
      path: `${OTEL}/traces`,
      id: "receiveProtobufTraces",
      tag,
      summary: "Receive spans of OpenTelemetry; the header projectName names the project",
      bodyTypes,
      // An empty body is the protocol's answer that nothing was refused.
      responses: { 200: undefined },
      handle: async ({ owner, headers, bytes }) => {
        const request = await readExportRequest(await bytes(), isJsonType(headers.get("content-type")));
        await otel.receive(owner, request, headers.get("projectname") ?? undefined);
        return { status: 200 };
      },
    }),
    route({
      method: "POST",
      path: `${OTEL}/metrics`,
      id: "receiveProtobufMetrics",
      tag,
      summary: "Receive metrics of OpenTelemetry, which the real server does not do either",
      bodyTypes,
      responses: { 501: undefined },
      handle: () => {
        throw OpikError.message(501, "OpenTelemetry metrics ingestion is not yet supported");
      },
    }),
  ];
}
