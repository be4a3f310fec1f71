import { expect, onTestFinished, test, vi } from "vitest";
import { RunnerDispatch } from "../src/bridge/service.ts";
import { PeriodicTasks } from "../src/core/periodic-tasks.ts";
import { VirtualClock } from "../src/core/virtual-clock.ts";
import { Database } from "../src/database/database.ts";
import { IdleCheckpoints } from "../src/database/idle-checkpoint.ts";
import { listen } from "../src/http/listener.ts";
import { BridgeService } from "../src/opik/runners/bridge/service.ts";
import { HeartbeatWatch } from "../src/opik/runners/heartbeat-watch.ts";
import { HeartbeatService } from "../src/opik/runners/heartbeats/service.ts";
import { JobService } from "../src/opik/runners/jobs/service.ts";
import { createOpikLocal, type OpikLocalParts } from "../src/server.ts";
import { Dispatcher } from "../src/strait/dispatch/dispatcher.ts";
import { Pusher } from "../src/strait/dispatch/pusher.ts";
import { Routing } from "../src/strait/dispatch/routing.ts";
import { RunHeartbeats } from "../src/strait/dispatch/run-heartbeats.ts";
import { RunTimers } from "../src/strait/dispatch/run-timers.ts";
import { WorkerQueue } from "../src/strait/dispatch/worker-queue.ts";
import { StreamService } from "../src/strait/streams/service.ts";
import { Schedules } from "../src/strait/triggers/schedules/schedules.ts";
import { SpawnService } from "../src/strait/triggers/spawns/service.ts";
import { DeferredTriggerAlarm } from "../src/strait/triggers/trigger/deferred-trigger-alarm.ts";
import { Waits } from "../src/strait/waits/waits.ts";
import { WebhookSender } from "../src/strait/webhooks/sender.ts";

type Calls = Record<string, { mock: { invocationCallOrder: number[] } }>;

/** Watches everything that starts, stops or is reset with the server. */
function watchLifecycle(): Calls {
  onTestFinished(() => void vi.restoreAllMocks());
  return {
    "HeartbeatService.start": vi.spyOn(HeartbeatService.prototype, "start"),
    "HeartbeatService.takeBackUnread": vi.spyOn(HeartbeatService.prototype, "takeBackUnread"),
    "JobService.start": vi.spyOn(JobService.prototype, "start"),
    "JobService.stop": vi.spyOn(JobService.prototype, "stop"),
    "JobService.takeBackUnread": vi.spyOn(JobService.prototype, "takeBackUnread"),
    "JobService.reset": vi.spyOn(JobService.prototype, "reset"),
    "BridgeService.start": vi.spyOn(BridgeService.prototype, "start"),
    "BridgeService.stop": vi.spyOn(BridgeService.prototype, "stop"),
    "BridgeService.takeBackUnread": vi.spyOn(BridgeService.prototype, "takeBackUnread"),
    "BridgeService.reset": vi.spyOn(BridgeService.prototype, "reset"),
    "HeartbeatWatch.start": vi.spyOn(HeartbeatWatch.prototype, "start"),
    "HeartbeatWatch.stop": vi.spyOn(HeartbeatWatch.prototype, "stop"),
    "PeriodicTasks.start": vi.spyOn(PeriodicTasks.prototype, "start"),
    "PeriodicTasks.stop": vi.spyOn(PeriodicTasks.prototype, "stop"),
    "Waits.start": vi.spyOn(Waits.prototype, "start"),
    "Waits.stop": vi.spyOn(Waits.prototype, "stop"),
    "SpawnService.start": vi.spyOn(SpawnService.prototype, "start"),
    "StreamService.start": vi.spyOn(StreamService.prototype, "start"),
    "StreamService.stop": vi.spyOn(StreamService.prototype, "stop"),
    "WebhookSender.start": vi.spyOn(WebhookSender.prototype, "start"),
    "WebhookSender.stop": vi.spyOn(WebhookSender.prototype, "stop"),
    "Routing.start": vi.spyOn(Routing.prototype, "start"),
    "RunTimers.start": vi.spyOn(RunTimers.prototype, "start"),
    "RunTimers.stop": vi.spyOn(RunTimers.prototype, "stop"),
    "RunHeartbeats.start": vi.spyOn(RunHeartbeats.prototype, "start"),
    "RunHeartbeats.stop": vi.spyOn(RunHeartbeats.prototype, "stop"),
    "WorkerQueue.start": vi.spyOn(WorkerQueue.prototype, "start"),
    "WorkerQueue.stop": vi.spyOn(WorkerQueue.prototype, "stop"),
    "WorkerQueue.takeBackUnread": vi.spyOn(WorkerQueue.prototype, "takeBackUnread"),
    "WorkerQueue.reset": vi.spyOn(WorkerQueue.prototype, "reset"),
    "Schedules.start": vi.spyOn(Schedules.prototype, "start"),
    "Schedules.stop": vi.spyOn(Schedules.prototype, "stop"),
    "DeferredTriggerAlarm.start": vi.spyOn(DeferredTriggerAlarm.prototype, "start"),
    "DeferredTriggerAlarm.stop": vi.spyOn(DeferredTriggerAlarm.prototype, "stop"),
    "Pusher.stop": vi.spyOn(Pusher.prototype, "stop"),
    "Dispatcher.start": vi.spyOn(Dispatcher.prototype, "start"),
    "Dispatcher.stop": vi.spyOn(Dispatcher.prototype, "stop"),
    "RunnerDispatch.start": vi.spyOn(RunnerDispatch.prototype, "start"),
    "IdleCheckpoints.stop": vi.spyOn(IdleCheckpoints.prototype, "stop"),
    "Database.wipe": vi.spyOn(Database.prototype, "wipe"),
    "Database.close": vi.spyOn(Database.prototype, "close"),
    "VirtualClock.reset": vi.spyOn(VirtualClock.prototype, "reset"),
  };
}

/** The calls since the last look, in their order. */
function takeCalls(calls: Calls): string[] {
  const found = Object.entries(calls).flatMap(([name, { mock }]) =>
    mock.invocationCallOrder.splice(0).map((at) => ({ name, at })),
  );
  return found.toSorted((left, right) => left.at - right.at).map(({ name }) => name);
}

/** A server in memory; the closing of its port and its own events count as calls. */
async function startServer(calls: Calls): Promise<OpikLocalParts> {
  const server = createOpikLocal({ config: { database: ":memory:", port: 0 }, clock: new VirtualClock() });
  calls["ids.reset"] = vi.spyOn(server.ids, "reset");
  for (const name of ["server:reset", "server:stopped"] as const) {
    server.events.on(name, (calls[name] = vi.fn<() => void>()));
  }
  await server.listen(async (...where) => {
    const listener = await listen(...where);
    calls["Listener.close"] = vi.spyOn(listener, "close");
    return listener;
  });
  return server;
}

const STARTED = [
  "HeartbeatService.start",
  "JobService.start",
  "BridgeService.start",
  "HeartbeatWatch.start",
  "PeriodicTasks.start",
  "Waits.start",
  "SpawnService.start",
  "StreamService.start",
  "WebhookSender.start",
  "Routing.start",
  "RunTimers.start",
  "RunHeartbeats.start",
  "WorkerQueue.start",
  "PeriodicTasks.start",
  "Schedules.start",
  "DeferredTriggerAlarm.start",
  "Dispatcher.start",
];

test("what works in the background stops and is reset in the opposite order of its start", async () => {
  const calls = watchLifecycle();
  const server = await startServer(calls);
  expect(takeCalls(calls)).toEqual([...STARTED, "RunnerDispatch.start"]);

  server.reset();
  expect(takeCalls(calls)).toEqual([
    "Dispatcher.stop",
    "Pusher.stop",
    "DeferredTriggerAlarm.stop",
    "Schedules.stop",
    "PeriodicTasks.stop",
    "WorkerQueue.reset",
    "RunHeartbeats.stop",
    "RunTimers.stop",
    "WebhookSender.stop",
    "StreamService.stop",
    "Waits.stop",
    "PeriodicTasks.stop",
    "HeartbeatWatch.stop",
    "BridgeService.reset",
    "JobService.reset",
    "Database.wipe",
    "VirtualClock.reset",
    "ids.reset",
    ...STARTED,
    "RunnerDispatch.start",
    "server:reset",
  ]);

  await server.stop();
  expect(takeCalls(calls)).toEqual([
    "Dispatcher.stop",
    "Pusher.stop",
    "DeferredTriggerAlarm.stop",
    "Schedules.stop",
    "PeriodicTasks.stop",
    "WorkerQueue.stop",
    "RunHeartbeats.stop",
    "RunTimers.stop",
    "WebhookSender.stop",
    "StreamService.stop",
    "Waits.stop",
    "PeriodicTasks.stop",
    "HeartbeatWatch.stop",
    "BridgeService.stop",
    "JobService.stop",
    "Listener.close",
    "WorkerQueue.takeBackUnread",
    "BridgeService.takeBackUnread",
    "JobService.takeBackUnread",
    "HeartbeatService.takeBackUnread",
    "IdleCheckpoints.stop",
    "server:stopped",
    "Database.close",
  ]);
});

test("a server that was reset has as many listeners as before", () => {
  const server = createOpikLocal({ config: { database: ":memory:" } });
  onTestFinished(() => server.stop());
  const before = server.events.listenerCount;
  server.reset();
  expect(server.events.listenerCount).toBe(before);
});
