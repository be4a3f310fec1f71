import fc from "fast-check";
import { expect, test } from "vitest";
import { type QueuedTimer, TimerQueue } from "../../src/core/timer-queue.ts";

type Step = { add: number } | { remove: number } | "shift" | "later";

const steps = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ add: fc.nat(20) }) },
    fc.record({ remove: fc.nat(30) }),
    fc.constant("shift" as const),
    fc.constant("later" as const),
  ),
  { maxLength: 200 },
);

test("gives the timers in the order of their times, and of two with one time the older one first", () => {
  fc.assert(
    fc.property(steps, (taken: readonly Step[]) => {
      const queue = new TimerQueue<QueuedTimer>();
      // What the queue should do, done by a list.
      let expected: QueuedTimer[] = [];
      const all: QueuedTimer[] = [];
      const first = (): QueuedTimer | undefined => expected.toSorted((left, right) => left.dueAt - right.dueAt)[0];
      for (const step of taken) {
        if (step === "shift") {
          const next = first();
          expect(queue.shift()).toBe(next);
          expected = expected.filter((timer) => timer !== next);
        } else if (step === "later") {
          queue.changeAll((timer) => {
            if (timer.dueAt % 2 === 0) timer.dueAt += 7;
          });
        } else if ("add" in step) {
          const timer = { dueAt: step.add };
          all.push(timer);
          expected.push(timer);
          queue.add(timer);
        } else {
          const timer = all[step.remove];
          if (timer !== undefined) queue.remove(timer);
          expected = expected.filter((other) => other !== timer);
        }
        expect(queue.first()).toBe(first());
        expect(queue.size).toBe(expected.length);
      }
    }),
  );
});

test("keeps no more entries of removed timers than of others", () => {
  const queue = new TimerQueue<QueuedTimer>();
  const timers = Array.from({ length: 1_000 }, (_, dueAt) => ({ dueAt }));
  for (const timer of timers) queue.add(timer);
  for (const timer of timers.slice(10)) queue.remove(timer);
  expect(queue.entries).toBeLessThanOrEqual(100);
  expect(queue.first()).toBe(timers[0]);
});
