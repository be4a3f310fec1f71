import { once } from "node:events";
import { connect, type Socket } from "node:net";
import * as v from "valibot";
import { describe, expect, onTestFinished, test } from "vitest";
import { createJobRequest, reportResultRequest } from "../../../../src/opik/runners/jobs/schema.ts";
import { settled } from "../../../support/leaks.ts";
import { createProject, expectStatus, pairRunner, registerAgents } from "../../../support/pairing.ts";
import { startTestServer, type TestServer } from "../../../support/server.ts";

const OWNER = { workspace: "default", user: "admin" };

/** A server with one runner, whose jobs are created by HTTP and polled for on raw sockets. */
async function startWithRunner(): Promise<{
  world: TestServer;
  runnerId: string;
  createJob(): Promise<string>;
  /** Without a turn of the event loop, in which a client could read its answer. */
  createJobAtOnce(): string;
  status(jobId: string): string;
  /** Sends a poll on a connection of its own and returns when the server holds it. */
  pollOnSocket(openPolls?: number): Promise<Socket>;
}> {
  const world = await startTestServer();
  const { call, server } = world;
  const projectId = await createProject(call, "delivery");
  const runnerId = await pairRunner(call, { projectId });
  await registerAgents(call, runnerId, { echo: {} });
  return {
    world,
    runnerId,
    createJob: async () => {
      const reply = await call("POST", "/v1/private/local-runners/jobs", {
        body: { agent_name: "echo", project_id: projectId },
      });
      return expectStatus(reply, 201).headers.location?.split("/").at(-1) ?? "";
    },
    createJobAtOnce: () =>
      server.opik.jobs.create(OWNER, v.parse(createJobRequest, { agent_name: "echo", project_id: projectId })),
    status: (jobId) => server.opik.jobs.get(OWNER, jobId).status,
    pollOnSocket: async (openPolls = 1) => {
      const { port } = new URL(world.url);
      const socket = connect(Number(port), "127.0.0.1");
      onTestFinished(() => void socket.destroy());
      await once(socket, "connect");
      socket.write(pollRequest(runnerId));
      await world.untilPollsHeld(openPolls);
      return socket;
    },
  };
}

function pollRequest(runnerId: string): string {
  return `POST /v1/private/local-runners/${runnerId}/jobs/next HTTP/1.1\r\nHost: localhost\r\n\r\n`;
}

async function firstData(socket: Socket): Promise<string> {
  const [data] = (await once(socket, "data")) as [Buffer];
  return data.toString("utf8");
}

describe("a job", () => {
  test("waits on when the poll's client leaves before there is one", async () => {
    const { world, createJob, status, pollOnSocket } = await startWithRunner();
    const socket = await pollOnSocket();
    socket.destroy();
    await world.untilPollsHeld(0);
    expect(status(await createJob())).toBe("pending");
  });

  test("goes to the next poll when the first one's client has left", async () => {
    const { world, createJob, pollOnSocket } = await startWithRunner();
    const gone = await pollOnSocket(1);
    const staying = await pollOnSocket(2);
    gone.destroy();
    const jobId = await createJob();
    expect(await firstData(staying)).toContain(jobId);
    await world.untilPollsHeld(0);
  });

  test("goes back to the head of its queue when the client leaves in the moment of the answer", async () => {
    const { world, runnerId, createJobAtOnce, status, pollOnSocket } = await startWithRunner();
    const socket = await pollOnSocket();
    const first = createJobAtOnce();
    await settled(() => status(first) === "running");
    const second = createJobAtOnce();
    socket.destroy();
    await settled(() => status(first) === "pending");
    expect([status(first), status(second)]).toEqual(["pending", "pending"]);
    const changes = world.seen.filter(({ name }) => name === "job:status:changed");
    expect(changes.map(({ payload }) => (payload as { job: { status: string } }).job.status)).toEqual([
      "pending",
      "running",
      "pending",
      "pending",
    ]);
    const next = await world.call("POST", `/v1/private/local-runners/${runnerId}/jobs/next`);
    expect(next.json).toMatchObject({ id: first, status: "running" });
  });

  test("is taken back with no trace of having been taken", async () => {
    const { world, createJobAtOnce, status, pollOnSocket } = await startWithRunner();
    const socket = await pollOnSocket();
    const jobId = createJobAtOnce();
    await settled(() => status(jobId) === "running");
    socket.destroy();
    await settled(() => status(jobId) === "pending");
    const { text } = await world.call("GET", `/v1/private/local-runners/jobs/${jobId}`);
    expect(text).not.toContain("started_at");
  });

  test.for(["end", "destroy"] as const)("stays with a client that read it and left (%s)", async (leave) => {
    const { world, createJob, status, pollOnSocket } = await startWithRunner();
    const socket = await pollOnSocket();
    const jobId = await createJob();
    expect(await firstData(socket)).toContain(jobId);
    const closed = once(socket, "close");
    socket[leave]();
    await closed;
    // A second poll is a round trip: by its end the server has seen the first connection close.
    const other = await pollOnSocket();
    expect(status(jobId)).toBe("running");
    other.destroy();
    await world.untilPollsHeld(0);
    expect(status(jobId)).toBe("running");
  });

  test("stays with a client that polled again on the same connection, and the next one is taken back", async () => {
    const { world, runnerId, createJob, createJobAtOnce, status, pollOnSocket } = await startWithRunner();
    const socket = await pollOnSocket();
    const first = await createJob();
    expect(await firstData(socket)).toContain(first);
    socket.write(pollRequest(runnerId));
    await world.untilPollsHeld(1);
    const second = createJobAtOnce();
    await settled(() => status(second) === "running");
    socket.destroy();
    await settled(() => status(second) === "pending");
    expect([status(first), status(second)]).toEqual(["running", "pending"]);
  });

  test("stays with a runner that has spoken of it, whatever became of the poll's connection", async () => {
    const { world, createJobAtOnce, status, pollOnSocket } = await startWithRunner();
    const socket = await pollOnSocket();
    const jobId = createJobAtOnce();
    await settled(() => status(jobId) === "running");
    world.server.opik.jobs.report(OWNER, jobId, v.parse(reportResultRequest, { status: "running" }));
    const closed = once(socket, "close");
    socket.destroy();
    await closed;
    const other = await pollOnSocket();
    expect(status(jobId)).toBe("running");
    other.destroy();
    await world.untilPollsHeld(0);
  });
});
