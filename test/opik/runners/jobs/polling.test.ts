import { expect, test } from "vitest";
import { startTestServer } from "../../../support/server.ts";

const OWNER = { workspace: "default", user: "admin" };
const RUNNER = "0198c0de-0000-7000-8000-000000000001";
const POLL_MS = 5_000;

test("a runner begins to poll once, until none of its polls was open for the time of one", async () => {
  const { server, seen, call, clock, untilPollsHeld } = await startTestServer({ nextJobPollTimeoutMs: POLL_MS });
  const { opik } = server;
  const projectId = opik.projects.getOrCreate(OWNER, "shop");
  opik.runners.activate(OWNER, { id: RUNNER, projectId, type: "endpoint", name: "laptop" });
  const begun = (): unknown[] => seen.filter(({ name }) => name === "runner:polling").map(({ payload }) => payload);
  const poll = async (): Promise<void> => {
    const answer = call("POST", `/v1/private/local-runners/${RUNNER}/jobs/next`);
    await untilPollsHeld(1);
    await clock.advance(POLL_MS);
    await answer;
  };
  expect(begun()).toEqual([]);
  await poll();
  await poll();
  expect(begun()).toEqual([
    { id: RUNNER, name: "laptop", type: "endpoint", project_id: projectId, workspace: "default" },
  ]);
  await clock.advance(POLL_MS + 1);
  await poll();
  expect(begun()).toHaveLength(2);
});
