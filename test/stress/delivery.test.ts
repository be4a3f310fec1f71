import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { createOpikLocal, type OpikLocalParts } from "../../src/server.ts";
import { type Change, createItem, type KindName, KINDS, type Line } from "./kinds.ts";
import type { Assignment, Harvest } from "./pollers.ts";

/** How many runners or worker queues there are of each kind; for each, `POLLERS_PER_LINE` poll. */
const LINES = { job: 60, "bridge command": 20, "worker run": 20 } as const satisfies Record<KindName, number>;
const POLLERS_PER_LINE = 2;
const ITEMS_PER_LINE = 10;

describe.each(Object.keys(LINES) as KindName[])("a %s and pollers that leave at random moments", (kind) => {
  test("reaches one live poller, in order, and none is lost", async () => {
    await using server = createOpikLocal({ config: { port: 0, database: ":memory:" } });
    const watch = new QueueWatch(server, kind, LINES[kind] * ITEMS_PER_LINE);
    const url = await server.listen();
    const pollers = start("./pollers.ts");
    const assignment: Assignment = {
      kind,
      url,
      lines: await addLines(server, kind, LINES[kind]),
      pollersPerLine: POLLERS_PER_LINE,
      itemsPerLine: ITEMS_PER_LINE,
      abortShare: 1 / 3,
    };
    pollers.send(assignment);
    await watch.allCompleted;
    pollers.send("stop");
    const [harvest] = (await once(pollers, "message")) as [Harvest];

    const created = Object.values(harvest.created).flat();
    expect(created).toHaveLength(LINES[kind] * ITEMS_PER_LINE);
    expect(harvest.read.toSorted(), "every item is read by exactly one poller").toEqual(created.toSorted());
    expect(watch.outOfOrder, "items assigned although an older one of the line waited").toEqual([]);
    for (const [line, ids] of Object.entries(harvest.created)) expect(watch.createdIn(line)).toEqual(ids);

    // Without these two the test would not have met the moments that it is about.
    expect(harvest.aborted).toBeGreaterThan(LINES[kind] / 2);
    expect(watch.takenBack).toBeGreaterThan(0);
  });

  // Windows cannot stop a process and continue without it.
  test.skipIf(process.platform === "win32")(
    "that was assigned to a process which froze before it read it goes to the next poller when that dies, in order",
    async () => {
      await using server = createOpikLocal({ config: { port: 0, database: ":memory:" } });
      const url = await server.listen();
      const lines = await addLines(server, kind, 1);
      const watch = new QueueWatch(server, kind, ITEMS_PER_LINE);
      const assignment = { kind, url, lines, itemsPerLine: 0, abortShare: 0 };
      const frozen = start("./pollers.ts");
      frozen.send({ ...assignment, pollersPerLine: ITEMS_PER_LINE });
      await expect.poll(() => server.openPolls.count).toBe(ITEMS_PER_LINE);
      frozen.kill("SIGSTOP");
      const ids: string[] = [];
      while (ids.length < ITEMS_PER_LINE) ids.push(await createItem(server, lines[0]!));
      await expect.poll(() => server.openPolls.count).toBe(0);

      frozen.kill("SIGKILL");
      await expect.poll(() => watch.takenBack).toBe(ITEMS_PER_LINE);
      const alive = start("./pollers.ts");
      alive.send({ ...assignment, pollersPerLine: 1 });
      await watch.allCompleted;
      alive.send("stop");
      const [harvest] = (await once(alive, "message")) as [Harvest];
      expect(harvest.read).toEqual(ids);
    },
  );
});

function start(script: string): ChildProcess {
  const child = fork(fileURLToPath(new URL(script, import.meta.url)), { execArgv: [] });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  return child;
}

function addLines(server: OpikLocalParts, kind: KindName, count: number): Promise<Line[]> {
  return Promise.all(Array.from({ length: count }, (_, number) => KINDS[kind].addLine(server, number)));
}

/** Replays each line from the events, which report every change after it is committed. */
class QueueWatch {
  /** Ids of items that were assigned before their turn. */
  readonly outOfOrder: string[] = [];
  /** How many times an item went back to its line. */
  takenBack = 0;
  /** Resolves when as many items as expected are completed. */
  readonly allCompleted: Promise<void>;
  readonly #statuses: { waiting: string; assigned: string };
  readonly #created = new Map<string, string[]>();
  readonly #waiting = new Map<string, Set<string>>();

  constructor(server: OpikLocalParts, kind: KindName, expected: number) {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.allCompleted = promise;
    this.#statuses = KINDS[kind].statuses;
    let completed = 0;
    KINDS[kind].follow(server, (change) => {
      this.#replay(change);
      if (change.status === "completed") completed += 1;
      if (completed === expected) resolve();
    });
  }

  /** Ids of a line's items in the order of creation. */
  createdIn(line: string): string[] {
    return this.#created.get(line) ?? [];
  }

  #replay({ line, id, isNew, status }: Change): void {
    const created = this.#created.get(line) ?? [];
    const waiting = this.#waiting.get(line) ?? new Set();
    this.#created.set(line, created);
    this.#waiting.set(line, waiting);
    if (isNew) created.push(id);
    if (status === this.#statuses.waiting) {
      if (!isNew) this.takenBack += 1;
      waiting.add(id);
    }
    if (status === this.#statuses.assigned) {
      if (created.find((one) => waiting.has(one)) !== id) this.outOfOrder.push(id);
      waiting.delete(id);
    }
  }
}
