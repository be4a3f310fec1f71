import type { ServerContext } from "../context.ts";
import type { OpikChanges, OpikEvents } from "./events.ts";

/** The server as Opik's API sees it. */
export type OpikContext = ServerContext<OpikChanges, OpikEvents>;
