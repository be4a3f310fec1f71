import { describe, expect, test } from "vitest";
import { OpenPolls, TooManyOpenPollsError } from "../../src/core/open-polls.ts";
import { VirtualClock } from "../../src/core/virtual-clock.ts";
import { WaitingLine } from "../../src/core/waiting-line.ts";

/** A line in front of a queue of words. */
function createLine(openPolls = new OpenPolls()) {
  const clock = new VirtualClock();
  const line = new WaitingLine<string>(clock, openPolls);
  const queue: string[] = [];
  const wait = (options: { key?: string; signal?: AbortSignal; take?: () => string | undefined } = {}) =>
    line.wait({
      key: options.key ?? "runner",
      timeoutMs: 10_000,
      signal: options.signal ?? new AbortController().signal,
      take: options.take ?? (() => queue.shift()),
    });
  const offer = (...words: string[]): void => {
    queue.push(...words);
    line.notify("runner");
  };
  return { clock, line, queue, wait, offer, openPolls };
}

describe("a waiting line", () => {
  test("gives what is there at once", async () => {
    const { wait, queue, openPolls } = createLine();
    queue.push("a");
    await expect(wait()).resolves.toBe("a");
    expect(openPolls.count).toBe(0);
  });

  test("gives what comes to the waiting requests, in the order of their arrival", async () => {
    const { wait, offer, openPolls } = createLine();
    const waits = [wait(), wait(), wait()];
    offer("a", "b");
    await expect(Promise.all(waits.slice(0, 2))).resolves.toEqual(["a", "b"]);
    expect(openPolls.count).toBe(1);
    offer("c");
    await expect(waits[2]).resolves.toBe("c");
  });

  test("serves no request before those that came earlier, even at the moment something comes", async () => {
    const { wait, offer } = createLine();
    const first = wait();
    offer("a", "b");
    const second = wait();
    await expect(Promise.all([first, second])).resolves.toEqual(["a", "b"]);
  });

  test("is a line of its own for each key", async () => {
    const { wait, offer, clock, line } = createLine();
    const other = wait({ key: "other" });
    const mine = wait();
    expect([line.sizeOf("runner"), line.sizeOf("other"), line.sizeOf("unused")]).toEqual([1, 1, 0]);
    offer("a", "b");
    await expect(mine).resolves.toBe("a");
    await clock.advance(10_000);
    await expect(other).resolves.toBeUndefined();
  });

  test("ends each wait after its time", async () => {
    const { wait, offer, clock, queue, openPolls } = createLine();
    const first = wait();
    await clock.advance(5_000);
    const second = wait();
    await clock.advance(5_000);
    await expect(first).resolves.toBeUndefined();
    expect(openPolls.count).toBe(1);
    offer("a");
    await expect(second).resolves.toBe("a");
    expect(queue).toEqual([]);
  });

  test("forgets a request whose client is gone, and gives it nothing", async () => {
    const { wait, offer, openPolls } = createLine();
    const client = new AbortController();
    const gone = wait({ signal: client.signal });
    const staying = wait();
    client.abort();
    expect(openPolls.count).toBe(1);
    offer("a");
    await expect(Promise.all([gone, staying])).resolves.toEqual([undefined, "a"]);
  });

  test("gives nothing to a client that goes between the notification and its turn", async () => {
    const { wait, offer, queue, openPolls } = createLine();
    const client = new AbortController();
    const gone = wait({ signal: client.signal });
    offer("a");
    client.abort();
    await expect(gone).resolves.toBeUndefined();
    await new Promise(setImmediate);
    expect(queue).toEqual(["a"]);
    expect(openPolls.count).toBe(0);
  });

  test("gives nothing to a client that had gone before", async () => {
    const { wait, queue } = createLine();
    queue.push("a");
    await expect(wait({ signal: AbortSignal.abort() })).resolves.toBeUndefined();
    expect(queue).toEqual(["a"]);
  });

  test("leaves no listener on the signal of a request that was served", async () => {
    const { wait, offer } = createLine();
    const { signal } = new AbortController();
    let listeners = 0;
    signal.addEventListener = () => void (listeners += 1);
    signal.removeEventListener = () => void (listeners -= 1);
    const served = wait({ signal });
    expect(listeners).toBe(1);
    offer("a");
    await served;
    expect(listeners).toBe(0);
  });

  test("rejects the wait whose taking fails, and serves the others", async () => {
    const { wait, offer, openPolls } = createLine();
    let isFull = false;
    const take = (): undefined => {
      if (isFull) throw new Error("disk full");
    };
    const first = wait({ take });
    const second = wait();
    isFull = true;
    offer("a");
    await expect(first).rejects.toThrow("disk full");
    await expect(second).resolves.toBe("a");
    expect(openPolls.count).toBe(0);
    await expect(wait({ take })).rejects.toThrow("disk full");
    expect(openPolls.count).toBe(0);
  });

  test("gives nothing to a request that was dismissed by what an earlier one took", async () => {
    const { wait, offer, line, queue, openPolls } = createLine();
    let serving = false;
    const first = wait({
      take: () => {
        if (!serving) return undefined;
        line.dismiss("runner");
        return queue.shift();
      },
    });
    const second = wait();
    serving = true;
    offer("a", "b");
    await expect(second).resolves.toBeUndefined();
    await first;
    expect(queue).toEqual(["b"]);
    expect(openPolls.count).toBe(0);
  });

  test("sends everybody of one key away", async () => {
    const { wait, line, openPolls } = createLine();
    const mine = [wait(), wait()];
    const other = wait({ key: "other" });
    line.dismiss("runner");
    await expect(Promise.all(mine)).resolves.toEqual([undefined, undefined]);
    expect(openPolls.count).toBe(1);
    line.close();
    await expect(other).resolves.toBeUndefined();
  });

  test("dismisses all requests when it closes, and refuses later ones", async () => {
    const { wait, line, queue } = createLine();
    const waits = [wait(), wait({ key: "other" })];
    line.close();
    await expect(Promise.all(waits)).resolves.toEqual([undefined, undefined]);
    queue.push("a");
    await expect(wait()).resolves.toBeUndefined();
    expect(queue).toEqual(["a"]);
    expect(line.closed).toBe(true);
  });

  test("holds no more than all lines together may", async () => {
    const openPolls = new OpenPolls(2);
    const { wait, offer, line } = createLine(openPolls);
    const waits = [wait(), wait({ key: "other" })];
    await expect(wait()).rejects.toThrow(TooManyOpenPollsError);
    expect(openPolls.count).toBe(2);
    offer("a");
    await expect(waits[0]).resolves.toBe("a");
    const again = wait();
    expect(openPolls.count).toBe(2);
    line.close();
    await Promise.all([...waits, again]);
    expect(openPolls.count).toBe(0);
  });
});
