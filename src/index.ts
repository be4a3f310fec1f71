import type { OpikLocal, OpikLocalOptions } from "./opik-local.ts";
import { createOpikLocal as create } from "./server.ts";

/**
 * Creates a server in this process; `listen` opens its port.
 * @throws DatabaseUnusableError when the database file cannot be used
 */
export const createOpikLocal: (options?: OpikLocalOptions) => OpikLocal = create;

export type { LocalEvents, OpikLocal, OpikLocalOptions } from "./opik-local.ts";
export type { Config } from "./config.ts";
export type { Clock, Timer } from "./core/clock.ts";
export { SystemClock } from "./core/clock.ts";
export { VirtualClock } from "./core/virtual-clock.ts";
export { ConfigurationError } from "./core/errors.ts";
export { DatabaseUnusableError } from "./database/errors.ts";
export { createIdSource, type IdSource } from "./core/ids.ts";
