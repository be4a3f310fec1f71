import { onTestFinished } from "vitest";
import { configWith, type Config } from "../../src/config.ts";
import type { ServerContext } from "../../src/context.ts";
import { EventBus } from "../../src/core/events.ts";
import { createIdSource } from "../../src/core/ids.ts";
import { OpenPolls } from "../../src/core/open-polls.ts";
import { VirtualClock } from "../../src/core/virtual-clock.ts";
import { openDatabase } from "../../src/database/open.ts";
import { IgnoredFields } from "../../src/http/ignored-fields.ts";
import type { LocalChanges, LocalEvents } from "../../src/opik-local.ts";
import { PUBLISHED_OPIK_EVENTS } from "../../src/opik/published-events.ts";
import { PUBLISHED_STRAIT_EVENTS } from "../../src/strait/published-events.ts";

/** What a server is built on, without a server: for tests of single services. */
export interface TestContext extends ServerContext<LocalChanges, LocalEvents> {
  readonly clock: VirtualClock;
}

/**
 * A database in memory that is closed when the test ends, time that stands still and the same ids on every run. An
 * error of a listener fails the test.
 * @param config settings that differ from their defaults
 * @param reportError takes errors of background work; default they fail the test
 */
export function createTestContext(
  config: Partial<Config> = {},
  reportError: (error: unknown) => void = fail,
): TestContext {
  const clock = new VirtualClock();
  const events = new EventBus<LocalChanges, LocalEvents>(
    { now: () => clock.now(), onListenerError: fail },
    { ...PUBLISHED_OPIK_EVENTS, ...PUBLISHED_STRAIT_EVENTS },
  );
  const database = openDatabase({ path: ":memory:", durability: "normal", events, now: new Date(clock.now()) });
  onTestFinished(() => database.close());
  const settings = configWith(config);
  return {
    config: settings,
    clock,
    ids: createIdSource(clock, "test"),
    events,
    database,
    openPolls: new OpenPolls(settings.maxOpenPolls),
    ignoredFields: new IgnoredFields(events),
    reportError,
  };
}

function fail(error: unknown): never {
  throw error;
}
