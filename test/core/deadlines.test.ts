import { expect, test } from "vitest";
import { Deadlines } from "../../src/core/deadlines.ts";
import { VirtualClock } from "../../src/core/virtual-clock.ts";

function createDeadlines(onDue?: (key: string) => void): {
  clock: VirtualClock;
  deadlines: Deadlines;
  met: string[];
  errors: unknown[];
} {
  const clock = new VirtualClock(1_000);
  const met: string[] = [];
  const errors: unknown[] = [];
  const deadlines = new Deadlines({
    clock,
    onDue: onDue ?? ((key) => met.push(`${key} at ${clock.now()}`)),
    onError: (error) => errors.push(error),
  });
  return { clock, deadlines, met, errors };
}

test("each deadline is met once, at its own time, and one that has passed at once", async () => {
  const { clock, deadlines, met } = createDeadlines();
  deadlines.set("late", 3_000);
  deadlines.set("early", 2_000);
  deadlines.set("passed", 0);
  await clock.advance(10_000);
  expect(met).toEqual(["passed at 1000", "early at 2000", "late at 3000"]);
  expect(deadlines.size).toBe(0);
});

test("a deadline that is set again has moved, one that is forgotten is not met", async () => {
  const { clock, deadlines, met } = createDeadlines();
  deadlines.set("moved", 2_000);
  deadlines.set("moved", 4_000);
  deadlines.set("forgotten", 2_000);
  deadlines.forget("forgotten");
  deadlines.forget("unknown");
  await clock.advance(10_000);
  expect(met).toEqual(["moved at 4000"]);
});

test("none is met after closing, and none can be set", async () => {
  const { clock, deadlines, met } = createDeadlines();
  deadlines.set("before", 2_000);
  deadlines.close();
  deadlines.set("after", 2_000);
  await clock.advance(10_000);
  expect([met, deadlines.size]).toEqual([[], 0]);
});

test("an error at one deadline is reported and does not affect the others", async () => {
  const failure = new Error("disk full");
  const met: string[] = [];
  const { clock, deadlines, errors } = createDeadlines((key) => {
    if (key === "broken") throw failure;
    met.push(key);
  });
  deadlines.set("broken", 2_000);
  deadlines.set("other", 3_000);
  await clock.advance(2_000);
  expect([errors, met]).toEqual([[failure], ["other"]]);
});

test("a deadline at which something went wrong is tried again, until it is met", async () => {
  const met: number[] = [];
  const { clock, deadlines, errors } = createDeadlines(() => {
    met.push(clock.now());
    if (met.length < 3) throw new Error("disk full");
  });
  deadlines.set("a", 2_000);
  await clock.advance(100_000);
  expect(met).toEqual([2_000, 7_000, 12_000]);
  expect([errors.length, deadlines.size]).toEqual([2, 0]);
});

test("a deadline that has moved before something went wrong is met at its new time only", async () => {
  const met: number[] = [];
  const { clock, deadlines } = createDeadlines((key) => {
    met.push(clock.now());
    if (met.length > 1) return;
    deadlines.set(key, 50_000);
    throw new Error("disk full");
  });
  deadlines.set("a", 2_000);
  await clock.advance(100_000);
  expect(met).toEqual([2_000, 50_000]);
});

test("nothing is tried again after closing", async () => {
  const { clock, deadlines } = createDeadlines(() => {
    deadlines.close();
    throw new Error("closed");
  });
  deadlines.set("a", 2_000);
  await clock.advance(1_000);
  expect(deadlines.size).toBe(0);
});
