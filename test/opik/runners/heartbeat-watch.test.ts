import { expect, onTestFinished, test, vi } from "vitest";
import { EventBus } from "../../../src/core/events.ts";
import { uuidFromName } from "../../../src/core/ids.ts";
import type { VirtualClock } from "../../../src/core/virtual-clock.ts";
import type { OpikChanges, OpikEvents } from "../../../src/opik/events.ts";
import { PUBLISHED_OPIK_EVENTS } from "../../../src/opik/published-events.ts";
import { HeartbeatWatch } from "../../../src/opik/runners/heartbeat-watch.ts";
import { RunnerService } from "../../../src/opik/runners/service.ts";
import { createTestContext } from "../../support/context.ts";

const TTL_MS = 15_000;
const OWNER = { workspace: "default", user: "admin" };

/** Runners and their watch; `emitted` has the events with their times, in milliseconds since the start. */
interface World {
  clock: VirtualClock;
  runners: RunnerService;
  watch: HeartbeatWatch;
  emitted: string[];
  /** The errors of the watch. */
  errors: unknown[];
  pair(name: string, options?: { keepAlive?: boolean }): void;
  beat(name: string): void;
  /** Stops the watch and starts another one, as another process would. */
  restart(): void;
}

function createWorld(): World {
  const errors: unknown[] = [];
  const context = createTestContext({}, (error) => errors.push(error));
  const { clock, events } = context;
  const startedAt = clock.now();
  const runners = new RunnerService(context);
  const emitted: string[] = [];
  for (const name of ["connected", "disconnected", "removed"] as const) {
    events.on(`runner:${name}`, (runner) => emitted.push(`${runner.name} ${name} at ${clock.now() - startedAt}`));
  }
  const world: World = {
    clock,
    runners,
    watch: new HeartbeatWatch(context, { runners }),
    emitted,
    errors,
    pair: (name, options) =>
      runners.activate(OWNER, {
        id: uuidFromName(name),
        projectId: uuidFromName(`project of ${name}`),
        type: "endpoint",
        name,
        ...options,
      }),
    beat: (name) => runners.refresh(runners.require(OWNER, uuidFromName(name))),
    restart: () => {
      world.watch.stop();
      const again = new EventBus<OpikChanges, OpikEvents>(
        { now: () => clock.now(), onListenerError: context.reportError },
        PUBLISHED_OPIK_EVENTS,
      );
      again.on("runner:disconnected", (runner) => emitted.push(`${runner.name} lost at ${clock.now() - startedAt}`));
      world.watch = new HeartbeatWatch({ ...context, events: again }, { runners });
      world.watch.start();
    },
  };
  events.react({
    "runner:connected": [({ id }) => world.watch.follow(id)],
    "runner:removed": [({ id }) => world.watch.forget(id)],
  });
  onTestFinished(() => world.watch.stop());
  return world;
}

test("a runner is reported as disconnected exactly when its last heartbeat stops counting, once", async () => {
  const { clock, emitted, pair } = createWorld();
  pair("laptop");
  await clock.advance(TTL_MS - 1);
  expect(emitted).toEqual(["laptop connected at 0"]);
  await clock.advance(1);
  expect(emitted).toEqual(["laptop connected at 0", "laptop disconnected at 15000"]);
  await clock.advance(10 * TTL_MS);
  expect(emitted).toHaveLength(2);
});

test("each heartbeat puts it off", async () => {
  const { clock, emitted, pair, beat } = createWorld();
  pair("laptop");
  await clock.advance(10_000);
  beat("laptop");
  await clock.advance(4_000);
  beat("laptop");
  await clock.advance(TTL_MS);
  expect(emitted).toEqual(["laptop connected at 0", "laptop disconnected at 29000"]);
});

test("a runner that comes back is connected, and can be lost again", async () => {
  const { clock, emitted, pair, beat } = createWorld();
  pair("laptop");
  await clock.advance(20_000);
  beat("laptop");
  await clock.advance(20_000);
  expect(emitted.slice(1)).toEqual([
    "laptop disconnected at 15000",
    "laptop connected at 20000",
    "laptop disconnected at 35000",
  ]);
});

test("each runner has its own time", async () => {
  const { clock, emitted, pair, beat } = createWorld();
  pair("laptop");
  pair("server");
  await clock.advance(5_000);
  beat("server");
  await clock.advance(TTL_MS);
  expect(emitted.slice(2)).toEqual(["laptop disconnected at 15000", "server disconnected at 20000"]);
});

test("a runner that is removed is not disconnected as well", async () => {
  const { clock, emitted, pair, runners } = createWorld();
  pair("laptop");
  runners.disconnect(OWNER, uuidFromName("laptop"));
  await clock.advance(TTL_MS);
  expect(emitted).toEqual(["laptop connected at 0", "laptop removed at 0"]);
});

test("a runner that needs no heartbeats stays connected", async () => {
  const { clock, emitted, pair } = createWorld();
  pair("laptop", { keepAlive: true });
  await clock.advance(100 * TTL_MS);
  expect(emitted).toEqual(["laptop connected at 0"]);
});

test("a restarted server takes up the runners that were connected, and no others", async () => {
  const { clock, emitted, pair, restart } = createWorld();
  pair("lost before");
  await clock.advance(10_000);
  pair("lost after");
  await clock.advance(5_000);
  emitted.length = 0;
  restart();
  await clock.advance(9_999);
  expect(emitted).toEqual([]);
  await clock.advance(1);
  expect(emitted).toEqual(["lost after lost at 25000"]);
  await clock.advance(10 * TTL_MS);
  expect(emitted).toHaveLength(1);
});

test("a runner that could not be read when its time was over is reported later", async () => {
  const { clock, emitted, errors, pair, runners } = createWorld();
  pair("laptop");
  const failure = new Error("disk I/O error");
  vi.spyOn(runners, "byId").mockImplementationOnce(() => {
    throw failure;
  });
  await clock.advance(TTL_MS);
  expect([errors, emitted]).toEqual([[failure], ["laptop connected at 0"]]);
  await clock.advance(TTL_MS);
  expect(emitted.slice(1)).toEqual(["laptop disconnected at 20000"]);
});

test("a runner that was asleep with its computer is not taken for gone", async () => {
  const world = createWorld();
  world.watch.start();
  world.pair("laptop");
  await world.clock.advance(10_000);
  await world.clock.jump(25 * 3_600_000);
  world.runners.purgeDead(24 * 3_600_000);
  await world.clock.advance(4_999);
  expect(world.emitted).toEqual(["laptop connected at 0"]);
  await world.clock.advance(1);
  expect(world.emitted.at(-1)).toMatch(/^laptop disconnected/);
});
