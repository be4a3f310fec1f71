#!/usr/bin/env node
// Has to be understood by every Node since 12, so that an old one gets the sentence below and not a syntax
// error: no static imports, no top-level await, nothing newer than ES2019.

const MINIMUM = [22, 14, 0];
const MINIMUM_NODE_API = 10;

/** @returns {string | undefined} why this Node cannot run opik-local */
function refusal() {
  const installed = process.versions.node.split(".").map(Number);
  const differing = MINIMUM.findIndex((wanted, position) => installed[position] !== wanted);
  const isOld = differing !== -1 && installed[differing] < MINIMUM[differing];
  // With an older Node-API the SQLite binding crashes without a word as soon as a database is opened.
  const nodeApi = Number(process.versions.napi || 0);
  if (!isOld && nodeApi >= MINIMUM_NODE_API) return undefined;
  return (
    `opik-local needs Node.js ${MINIMUM.join(".")} or later with Node-API ${MINIMUM_NODE_API}, but this is ` +
    `Node.js ${process.versions.node} with Node-API ${nodeApi}: install a newer Node.js, or run ` +
    "`npx -p node@24 -p opik-local opik-local dev`."
  );
}

async function run() {
  let caches;
  try {
    // What was compiled once is read from a cache by the next start; without it, the start is only slower.
    caches = (await import("node:module")).enableCompileCache().directory;
  } catch {
    // An unwritable cache folder is no reason not to start.
  }
  const { loadProgram } = (await import("../dist/start.cjs")).default;
  return loadProgram(process.argv[2], caches).main(process.argv.slice(2));
}

const reason = refusal();
if (reason === undefined) {
  run().then(
    (code) => {
      process.exitCode = code;
    },
    (error) => {
      // Only in a clone: the published package comes built.
      const isUnbuilt = error.code === "ERR_MODULE_NOT_FOUND" && String(error.url).endsWith("/dist/start.cjs");
      console.error(isUnbuilt ? "opik-local is not built yet: run `npm run build` in its folder." : error);
      process.exitCode = 1;
    },
  );
} else {
  console.error(reason);
  process.exitCode = 1;
}
