import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { onTestFinished } from "vitest";
import type { Caller, Reply } from "./call.ts";
import { createProject, expectStatus, pairRunner, registerAgents } from "./pairing.ts";

/** What a poll is answered with once: a job, a bridge command or a worker's run. */
export interface Assignable {
  /** The path that is polled. */
  pollPath: string;
  /** The status before it is assigned, and after. */
  statuses: { waiting: string; assigned: string };
  /** Makes one that waits. Returns its id. */
  create(call: Caller): Promise<string>;
  status(call: Caller, id: string): Promise<string>;
  /** The id in the answer of a poll; `undefined` when there was none. */
  idIn(answer: unknown): string | undefined;
  /** Reports as the client that has read the answer that it is at work, where the API has such a report. */
  report?(call: Caller, id: string, answer: unknown): Promise<Reply>;
  /** Reports as the client that has read the answer that it is done. */
  complete(call: Caller, id: string, answer: unknown): Promise<Reply>;
}

const RUNNERS = "/v1/private/local-runners";

/** By name, how to make a server ready for each; the same server, or the next one on its database, may then be called. */
export const ASSIGNABLES = { job: jobs, "bridge command": commands, "worker run": workerRuns } as const;

async function jobs(call: Caller): Promise<Assignable> {
  const projectId = await createProject(call, "jobs");
  const runnerId = await pairRunner(call, { projectId });
  await registerAgents(call, runnerId, { echo: {} });
  const report = (caller: Caller, id: string, status: string) =>
    caller("POST", `${RUNNERS}/jobs/${id}/results`, { body: { status } });
  return {
    pollPath: `${RUNNERS}/${runnerId}/jobs/next`,
    statuses: { waiting: "pending", assigned: "running" },
    create: async (caller) => {
      const body = { agent_name: "echo", project_id: projectId };
      const created = expectStatus(await caller("POST", `${RUNNERS}/jobs`, { body }), 201);
      return created.headers.location!.split("/").at(-1)!;
    },
    status: async (caller, id) => statusIn(await caller("GET", `${RUNNERS}/jobs/${id}`)),
    idIn: (answer) => (answer as { id: string } | null)?.id,
    report: (caller, id) => report(caller, id, "running"),
    complete: (caller, id) => report(caller, id, "completed"),
  };
}

async function commands(call: Caller): Promise<Assignable> {
  const projectId = await createProject(call, "commands");
  const runnerId = await pairRunner(call, { projectId, type: "connect" });
  const body = { capabilities: ["bridge"] };
  expectStatus(await call("POST", `${RUNNERS}/${runnerId}/heartbeats`, { body }), 200);
  const path = `${RUNNERS}/${runnerId}/bridge/commands`;
  return {
    pollPath: `${path}/next`,
    statuses: { waiting: "pending", assigned: "picked_up" },
    create: async (caller) => {
      const created = expectStatus(await caller("POST", path, { body: { type: "ReadFile", args: {} } }), 201);
      return (created.json as { command_id: string }).command_id;
    },
    status: async (caller, id) => statusIn(await caller("GET", `${path}/${id}`)),
    idIn: (answer) => (answer as { commands: Array<{ command_id: string }> }).commands[0]?.command_id,
    complete: (caller, id) => caller("POST", `${path}/${id}/results`, { body: { status: "completed", result: {} } }),
  };
}

async function workerRuns(call: Caller): Promise<Assignable> {
  const definition = { name: "worker", slug: "worker", execution_mode: "worker", queue_name: "assigned" };
  const job = expectStatus(await call("POST", "/v1/jobs", { body: definition }), 201).json as { id: string };
  const report = (caller: Caller, path: string, answer: unknown) => {
    const { run_token } = answer as { run_token: string };
    return caller("POST", `/sdk/v1/runs/${path}`, { body: {}, headers: { authorization: `Bearer ${run_token}` } });
  };
  return {
    pollPath: "/__local/runs/next?queue=assigned",
    statuses: { waiting: "queued", assigned: "executing" },
    create: async (caller) => {
      const triggered = expectStatus(await caller("POST", `/v1/jobs/${job.id}/trigger`, { body: {} }), 201);
      return (triggered.json as { id: string }).id;
    },
    status: async (caller, id) => statusIn(await caller("GET", `/v1/runs/${id}`)),
    idIn: (answer) => (answer as { run: { id: string } } | null)?.run.id,
    report: (caller, id, answer) => report(caller, `${id}/heartbeat`, answer),
    complete: (caller, id, answer) => report(caller, `${id}/complete`, answer),
  };
}

function statusIn(reply: Reply): string {
  return (expectStatus(reply, 200).json as { status: string }).status;
}

/** A connection that is opened for one poll and kept open; the test ends it. */
export interface PollingConnection {
  socket: Socket;
  /** Reads the answer of the last poll, as JSON. */
  read(): Promise<unknown>;
  /** Sends another poll on the same connection. */
  poll(): void;
}

/** Polls on a connection of its own, whose answers are not read before `read`. */
export async function pollOnConnection(baseUrl: string, path: string): Promise<PollingConnection> {
  const socket = connect(Number(new URL(baseUrl).port), "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  // A killed server resets its connections.
  socket.on("error", () => undefined);
  await once(socket, "connect");
  socket.pause();
  const poll = (): void => void socket.write(`POST ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  poll();
  return {
    socket,
    poll,
    read: async () => {
      let text = "";
      while (!/\r\n\r\n.*[}\]]|null/s.test(text)) {
        const [data] = (await once(socket.resume(), "data")) as [Buffer];
        text += data.toString("utf8");
      }
      return JSON.parse(text.slice(text.indexOf("\r\n\r\n") + 4)) as unknown;
    },
  };
}
