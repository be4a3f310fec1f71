import { describe, expect, test, vi } from "vitest";
import { EventBus } from "../../src/core/events.ts";

interface Events {
  "thing:happened": number;
  "other:happened": string;
}

function createBus() {
  const errors: Array<{ error: unknown; name: string }> = [];
  let now = 0;
  const bus = new EventBus<Events>({
    now: () => now,
    onListenerError: (error, name) => errors.push({ error, name }),
  });
  const seen: unknown[] = [];
  return { bus, errors, seen, setTime: (time: number) => void (now = time) };
}

describe("the event bus", () => {
  test("calls the listeners of that name, in the order in which they were added", () => {
    const { bus, seen } = createBus();
    bus.on("thing:happened", (payload) => seen.push(["first", payload]));
    bus.on("other:happened", (payload) => seen.push(["other", payload]));
    bus.on("thing:happened", (payload) => seen.push(["second", payload]));
    bus.emit("thing:happened", 1);
    expect(seen).toEqual([
      ["first", 1],
      ["second", 1],
    ]);
  });

  test("calls listeners of any name also with the name", () => {
    const { bus, seen } = createBus();
    bus.onAny(({ payload, name }) => seen.push([name, payload]));
    bus.emit("thing:happened", 1);
    bus.emit("other:happened", "x");
    expect(seen).toEqual([
      ["thing:happened", 1],
      ["other:happened", "x"],
    ]);
  });

  test("calls a listener no more after it was removed", () => {
    const { bus, seen } = createBus();
    const stop = bus.on("thing:happened", (payload) => seen.push(payload));
    const stopAny = bus.onAny(({ payload }) => seen.push(payload));
    expect(bus.listenerCount).toBe(2);
    stop();
    stopAny();
    stop();
    bus.emit("thing:happened", 1);
    expect(seen).toEqual([]);
    expect(bus.listenerCount).toBe(0);
  });

  test("a listener that throws does not keep the others from being called", () => {
    const { bus, errors, seen } = createBus();
    const error = new Error("broken listener");
    bus.on("thing:happened", () => {
      throw error;
    });
    bus.on("thing:happened", (payload) => seen.push(payload));
    bus.emit("thing:happened", 1);
    expect(seen).toEqual([1]);
    expect(errors).toEqual([{ error, name: "thing:happened" }]);
  });

  test("holds events back and delivers them in order", () => {
    const { bus, seen } = createBus();
    bus.onAny(({ payload }) => seen.push(payload));
    bus.hold();
    bus.emit("thing:happened", 1);
    bus.emit("other:happened", "x");
    expect(seen).toEqual([]);
    bus.release();
    expect(seen).toEqual([1, "x"]);
    bus.emit("thing:happened", 2);
    expect(seen).toEqual([1, "x", 2]);
  });

  test("drops the events that were not delivered yet", () => {
    const { bus, seen } = createBus();
    bus.onAny(({ payload }) => seen.push(payload));
    bus.hold();
    bus.emit("thing:happened", 1);
    bus.discard();
    bus.release();
    expect(seen).toEqual([]);
  });

  test("drops only the events of the part that failed", () => {
    const { bus, seen } = createBus();
    bus.onAny(({ payload }) => seen.push(payload));
    bus.hold();
    bus.emit("thing:happened", 1);
    bus.hold();
    bus.emit("thing:happened", 2);
    bus.hold();
    bus.emit("thing:happened", 3);
    bus.release();
    bus.discard();
    bus.hold();
    bus.emit("thing:happened", 4);
    bus.release();
    bus.emit("thing:happened", 5);
    expect(seen).toEqual([]);
    bus.release();
    expect(seen).toEqual([1, 4, 5]);
  });

  test("drops with the whole also the parts that were kept", () => {
    const { bus, seen } = createBus();
    bus.onAny(({ payload }) => seen.push(payload));
    bus.hold();
    bus.hold();
    bus.emit("thing:happened", 1);
    bus.release();
    bus.discard();
    bus.emit("thing:happened", 2);
    expect(seen).toEqual([2]);
  });

  test("delivers what a listener sends after everything that was sent before", () => {
    const { bus, seen } = createBus();
    bus.on("thing:happened", (payload) => {
      bus.emit("other:happened", `after ${payload}`);
    });
    bus.onAny(({ payload }) => seen.push(payload));
    bus.hold();
    bus.emit("thing:happened", 1);
    bus.emit("thing:happened", 2);
    bus.release();
    expect(seen).toEqual([1, 2, "after 1", "after 2"]);
    bus.emit("thing:happened", 3);
    expect(seen.slice(4)).toEqual([3, "after 3"]);
  });

  test("delivers in the same order to all listeners, whatever transactions they make", () => {
    const { bus, seen } = createBus();
    bus.on("thing:happened", (payload) => {
      bus.hold();
      bus.emit("other:happened", `after ${payload}`);
      bus.release();
    });
    bus.onAny(({ payload }) => seen.push(payload));
    bus.hold();
    bus.emit("thing:happened", 1);
    bus.emit("thing:happened", 2);
    bus.release();
    expect(seen).toEqual([1, 2, "after 1", "after 2"]);
  });

  test("goes on with the next event after an error handler that throws", () => {
    const seen: unknown[] = [];
    const bus = new EventBus<Events>({
      now: () => 0,
      onListenerError: (error) => {
        throw error;
      },
    });
    bus.on("thing:happened", () => {
      throw new Error("broken listener");
    });
    bus.onAny(({ payload }) => seen.push(payload));
    expect(() => bus.emit("thing:happened", 1)).toThrow("broken listener");
    bus.emit("other:happened", "x");
    expect(seen).toEqual(["x"]);
  });

  test("a listener that removes itself is called once", () => {
    const { bus } = createBus();
    const listener = vi.fn(() => stop());
    const stop = bus.on("thing:happened", listener);
    bus.emit("thing:happened", 1);
    bus.emit("thing:happened", 2);
    expect(listener).toHaveBeenCalledTimes(1);
  });

  test("numbers and dates events when they are committed", () => {
    const { bus, seen, setTime } = createBus();
    bus.onAny(({ sequence, time, name }) => seen.push([sequence, time, name]));
    setTime(10);
    bus.hold();
    bus.emit("thing:happened", 1);
    bus.hold();
    bus.emit("thing:happened", 2);
    bus.discard();
    setTime(20);
    bus.emit("other:happened", "x");
    bus.release();
    setTime(30);
    bus.emit("thing:happened", 3);
    expect(seen).toEqual([
      [1, 20, "thing:happened"],
      [2, 20, "other:happened"],
      [3, 30, "thing:happened"],
    ]);
    expect(bus.sequence).toBe(3);
  });

  test("counts events that have no listener", () => {
    const { bus, seen } = createBus();
    bus.emit("thing:happened", 1);
    bus.on("thing:happened", (payload, { sequence, name }) => seen.push([sequence, name, payload]));
    bus.emit("thing:happened", 2);
    expect(seen).toEqual([[2, "thing:happened", 2]]);
  });

  test("delivers to recorders as to listeners, and does not count them", () => {
    const { bus, seen } = createBus();
    const stop = bus.record(({ name, payload }) => seen.push([name, payload]));
    expect(bus.listenerCount).toBe(0);
    bus.emit("thing:happened", 1);
    stop();
    bus.emit("thing:happened", 2);
    expect(seen).toEqual([["thing:happened", 1]]);
  });

  test("names the workspace of the payload", () => {
    const bus = new EventBus<{ "thing:made": { workspace?: unknown } }>({ now: () => 0, onListenerError: expect.fail });
    const seen: unknown[] = [];
    bus.onAny(({ workspace }) => seen.push(workspace));
    for (const workspace of ["default", 1, undefined]) bus.emit("thing:made", { workspace });
    expect(seen).toEqual(["default", undefined, undefined]);
  });
});

describe("reactions", () => {
  test("run in order, before all listeners", () => {
    const { bus, seen } = createBus();
    bus.onAny(() => seen.push("any"));
    bus.on("thing:happened", () => seen.push("listener"));
    bus.react(
      { "thing:happened": [() => seen.push("first"), () => seen.push("second")] },
      { "thing:happened": [() => seen.push("third")], "other:happened": [() => seen.push("other")] },
    );
    bus.emit("thing:happened", 1);
    expect(seen).toEqual(["first", "second", "third", "listener", "any"]);
  });

  test("stop when they are removed", () => {
    const { bus, seen } = createBus();
    const stop = bus.react({ "thing:happened": [(payload) => seen.push(payload)] });
    bus.emit("thing:happened", 1);
    stop();
    bus.emit("thing:happened", 2);
    expect(seen).toEqual([1]);
    expect(bus.listenerCount).toBe(0);
  });

  test("go on after one that throws, and so do listeners", () => {
    const { bus, errors, seen } = createBus();
    const error = new Error("broken reaction");
    bus.react({
      "thing:happened": [
        () => {
          throw error;
        },
        () => seen.push("second"),
      ],
    });
    bus.on("thing:happened", () => seen.push("listener"));
    bus.emit("thing:happened", 1);
    expect(seen).toEqual(["second", "listener"]);
    expect(errors).toEqual([{ error, name: "thing:happened" }]);
  });

  test("receive the row, of which listeners receive what is published", () => {
    interface Row {
      secret: string;
      name: string;
    }
    const publish = vi.fn(({ name }: Row) => ({ name }));
    const bus = new EventBus<{ "row:changed": Row }, { "row:changed": { name: string } }>(
      { now: () => 0, onListenerError: expect.fail },
      { "row:changed": publish },
    );
    const seen: unknown[] = [];
    bus.react({ "row:changed": [({ secret }) => seen.push(secret)] });
    bus.emit("row:changed", { secret: "s", name: "n" });
    expect(seen).toEqual(["s"]);
    expect(publish).not.toHaveBeenCalled();
    bus.on("row:changed", (payload) => seen.push(payload));
    bus.onAny(({ payload }) => seen.push(payload));
    bus.emit("row:changed", { secret: "s", name: "n" });
    expect(seen).toEqual(["s", "s", { name: "n" }, { name: "n" }]);
    expect(publish).toHaveBeenCalledTimes(1);
  });
});
