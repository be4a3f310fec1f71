import { expect, test } from "vitest";
import type { Caller } from "../support/call.ts";
import { fillDisk, freeDisk } from "../support/full-disk.ts";
import { createProject, expectStatus, pairRunner, registerAgents } from "../support/pairing.ts";
import { startTestServer } from "../support/server.ts";

const RUNNERS = "/v1/private/local-runners";

/** Creates jobs with large inputs until one is refused. Returns the ids of the others, and the refusal. */
async function createUntilRefused(call: Caller, projectId: string) {
  const body = { agent_name: "echo", project_id: projectId, inputs: { text: "x".repeat(20_000) } };
  const created: string[] = [];
  for (;;) {
    const reply = await call("POST", `${RUNNERS}/jobs`, { body });
    if (reply.status !== 201) return { created, refusal: reply };
    created.push(reply.headers.location?.split("/").at(-1) ?? "");
  }
}

test("on a full disk a request fails as a whole, nothing acknowledged is lost, and requests succeed when there is space again", async () => {
  const { call, server, seen } = await startTestServer();
  const projectId = await createProject(call, "full");
  const runnerId = await pairRunner(call, { projectId });
  await registerAgents(call, runnerId, { echo: {} });
  fillDisk(server.database, 20);
  seen.length = 0;

  const { created, refusal } = await createUntilRefused(call, projectId);
  expect(created.length).toBeGreaterThan(0);
  expect(refusal.status).toBe(500);
  expect(refusal.json).toEqual({
    code: 500,
    message: expect.stringMatching(
      /^There was an error processing your request\. It has been logged \(ID [0-9a-f]{16}\)\.$/,
    ) as string,
  });
  expect(seen.filter(({ name }) => name === "http:request:failed").map(({ payload }) => payload)).toEqual([
    expect.objectContaining({ path: `${RUNNERS}/jobs`, error: expect.objectContaining({ code: "SQLITE_FULL" }) }),
  ]);
  expect(seen.filter(({ name }) => name === "job:status:changed")).toHaveLength(created.length);

  freeDisk(server.database);
  const listed = await call("GET", `${RUNNERS}/${runnerId}/jobs?size=100`);
  expect((listed.json as { content: Array<{ id: string }> }).content.map(({ id }) => id)).toEqual(created.toReversed());
  expectStatus(await call("POST", `${RUNNERS}/jobs`, { body: { agent_name: "echo", project_id: projectId } }), 201);
  const next = await call("POST", `${RUNNERS}/${runnerId}/jobs/next`);
  expect(next.json).toMatchObject({ id: created[0], status: "running" });
});
