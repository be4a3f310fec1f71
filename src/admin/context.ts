import type { ServerContext } from "../context.ts";
import type { ClockEvents } from "../core/advanceable-clock.ts";
import type { HttpEvents } from "../http/events.ts";

/** The server as its own endpoints see it. */
export type AdminContext = ServerContext<HttpEvents & ClockEvents>;
