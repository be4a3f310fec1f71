import { once } from "node:events";
import { connect } from "node:net";
import { expect, onTestFinished, test, vi } from "vitest";
import { settled } from "../../../support/leaks.ts";
import { createProject, expectStatus, pairRunner, registerAgents } from "../../../support/pairing.ts";
import { startTestServer, type TestServer } from "../../../support/server.ts";

const OWNER = { workspace: "default", user: "admin" };
const RUNNERS = "/v1/private/local-runners";

/** A server whose runner runs a job that was cancelled. */
async function startWithCancellation(): Promise<{
  world: TestServer;
  heartbeats: string;
  jobId: string;
  /** The answer to a heartbeat of this sender. */
  beat(capabilities: string[]): Promise<unknown>;
}> {
  const world = await startTestServer();
  const { call, server } = world;
  const projectId = await createProject(call, "cancellations");
  const runnerId = await pairRunner(call, { projectId });
  await registerAgents(call, runnerId, { echo: {} });
  const created = await call("POST", `${RUNNERS}/jobs`, { body: { agent_name: "echo", project_id: projectId } });
  const jobId = expectStatus(created, 201).headers.location?.split("/").at(-1) ?? "";
  await call("POST", `${RUNNERS}/${runnerId}/jobs/next`);
  server.opik.jobs.cancel(OWNER, jobId);
  const heartbeats = `${RUNNERS}/${runnerId}/heartbeats`;
  return {
    world,
    heartbeats,
    jobId,
    beat: async (capabilities) => (await call("POST", heartbeats, { body: { capabilities } })).json,
  };
}

test("a cancellation whose answer was not read is reported with the next heartbeat", async () => {
  const { world, heartbeats, jobId, beat } = await startWithCancellation();
  const service = world.server.opik.heartbeats;
  const socket = connect(Number(new URL(world.url).port), "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  await once(socket, "connect");
  const answer = service.beat.bind(service);
  const answered = vi.spyOn(service, "beat").mockImplementationOnce((...request) => {
    // The client leaves in the moment of the answer.
    socket.destroy();
    return answer(...request);
  });
  const takeBack = vi.spyOn(service, "takeBack");
  socket.write(`POST ${heartbeats} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n`);
  await settled(() => takeBack.mock.calls.length > 0);
  expect(answered.mock.results).toMatchObject([{ value: { cancelled_job_ids: [jobId] } }]);
  expect(await beat([])).toEqual({ cancelled_job_ids: [jobId] });
  expect(await beat([])).toEqual({ cancelled_job_ids: [] });
});

test("a cancellation is taken back from the sender that did not read it, and from no other", async () => {
  const { world, jobId, beat } = await startWithCancellation();
  expect(await beat([])).toEqual({ cancelled_job_ids: [jobId] });
  expect(await beat(["jobs"])).toEqual({ cancelled_job_ids: [jobId] });
  world.server.opik.heartbeats.takeBack({ capabilities: ["jobs"] }, [jobId]);
  expect(await beat([])).toEqual({ cancelled_job_ids: [] });
  expect(await beat(["jobs"])).toEqual({ cancelled_job_ids: [jobId] });
});
