import { defineConfig } from "vitest/config";

// Node keeps what it has compiled: workers load Opik's SDK, 500 modules, in less time.
process.env["NODE_COMPILE_CACHE"] ??= "node_modules/.cache/node";

export default defineConfig({
  test: {
    // Opik's SDK takes what the agent prints from `process.stdout`, where vitest's own console does not write.
    disableConsoleIntercept: true,
    // The files of a worker share its server and the SDK, whose import takes a while.
    isolate: false,
    maxWorkers: 2,
    // Bounds a hang: the first test of a worker waits for the import of the SDK, too.
    testTimeout: 30_000,
  },
});
