import type { Clock } from "../../core/clock.ts";
import type { Route } from "../../http/route.ts";
import type { DefineOpikRoute } from "../wire/route.ts";
import { health, ping, version } from "./schema.ts";

/**
 * The version of Opik whose behaviour is served; the SDKs compare it with what they need
 * [opik 6.2].
 */
const OPIK_VERSION = "2.2.122";

const tag = "System";

/** Health and version of the server; needs no workspace. */
export function healthRoutes(route: DefineOpikRoute, clock: Clock): Route[] {
  return [
    route({
      method: "GET",
      path: "/is-alive/ping",
      id: "isAlive",
      tag,
      summary: "Whether the server answers",
      responses: { 200: ping },
      open: true,
      handle: () => ({ status: 200, body: { message: "Healthy Server", healthy: true }, routine: true }),
    }),
    route({
      method: "GET",
      path: "/is-alive/ver",
      id: "version",
      tag,
      summary: "Version of Opik's API",
      responses: { 200: version },
      open: true,
      handle: () => ({ status: 200, body: { version: OPIK_VERSION }, routine: true }),
    }),
    route({
      method: "GET",
      path: "/health",
      id: "health",
      tag,
      summary: "Whether the server is healthy",
      responses: { 200: health },
      open: true,
      // Opik's fields and those of Strait's API [strait 0.8]: clients of both read them here.
      handle: () => {
        const timestamp = new Date(clock.now()).toISOString().replace(/\.\d+Z$/, "Z");
        const body = { message: "Healthy Server", healthy: true, status: "ok", version: OPIK_VERSION, timestamp };
        return { status: 200, body, routine: true };
      },
    }),
  ];
}
