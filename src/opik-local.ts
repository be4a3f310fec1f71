import type { Config, ConfigSource } from "./config.ts";
import type { ClockEvents } from "./core/advanceable-clock.ts";
import type { Clock, MonotonicTime } from "./core/clock.ts";
import type { EventSource } from "./core/events.ts";
import type { IdSource } from "./core/ids.ts";
import type { HttpEvents } from "./http/events.ts";
import type { OpikChanges, OpikEvents } from "./opik/events.ts";
import type { SettingName } from "./settings.ts";
import type { StraitChanges, StraitEvents } from "./strait/events.ts";

/** Events of the server as a whole. */
interface ServerEvents {
  /** Everything was deleted, and clock and ids were set back. */
  "server:reset": Record<never, never>;
  /** Everything in a workspace was deleted. */
  "workspace:reset": { workspace: string };
  /** No request is answered any more, and the database is about to be closed. */
  "server:stopped": Record<never, never>;
  /** The file of the database or its log was deleted, moved or replaced; writes are refused from now on. */
  "database:lost": { path: string };
  /** The file of the database has a damaged page; writes are refused from now on. */
  "database:damaged": { path: string; damage: string };
  /** An error occurred outside of a request. */
  "server:error": { error: unknown; during: string };
}

/** Everything that can be listened to. */
export type LocalEvents = HttpEvents & OpikEvents & StraitEvents & ClockEvents & ServerEvents;

/** The same as it is emitted, with the rows that have changed. */
export type LocalChanges = HttpEvents & OpikChanges & StraitChanges & ClockEvents & ServerEvents;

export interface OpikLocalOptions {
  /** Settings that differ from their defaults (see `config.ts`). */
  config?: Partial<Config>;
  /** Where each setting came from, for people who look at them; default: the program has set what is in `config`. */
  settingSources?: Readonly<Record<SettingName, ConfigSource>>;
  /** The source of time; default the computer's. */
  clock?: Clock;
  /** Measures how long requests take; default the computer's monotonic time. */
  monotonicTime?: MonotonicTime;
  /** The source of ids; default random, or seeded when the settings name a seed. */
  ids?: IdSource;
}

export interface ResetOptions {
  /**
   * Keeps the projects and the runners with their agents, and leaves their polls open; clock and ids go on. For an agent
   * that goes on, such as that of an SDK in the process of the tests: it would not register its agents again, and what it
   * still reports for a job of before must not meet a new job of the same id. Default `false`.
   */
  keepRunners?: boolean;
}

/** A server, for programs that embed it. */
export interface OpikLocal extends AsyncDisposable {
  readonly config: Config;
  readonly clock: Clock;
  readonly events: EventSource<LocalEvents>;
  /** Where the server listens, once `listen` has resolved. */
  readonly url: string | undefined;
  /** Answers a request without a socket: `await server.request("/is-alive/ping")`. */
  request(path: string, init?: RequestInit): Promise<Response>;
  /**
   * Binds the port of the settings: that one or none.
   * @returns the URL, with the port read from the socket
   */
  listen(): Promise<string>;
  /**
   * Deletes everything in one transaction, answers open polls with the empty answer, and sets a virtual clock and the
   * ids back to where they started: an answer or an event of the time before does not reach the time after. The fixtures of the start are loaded
   * again. With `keepRunners`, what runners need is kept.
   */
  reset(options?: ResetOptions): void;
  /** Answers open polls, lets running requests end, closes the port and the database. Safe to call twice. */
  stop(): Promise<void>;
}
