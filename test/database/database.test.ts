import { describe, expect, onTestFinished, test } from "vitest";
import { EventBus } from "../../src/core/events.ts";
import { openDatabase } from "../../src/database/open.ts";
import { fillDisk, freeDisk } from "../support/full-disk.ts";

interface Events {
  "thing:happened": number;
}

/** A database in memory with one table, and what its listeners saw. */
function createDatabase() {
  const events = new EventBus<Events>({
    now: () => 0,
    onListenerError: (error) => {
      throw error;
    },
  });
  const database = openDatabase({ path: ":memory:", durability: "normal", events, now: new Date(0) });
  onTestFinished(() => database.close());
  database.prepare("CREATE TABLE things (n INTEGER PRIMARY KEY) STRICT").run();
  const insert = database.prepare<[number]>("INSERT INTO things VALUES (?)");
  const all = database.prepare<[], number>("SELECT n FROM things ORDER BY n").pluck();
  const seen: Array<{ payload: number; stored: number[] }> = [];
  events.on("thing:happened", (payload) => seen.push({ payload, stored: all.all() }));
  return { database, events, seen, add: (n: number) => insert.run(n), stored: () => all.all() };
}

describe("a transaction", () => {
  test("keeps all of it and returns its result", () => {
    const { database, add, stored } = createDatabase();
    const result = database.transaction(() => {
      add(1);
      add(2);
      return "done";
    });
    expect(result).toBe("done");
    expect(stored()).toEqual([1, 2]);
  });

  test("is rolled back when it throws, and throws the same error", () => {
    const { database, add, stored } = createDatabase();
    const work = (): void => {
      add(1);
      throw new Error("no");
    };
    expect(() => database.transaction(work)).toThrow("no");
    expect(stored()).toEqual([]);
    database.transaction(() => add(2));
    expect(stored()).toEqual([2]);
  });

  test("keeps nothing of it when the database refuses a part", () => {
    const { database, add, stored } = createDatabase();
    const work = (): void => {
      add(1);
      add(1);
    };
    expect(() => database.transaction(work)).toThrow("UNIQUE");
    expect(stored()).toEqual([]);
  });

  test("emits its events only after it is committed", () => {
    const { database, events, add, seen } = createDatabase();
    database.transaction(() => {
      events.emit("thing:happened", 1);
      add(1);
      events.emit("thing:happened", 2);
      add(2);
      expect(seen).toEqual([]);
    });
    expect(seen).toEqual([
      { payload: 1, stored: [1, 2] },
      { payload: 2, stored: [1, 2] },
    ]);
  });

  test("emits no events when it is rolled back", () => {
    const { database, events, seen } = createDatabase();
    const work = (): void => {
      events.emit("thing:happened", 1);
      throw new Error("no");
    };
    expect(() => database.transaction(work)).toThrow("no");
    events.emit("thing:happened", 2);
    expect(seen.map(({ payload }) => payload)).toEqual([2]);
  });

  test("inside of another is a part of that one", () => {
    const { database, events, add, seen, stored } = createDatabase();
    database.transaction(() => {
      database.transaction(() => {
        add(1);
        events.emit("thing:happened", 1);
      });
      expect(seen).toEqual([]);
      add(2);
    });
    expect(seen).toEqual([{ payload: 1, stored: [1, 2] }]);
    const work = (): void => {
      database.transaction(() => add(3));
      throw new Error("no");
    };
    expect(() => database.transaction(work)).toThrow("no");
    expect(stored()).toEqual([1, 2]);
  });

  test("may be begun by a listener to the event of another", () => {
    const { database, events, add, stored } = createDatabase();
    events.on("thing:happened", (n) => void database.transaction(() => add(n)));
    database.transaction(() => events.emit("thing:happened", 5));
    expect(stored()).toEqual([5]);
  });

  test("on a full disk is rolled back, emits no events and leaves the database usable", () => {
    const { database, events, seen } = createDatabase();
    fillDisk(database);
    const insertMany = database.prepare(
      "INSERT INTO things WITH RECURSIVE n(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM n LIMIT 100000) SELECT n FROM n",
    );
    const work = (): void => {
      events.emit("thing:happened", 1);
      insertMany.run();
    };
    expect(() => database.transaction(work)).toThrow("full");
    expect(seen).toEqual([]);
    freeDisk(database);
    database.transaction(() => insertMany.run());
    expect(database.prepare<[], number>("SELECT count(*) FROM things").pluck().get()).toBe(100_000);
  });
});

describe("an attempt", () => {
  test("that throws takes its rows and events along and leaves the others, before and after it", () => {
    const { database, events, add, seen, stored } = createDatabase();
    const addAndTell = (n: number): void => {
      add(n);
      events.emit("thing:happened", n);
    };
    const addAndFail = (n: number): void => {
      addAndTell(n);
      throw new Error(`not ${n}`);
    };
    database.transaction(() => {
      addAndTell(1);
      expect(() => database.attempt(() => addAndFail(2))).toThrow("not 2");
      database.attempt(() => addAndTell(3));
      addAndTell(4);
      expect(seen).toEqual([]);
    });
    expect(stored()).toEqual([1, 3, 4]);
    expect(seen.map(({ payload }) => payload)).toEqual([1, 3, 4]);
  });

  test("inside of another is kept only together with that one", () => {
    const { database, add, stored } = createDatabase();
    database.transaction(() => {
      const outer = (): void => {
        database.attempt(() => add(1));
        throw new Error("no");
      };
      expect(() => database.attempt(outer)).toThrow("no");
      database.attempt(() => {
        expect(() => database.attempt(outer)).toThrow("no");
        add(2);
      });
    });
    expect(stored()).toEqual([2]);
  });

  test("is undone with its transaction", () => {
    const { database, events, add, seen, stored } = createDatabase();
    const work = (): void => {
      database.attempt(() => {
        add(1);
        events.emit("thing:happened", 1);
      });
      throw new Error("no");
    };
    expect(() => database.transaction(work)).toThrow("no");
    expect(stored()).toEqual([]);
    events.emit("thing:happened", 2);
    expect(seen.map(({ payload }) => payload)).toEqual([2]);
  });

  test("without a transaction is one, and returns its result", () => {
    const { database, events, add, seen } = createDatabase();
    const result = database.attempt(() => {
      events.emit("thing:happened", 1);
      add(1);
      return database.attempt(() => "done");
    });
    expect(result).toBe("done");
    expect(seen).toEqual([{ payload: 1, stored: [1] }]);
  });

  test("does not count as a commit", () => {
    const { database, add } = createDatabase();
    let commits = 0;
    database.onCommit(() => (commits += 1));
    database.transaction(() => {
      database.attempt(() => add(1));
      expect(commits).toBe(0);
    });
    expect(commits).toBe(1);
  });
});

test("a commit calls all of its listeners, in their order", () => {
  const { database, add } = createDatabase();
  const called: string[] = [];
  database.onCommit(() => called.push("first"));
  database.onCommit(() => called.push("second"));
  database.transaction(() => add(1));
  expect(called).toEqual(["first", "second"]);
});

test("closing twice is as good as once", () => {
  const { database } = createDatabase();
  database.close();
  expect(() => database.close()).not.toThrow();
});
