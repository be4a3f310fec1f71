import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { EXECUTABLE } from "../src/build/paths.ts";

/** The suite that breaks answers and demands that the conformance cases notice. */
const SEEN_FAILING = "test/conformance/mutants/*.test.ts";

/** The suite that compares whole answers of two servers. */
const LOCKSTEP = "test/conformance/lockstep/*.test.ts";

/** Tests of a whole process (its signals, its working directory, its exit), and one that replaces a module of all stores. */
const PROCESS = ["test/cli/**/*.test.ts", "test/database/tables.test.ts"];

/**
 * Tests of an SDK in the process of the test: the SDK keeps its client and what it has traced in global variables, so
 * each of these files has a process of its own.
 */
const SDK = ["configuration", "datasets", "library", "otel", "python-replay", "records", "scripted", "tracing"].map(
  (name) => `test/e2e/${name}.test.ts`,
);

/** After this a test hangs. It is far above what a test takes, because a busy machine may be ten times slower than a calm one. */
const HANG_MS = 120_000;

/** The same for a condition that is awaited: sooner, so that the test says which one it is. */
const POLL = { interval: 20, timeout: 90_000 };

/** Suites that start several processes each, and wait for them: after all others, more of them than processors. */
const OF_PROCESSES = {
  sequence: { groupOrder: 1 },
  maxWorkers: 4,
  testTimeout: 3 * HANG_MS,
  hookTimeout: 3 * HANG_MS,
  expect: { poll: { interval: 50, timeout: 2 * POLL.timeout } },
};

export default defineConfig({
  root: fileURLToPath(new URL("..", import.meta.url)),
  test: {
    // Processes, not threads: some tests look at signals, open handles and the working directory.
    pool: "forks",
    maxWorkers: 2,
    // Of tests that ask for it: conformance cases that wait in real time (test/conformance/servers.ts).
    maxConcurrency: 100,
    // The projects, and the runs of `.ci/run`, compile each source once.
    experimental: { fsModuleCache: true },
    restoreMocks: true,
    setupFiles: ["test/support/property-seed.ts"],
    unstubEnvs: true,
    hookTimeout: HANG_MS,
    expect: { poll: POLL },
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/e2e/**", "test/bench/**", SEEN_FAILING, LOCKSTEP, ...PROCESS],
          // The files of a worker load the sources once: no module of ours has state that changes, two servers in one process
          // never meet, and each test is asked what it has left in its process (test/support/leaks.ts).
          isolate: false,
          testTimeout: HANG_MS,
        },
      },
      {
        extends: true,
        test: {
          name: "unit-process",
          include: PROCESS,
          testTimeout: HANG_MS,
        },
      },
      {
        extends: true,
        test: {
          // Not part of unit: it plays every conformance case a second time, and some more often.
          name: "mutants",
          include: [SEEN_FAILING],
          testTimeout: HANG_MS,
        },
      },
      {
        extends: true,
        test: {
          name: "lockstep",
          include: [LOCKSTEP],
          testTimeout: HANG_MS,
        },
      },
      {
        extends: true,
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          exclude: ["test/e2e/samples/**", ...SDK],
          globalSetup: ["test/e2e/global-setup.ts"],
          // As in unit.
          isolate: false,
          ...OF_PROCESSES,
        },
      },
      {
        extends: true,
        test: {
          name: "e2e-sdk",
          include: SDK,
          globalSetup: ["test/e2e/global-setup.ts"],
          ...OF_PROCESSES,
        },
      },
      {
        extends: true,
        test: {
          // The single executable instead of the built package.
          name: "binary",
          include: ["binary", "cli", "container", "lost-parts", "crash"].map((name) => `test/e2e/${name}.test.ts`),
          env: { OPIK_LOCAL_TEST_BINARY: EXECUTABLE },
          ...OF_PROCESSES,
        },
      },
    ],
  },
});
