import type { ServerContext } from "../context.ts";
import type { StraitChanges, StraitEvents } from "./events.ts";

/** The server as Strait's API sees it. */
export type StraitContext = ServerContext<StraitChanges, StraitEvents>;
