import { expect, test } from "vitest";
import { startRun } from "../../executor.ts";
import { createStraitWorld } from "../../world.ts";

test("a request without a token does not learn which paths exist under a run", async () => {
  await using world = createStraitWorld();
  const executor = await startRun(world);
  for (const [method, path] of [
    ["GET", "/nothing"],
    ["PUT", "/log"],
    ["POST", "/nothing/at/all"],
  ] as const) {
    const stranger = await world.call(method, `/sdk/v1/runs/${executor.runId}${path}`);
    expect([stranger.status, stranger.json.error.message]).toEqual([401, "missing or invalid authorization header"]);
  }
  const unknown = await executor.sdk("GET", "/nothing");
  expect([unknown.status, unknown.text]).toEqual([404, "404 page not found\n"]);
  const wrongMethod = await executor.sdk("PUT", "/log");
  expect([wrongMethod.status, wrongMethod.text]).toEqual([405, ""]);
});
