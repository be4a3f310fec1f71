import { expect, test } from "vitest";
import { PeriodicTasks } from "../../src/core/periodic-tasks.ts";
import { VirtualClock } from "../../src/core/virtual-clock.ts";

test("steps are made in order after each interval, also after one that fails, until they are stopped", async () => {
  const clock = new VirtualClock();
  const seen: unknown[] = [];
  const error = new Error("broken");
  const fail = (): never => {
    throw error;
  };
  const steps = [() => seen.push("first"), fail, () => seen.push("last")];
  const tasks = new PeriodicTasks({ clock, intervalMs: 10, steps, onError: (thrown) => seen.push(thrown) });
  tasks.start();

  await clock.advance(9);
  expect(seen).toEqual([]);
  await clock.advance(1);
  expect(seen).toEqual(["first", error, "last"]);
  await clock.advance(10);
  expect(seen).toEqual(["first", error, "last", "first", error, "last"]);
  tasks.stop();
  await clock.advance(100);
  expect(seen).toHaveLength(6);
});

test("a step may stop them, or start them anew", async () => {
  const clock = new VirtualClock();
  let made = 0;
  const tasks = new PeriodicTasks({
    clock,
    intervalMs: 10,
    steps: [
      () => {
        made += 1;
        tasks.stop();
        if (made < 3) tasks.start();
      },
    ],
    onError: (error) => expect.unreachable(String(error)),
  });
  tasks.start();
  await clock.advance(30);
  expect(made).toBe(3);
  await clock.advance(100);
  expect(made).toBe(3);
});

test("a step that has more to do is made again after a pause, in which other work is done", async () => {
  const clock = new VirtualClock();
  const seen: string[] = [];
  let left = 3;
  const large = (): boolean => {
    seen.push(`slice at ${clock.now() - startedAt}`);
    left -= 1;
    return left > 0;
  };
  const startedAt = clock.now();
  const tasks = new PeriodicTasks({
    clock,
    intervalMs: 2,
    steps: [large, () => seen.push(`other at ${clock.now() - startedAt}`)],
    onError: (error) => expect.unreachable(String(error)),
  });
  tasks.start();
  await clock.advance(4);
  expect(seen).toEqual(["slice at 2", "other at 2", "slice at 3", "other at 4", "slice at 4"]);
  left = 1_000;
  await clock.advance(2);
  seen.length = 0;
  tasks.stop();
  await clock.advance(100);
  expect(seen).toEqual([]);
});
