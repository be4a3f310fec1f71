import type { Config } from "./config.ts";
import type { Clock } from "./core/clock.ts";
import type { EventBus } from "./core/events.ts";
import type { IdSource } from "./core/ids.ts";
import type { OpenPolls } from "./core/open-polls.ts";
import type { Database } from "./database/database.ts";
import type { IgnoredFields } from "./http/ignored-fields.ts";

/**
 * What one server is built on; the first parameter of everything that needs a part of it.
 * @typeParam Events as they are emitted
 * @typeParam Published as listeners receive them
 */
export interface ServerContext<Events extends object, Published extends object = Events> {
  readonly config: Config;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly events: EventBus<Events, Published>;
  readonly database: Database;
  /** Counts the requests that all of the server holds open. */
  readonly openPolls: OpenPolls;
  /** Reports fields of request bodies that no schema names. */
  readonly ignoredFields: IgnoredFields;
  /**
   * Reports an error that no request can be answered with.
   * @param during what failed, for the event `server:error`; default the background work of this API
   */
  readonly reportError: (error: unknown, during?: string) => void;
}
