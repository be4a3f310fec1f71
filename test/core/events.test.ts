import { describe, expect, test, vi } from "vitest";
import { EventBus } from "../../src/core/events.ts";

interface Events {
  "thing:happened": number;
  "other:happened": string;
}

function createBus() {
  const errors: Array<{ error: unknown; name: string }> = [];
  const bus = new EventBus<Events>((error, name) => errors.push({ error, name }));
  const seen: unknown[] = [];
  return { bus, errors, seen };
}

describe("the event bus", () => {
  test("tells the listeners of that name, in the order they came", () => {
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

  test("tells listeners of any name also which name it was", () => {
    const { bus, seen } = createBus();
    bus.onAny((payload, name) => seen.push([name, payload]));
    bus.emit("thing:happened", 1);
    bus.emit("other:happened", "x");
    expect(seen).toEqual([
      ["thing:happened", 1],
      ["other:happened", "x"],
    ]);
  });

  test("stops telling who asked to stop, and forgets them", () => {
    const { bus, seen } = createBus();
    const stop = bus.on("thing:happened", (payload) => seen.push(payload));
    const stopAny = bus.onAny((payload) => seen.push(payload));
    expect(bus.listenerCount).toBe(2);
    stop();
    stopAny();
    stop();
    bus.emit("thing:happened", 1);
    expect(seen).toEqual([]);
    expect(bus.listenerCount).toBe(0);
  });

  test("a listener that throws keeps nobody else from hearing", () => {
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
    bus.onAny((payload) => seen.push(payload));
    bus.hold();
    bus.emit("thing:happened", 1);
    bus.emit("other:happened", "x");
    expect(seen).toEqual([]);
    bus.release();
    expect(seen).toEqual([1, "x"]);
    bus.emit("thing:happened", 2);
    expect(seen).toEqual([1, "x", 2]);
  });

  test("drops what was held back", () => {
    const { bus, seen } = createBus();
    bus.onAny((payload) => seen.push(payload));
    bus.hold();
    bus.emit("thing:happened", 1);
    bus.discard();
    bus.release();
    expect(seen).toEqual([]);
  });

  test("drops of what was held back only the part that failed", () => {
    const { bus, seen } = createBus();
    bus.onAny((payload) => seen.push(payload));
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
    bus.onAny((payload) => seen.push(payload));
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
    bus.onAny((payload) => seen.push(payload));
    bus.hold();
    bus.emit("thing:happened", 1);
    bus.emit("thing:happened", 2);
    bus.release();
    expect(seen).toEqual([1, 2, "after 1", "after 2"]);
    bus.emit("thing:happened", 3);
    expect(seen.slice(4)).toEqual([3, "after 3"]);
  });

  test("tells all listeners the same order, whatever transactions they make", () => {
    const { bus, seen } = createBus();
    bus.on("thing:happened", (payload) => {
      bus.hold();
      bus.emit("other:happened", `after ${payload}`);
      bus.release();
    });
    bus.onAny((payload) => seen.push(payload));
    bus.hold();
    bus.emit("thing:happened", 1);
    bus.emit("thing:happened", 2);
    bus.release();
    expect(seen).toEqual([1, 2, "after 1", "after 2"]);
  });

  test("goes on with the next event after an error handler that throws", () => {
    const seen: unknown[] = [];
    const bus = new EventBus<Events>((error) => {
      throw error;
    });
    bus.on("thing:happened", () => {
      throw new Error("broken listener");
    });
    bus.onAny((payload) => seen.push(payload));
    expect(() => bus.emit("thing:happened", 1)).toThrow("broken listener");
    bus.emit("other:happened", "x");
    expect(seen).toEqual(["x"]);
  });

  test("a listener that stops itself is told once", () => {
    const { bus } = createBus();
    const listener = vi.fn(() => stop());
    const stop = bus.on("thing:happened", listener);
    bus.emit("thing:happened", 1);
    bus.emit("thing:happened", 2);
    expect(listener).toHaveBeenCalledTimes(1);
  });
});
