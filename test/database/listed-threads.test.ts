import SqliteConnection from "better-sqlite3";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { migrate, readMigrations } from "../../src/database/migrate.ts";
import { COUNTS } from "./expected-counts.ts";

const PROJECTS = ["project 0", "project 1"];
const TIMES = [0, 299_999, 300_000, 3_500_000];

/** Adds a trace, or moves the one with its id to another thread or project, as batches do. */
const WRITE_TRACE = `INSERT INTO traces (id, workspace, project_id, thread_id, created_at, created_by, last_updated_at,
    last_updated_by, versions_json)
  VALUES (:trace, 'default', :project, :thread, 0, 'admin', '', 'admin', '{}')
  ON CONFLICT (workspace, id) DO UPDATE SET project_id = excluded.project_id, thread_id = excluded.thread_id`;

/** Adds a thread, or changes it. */
const WRITE_THREAD = `INSERT INTO trace_threads (workspace, id, project_id, thread_id, status, created_at, created_by,
    last_updated_at, last_updated_by)
  VALUES ('default', :model, :project, :thread, 'active', 0, 'admin', :time, 'admin')
  ON CONFLICT (workspace, project_id, thread_id) DO UPDATE SET last_updated_at = excluded.last_updated_at`;

const STATEMENTS = {
  writeTrace: WRITE_TRACE,
  deleteTrace: "DELETE FROM traces WHERE id = :trace",
  writeThread: WRITE_THREAD,
  deleteThread: "DELETE FROM trace_threads WHERE project_id = :project AND thread_id = :thread",
} as const;

/** A write, with the values that its statement may need. */
interface Write {
  kind: keyof typeof STATEMENTS;
  trace: string;
  project: string;
  thread: string | null;
  time: number;
}

const aWrite: fc.Arbitrary<Write> = fc.record({
  kind: fc.constantFrom<Write["kind"][]>(
    "writeTrace",
    "writeTrace",
    "writeThread",
    "writeThread",
    "deleteTrace",
    "deleteThread",
  ),
  trace: fc.constantFrom("trace 0", "trace 1"),
  project: fc.constantFrom(...PROJECTS),
  thread: fc.constantFrom("thread 0", "thread 0", "thread 1", "", null),
  time: fc.constantFrom(...TIMES),
});

function open(migrations = readMigrations()): SqliteConnection.Database {
  const sqlite = new SqliteConnection(":memory:");
  onTestFinished(() => void sqlite.close());
  migrate(sqlite, migrations);
  return sqlite;
}

/** @returns a function that runs a write; the number makes the id of a new thread */
function writerOf(sqlite: SqliteConnection.Database): (write: Write, number: number) => void {
  const statements = new Map(Object.entries(STATEMENTS).map(([kind, sql]) => [kind, sqlite.prepare(sql)]));
  return ({ kind, ...values }, number) => {
    if (kind === "writeThread" && !values.thread) return;
    statements.get(kind)!.run({ ...values, model: `model ${number}` });
  };
}

/** @returns a function that expects that the threads that have traces are marked, and counted */
function listingOf(sqlite: SqliteConnection.Database): () => void {
  const marked = sqlite.prepare("SELECT id FROM trace_threads WHERE has_traces = 1 ORDER BY id").pluck();
  const expected = sqlite
    .prepare(
      "SELECT DISTINCT m.id FROM trace_threads m JOIN traces USING (workspace, project_id, thread_id) ORDER BY 1",
    )
    .pluck();
  const [counted, kept] = COUNTS.trace_thread_blocks.map((sql) => sqlite.prepare(sql));
  return () => {
    expect(marked.all()).toEqual(expected.all());
    expect(kept!.all()).toEqual(counted!.all());
  };
}

test("a thread is listed and counted as long as it has traces", () => {
  const sqlite = open();
  const write = writerOf(sqlite);
  const expectListed = listingOf(sqlite);
  fc.assert(
    fc.property(fc.array(aWrite, { minLength: 40, maxLength: 40 }), (writes) => {
      for (const [number, one] of writes.entries()) {
        write(one, number);
        expectListed();
      }
      sqlite.exec("DELETE FROM traces");
      expectListed();
      sqlite.exec("DELETE FROM trace_threads");
    }),
    { numRuns: 50 },
  );
});

test("threads of an older file that have traces are listed and counted", () => {
  const migrations = readMigrations();
  const before = migrations.findIndex(({ name }) => name.endsWith("_listed_threads.sql"));
  const sqlite = open(migrations.slice(0, before));
  const write = writerOf(sqlite);
  for (const [number, project] of PROJECTS.entries()) {
    for (const thread of ["thread 0", "thread 1"]) {
      const place = { project, thread, trace: `trace ${number}` };
      write({ kind: "writeTrace", ...place, time: 0 }, 0);
      for (const time of TIMES) write({ kind: "writeThread", ...place, time }, number * 10 + Number(thread.at(-1)));
    }
  }
  migrate(sqlite, migrations);
  listingOf(sqlite)();
  const marks = sqlite.prepare("SELECT thread_id, has_traces FROM trace_threads ORDER BY 1, project_id").raw();
  // Each trace moved from the first thread to the second one.
  expect(marks.all()).toEqual([
    ["thread 0", 0],
    ["thread 0", 0],
    ["thread 1", 1],
    ["thread 1", 1],
  ]);
});
