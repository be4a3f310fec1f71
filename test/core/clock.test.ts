import { describe, expect, test, vi } from "vitest";
import { SystemClock } from "../../src/core/clock.ts";
import { Computer } from "./computer.ts";

const HOUR = 3_600_000;
const NOON = Date.UTC(2026, 0, 1, 12);

function computerWithClock() {
  const computer = new Computer(NOON);
  return { computer, clock: new SystemClock({ timers: computer }) };
}

describe("the system clock", () => {
  test("reads the computer's time", () => {
    const { clock, computer } = computerWithClock();
    expect(clock.now()).toBe(NOON);
    computer.run(5);
    expect(clock.now()).toBe(NOON + 5);
  });

  test("runs a task once after its delay, unless it is cancelled", () => {
    const { clock, computer } = computerWithClock();
    const [task, cancelled] = [vi.fn(), vi.fn()];
    clock.schedule(1_000, task);
    clock.schedule(1_000, cancelled).cancel();
    computer.run(999);
    expect(task).not.toHaveBeenCalled();
    computer.run(10_000);
    expect(task).toHaveBeenCalledTimes(1);
    expect(cancelled).not.toHaveBeenCalled();
  });

  test.for([-2 * HOUR, -2_000, 2_000, 9 * HOUR])("keeps durations when the clock is set by %i ms", (byMs) => {
    const { clock, computer } = computerWithClock();
    const task = vi.fn();
    clock.schedule(10_000, task);
    computer.setWallClock(byMs);
    computer.run(9_999);
    expect(task).not.toHaveBeenCalled();
    computer.run(1);
    expect(task).toHaveBeenCalledTimes(1);
  });

  test("waits for longer than Node's timers can", () => {
    const { clock, computer } = computerWithClock();
    const [duration, moment] = [vi.fn(), vi.fn()];
    clock.schedule(60 * 24 * HOUR, duration);
    computer.run(60 * 24 * HOUR - 1);
    expect(duration).not.toHaveBeenCalled();
    computer.run(1);
    expect(duration).toHaveBeenCalledTimes(1);
    clock.scheduleAt(clock.now() + 60 * 24 * HOUR, moment);
    computer.setWallClock(60 * 24 * HOUR - 60_000);
    computer.run(59_999);
    expect(moment).not.toHaveBeenCalled();
    computer.run(1);
    expect(moment).toHaveBeenCalledTimes(1);
  });

  test("keeps no process alive", () => {
    const timeouts = (): number => process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
    const before = timeouts();
    const clock = new SystemClock();
    const timers = [clock.schedule(1_000_000, () => {}), clock.scheduleAt(clock.now() + 1_000_000, () => {})];
    expect(timeouts()).toBe(before);
    for (const timer of timers) timer.cancel();
  });

  test("uses Node's timers, not the fake ones of a test", async () => {
    vi.useFakeTimers();
    const clock = new SystemClock({ keepsAlive: true });
    await new Promise<void>((resolve) => clock.schedule(1, resolve));
    vi.useRealTimers();
  });
});

describe("a moment of the system clock", () => {
  test("comes when the clock says so, not when Node's timer fires early (T1)", () => {
    const { clock, computer } = computerWithClock();
    computer.earlyMs = 0.7;
    const task = vi.fn(() => clock.now());
    clock.scheduleAt(NOON + 60_000, task);
    computer.run(60_010);
    expect(task).toHaveBeenCalledTimes(1);
    expect(task).toHaveReturnedWith(NOON + 60_000);
  });

  test("that has passed comes at once, but not before the caller has gone on", () => {
    const { clock, computer } = computerWithClock();
    const task = vi.fn();
    clock.scheduleAt(NOON - HOUR, task);
    expect(task).not.toHaveBeenCalled();
    computer.run(1);
    expect(task).toHaveBeenCalledTimes(1);
  });

  test("comes within seconds after the computer wakes up, in order (T2)", () => {
    const { clock, computer } = computerWithClock();
    const ran: string[] = [];
    clock.scheduleAt(NOON + 8 * HOUR, () => ran.push("second"));
    clock.scheduleAt(NOON + HOUR, () => ran.push("first"));
    clock.scheduleAt(NOON + 10 * HOUR, () => ran.push("not yet"));
    clock.onJump((missedMs) => ran.push(`missed ${missedMs}`));
    computer.run(500);
    computer.setWallClock(9 * HOUR);
    computer.run(2_000);
    expect(ran).toEqual([`missed ${9 * HOUR}`, "first", "second"]);
  });

  test("is awaited anew when the clock is set back", () => {
    const { clock, computer } = computerWithClock();
    const task = vi.fn();
    clock.scheduleAt(NOON + 60_000, task);
    computer.run(59_000);
    computer.setWallClock(-2_000);
    computer.run(2_999);
    expect(task).not.toHaveBeenCalled();
    computer.run(1);
    expect(task).toHaveBeenCalledTimes(1);
  });

  test("can be cancelled by what a jump of the clock brings about", () => {
    const { clock, computer } = computerWithClock();
    const task = vi.fn();
    const timer = clock.scheduleAt(NOON + HOUR, task);
    clock.onJump(() => timer.cancel());
    computer.setWallClock(2 * HOUR);
    computer.run(5_000);
    expect(task).not.toHaveBeenCalled();
  });
});

describe("a jump of the wall clock", () => {
  test("is reported before anything that has fallen due by it, also before an interval that ends", () => {
    const { clock, computer } = computerWithClock();
    const ran: string[] = [];
    clock.onJump(() => ran.push("jump"));
    clock.schedule(600, () => ran.push("interval"));
    computer.run(500);
    computer.setWallClock(HOUR);
    computer.run(200);
    expect(ran).toEqual(["jump", "interval"]);
  });

  test.for([-HOUR, -2_000, 400])("of %i ms is none", (byMs) => {
    const { clock, computer } = computerWithClock();
    const listener = vi.fn();
    clock.onJump(listener);
    computer.setWallClock(byMs);
    computer.run(10_000);
    expect(listener).not.toHaveBeenCalled();
  });

  test("is not looked for when nothing depends on it", () => {
    const { clock, computer } = computerWithClock();
    const stop = clock.onJump(() => {});
    const timer = clock.scheduleAt(NOON + HOUR, () => {});
    stop();
    timer.cancel();
    computer.run(2_000);
    expect(computer.timers).toBe(0);
  });
});
