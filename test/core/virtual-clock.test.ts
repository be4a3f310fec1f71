import { describe, expect, test, vi } from "vitest";
import { isAdvanceable } from "../../src/core/advanceable-clock.ts";
import { SystemClock } from "../../src/core/clock.ts";
import { VirtualClock } from "../../src/core/virtual-clock.ts";

test("a virtual clock can be advanced, the computer's cannot", () => {
  expect([new VirtualClock(), new SystemClock()].map(isAdvanceable)).toEqual([true, false]);
});

describe("the virtual clock", () => {
  test("stands still until it is advanced", async () => {
    const clock = new VirtualClock(1_000);
    expect(clock.now()).toBe(1_000);
    await clock.advance(500);
    expect(clock.now()).toBe(1_500);
  });

  test("begins with the year 2026", () => {
    expect(new Date(new VirtualClock().now()).toISOString()).toBe("2026-01-01T00:00:00.000Z");
  });

  test("runs what falls due in the order of time, each at its own time", async () => {
    const clock = new VirtualClock(0);
    const ran: string[] = [];
    const note = (name: string) => () => void ran.push(`${name} at ${clock.now()}`);
    clock.schedule(30, note("third"));
    clock.schedule(10, note("first"));
    clock.schedule(20, note("second"));
    clock.schedule(31, note("too late"));
    await clock.advance(30);
    expect(ran).toEqual(["first at 10", "second at 20", "third at 30"]);
  });

  test("runs what falls due at the same time in the order it was scheduled", async () => {
    const clock = new VirtualClock(0);
    const ran: number[] = [];
    for (const name of [1, 2, 3]) clock.schedule(10, () => ran.push(name));
    await clock.advance(10);
    expect(ran).toEqual([1, 2, 3]);
  });

  test("runs also what is scheduled on the way", async () => {
    const clock = new VirtualClock(0);
    const ran: number[] = [];
    const tick = (): void => {
      ran.push(clock.now());
      clock.schedule(10, tick);
    };
    clock.schedule(10, tick);
    await clock.advance(35);
    expect(ran).toEqual([10, 20, 30]);
  });

  test("lets the promises settle before the next task runs", async () => {
    const clock = new VirtualClock(0);
    const ran: string[] = [];
    const inTurn = async (): Promise<void> => {
      ran.push("first");
      await Promise.resolve();
      ran.push("after first");
    };
    clock.schedule(1, () => void inTurn());
    clock.schedule(2, () => void ran.push("second"));
    await clock.advance(2);
    expect(ran).toEqual(["first", "after first", "second"]);
  });

  test("lets the promises settle before it moves", async () => {
    const clock = new VirtualClock();
    const start = clock.now();
    const ran: number[] = [];
    queueMicrotask(() => clock.scheduleAt(start + 10, () => ran.push(clock.now() - start)));
    await clock.advance(10);
    expect(ran).toEqual([10]);
  });

  test("forgets what is cancelled, also while it moves", async () => {
    const clock = new VirtualClock(0);
    const task = vi.fn();
    const cancelled = clock.schedule(20, task);
    clock.schedule(10, () => cancelled.cancel());
    await clock.advance(100);
    expect(task).not.toHaveBeenCalled();
    cancelled.cancel();
  });

  test("advanced twice at once never goes back", async () => {
    const clock = new VirtualClock(0);
    const ran: string[] = [];
    for (const dueAt of [5, 15, 25]) clock.scheduleAt(dueAt, () => ran.push(`${dueAt} at ${clock.now()}`));
    await Promise.all([clock.advance(20), clock.advance(10)]);
    expect(ran).toEqual(["5 at 5", "15 at 15"]);
    expect(clock.now()).toBe(20);
  });

  test("jumps like the clock of a computer that was asleep", async () => {
    const clock = new VirtualClock(0);
    const ran: string[] = [];
    const note = (name: string) => () => void ran.push(`${name} at ${clock.now()}`);
    clock.schedule(10, note("duration"));
    clock.scheduleAt(20, note("second moment"));
    clock.scheduleAt(10, note("first moment"));
    const stop = clock.onJump((missedMs) => ran.push(`missed ${missedMs}`));
    await clock.jump(1_000);
    expect(ran).toEqual(["missed 1000", "first moment at 1000", "second moment at 1000"]);
    await clock.advance(10);
    expect(ran.at(-1)).toBe("duration at 1010");
    stop();
    await clock.jump(1);
    expect(ran).toHaveLength(4);
  });

  test("takes a delay below zero for none", async () => {
    const clock = new VirtualClock(50);
    const task = vi.fn(() => clock.now());
    clock.schedule(-10, task);
    await clock.advance(0);
    expect(task).toHaveReturnedWith(50);
  });

  test("stays where it is when its signal is aborted, or when it is reset", async () => {
    const clock = new VirtualClock(0);
    const controller = new AbortController();
    clock.schedule(10, () => controller.abort());
    clock.schedule(20, () => clock.reset());
    const task = vi.fn();
    clock.schedule(30, task);
    expect(await clock.advance(100, controller.signal)).toBe(false);
    expect(clock.now()).toBe(10);
    expect(await clock.advance(100)).toBe(false);
    expect(clock.now()).toBe(0);
    expect(task).not.toHaveBeenCalled();
    expect(await clock.advance(10)).toBe(true);
    expect(task).toHaveBeenCalledOnce();
  });
});
