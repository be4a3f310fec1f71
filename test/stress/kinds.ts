import { uuidFromName } from "../../src/core/ids.ts";
import type { OpikLocalParts } from "../../src/server.ts";

/** The kinds of items that polls are answered with once. */
export type KindName = "job" | "bridge command" | "worker run";

/** Where the items of one runner or worker queue are created and polled for. */
export interface Line {
  name: string;
  createPath: string;
  createBody: object;
  pollPath: string;
  pollBody: object;
}

/** An item was created or has another status. */
export interface Change {
  /** The name of its line. */
  line: string;
  id: string;
  isNew: boolean;
  status: string;
}

interface Kind {
  /** The status of an item that waits for a poll, and of one that is assigned. */
  statuses: { waiting: string; assigned: string };
  /** Makes a line with nothing in it. */
  addLine(server: OpikLocalParts, number: number): Promise<Line>;
  /** Calls `listener` after each change. */
  follow(server: OpikLocalParts, listener: (change: Change) => void): void;
}

const OWNER = { workspace: "default", user: "admin" };
const RUNNERS = "/v1/private/local-runners";

export const KINDS: Readonly<Record<KindName, Kind>> = {
  job: {
    statuses: { waiting: "pending", assigned: "running" },
    addLine: async (server, number) => {
      const { id, projectId } = addRunner(server, number, "endpoint");
      await post(server, `${RUNNERS}/${id}/agents`, { echo: {} }, "PUT");
      return {
        name: id,
        createPath: `${RUNNERS}/jobs`,
        createBody: { agent_name: "echo", project_id: projectId },
        pollPath: `${RUNNERS}/${id}/jobs/next`,
        pollBody: {},
      };
    },
    follow: ({ events }, listener) => {
      events.on("job:status:changed", ({ job: { id, runner_id: line, status }, from }) =>
        listener({ line, id, status, isNew: from === undefined }),
      );
    },
  },
  "bridge command": {
    statuses: { waiting: "pending", assigned: "picked_up" },
    addLine: async (server, number) => {
      const { id } = addRunner(server, number, "connect");
      await post(server, `${RUNNERS}/${id}/heartbeats`, { capabilities: ["bridge"] });
      const commands = `${RUNNERS}/${id}/bridge/commands`;
      return {
        name: id,
        createPath: commands,
        createBody: { type: "ReadFile", args: {} },
        pollPath: `${commands}/next`,
        pollBody: { max_commands: 1 },
      };
    },
    follow: ({ events }, listener) => {
      events.on("bridge:command:changed", ({ command: { command_id: id, runner_id: line, status }, from }) =>
        listener({ line, id, status, isNew: from === undefined }),
      );
    },
  },
  "worker run": {
    statuses: { waiting: "queued", assigned: "executing" },
    addLine: async (server, number) => {
      const name = `queue-${number}`;
      const definition = { name, slug: name, execution_mode: "worker", queue_name: name };
      const { id } = (await post(server, "/v1/jobs", definition)) as { id: string };
      return {
        name,
        createPath: `/v1/jobs/${id}/trigger`,
        createBody: {},
        pollPath: `/__local/runs/next?queue=${name}`,
        pollBody: {},
      };
    },
    follow: ({ events }, listener) => {
      events.on("run:created", ({ run: { id, queue_name, status } }) =>
        listener({ line: queue_name ?? "", id, status, isNew: true }),
      );
      events.on("run:status:changed", ({ run: { id, queue_name, status } }) =>
        listener({ line: queue_name ?? "", id, status, isNew: false }),
      );
    },
  },
};

/** Creates an item without a connection. Returns its id. */
export async function createItem(server: OpikLocalParts, { createPath, createBody }: Line): Promise<string> {
  const created = (await post(server, createPath, createBody)) as { location: string } | { id: string };
  return "id" in created ? created.id : created.location.split("/").at(-1)!;
}

/** Adds a runner that stays connected, of a project of its own. */
function addRunner(server: OpikLocalParts, number: number, type: "endpoint" | "connect") {
  const id = uuidFromName("runner", String(number));
  const projectId = uuidFromName("project", String(number));
  server.opik.runners.activate(OWNER, { id, projectId, type, name: id, keepAlive: true });
  return { id, projectId };
}

/** @returns the answer's `Location` when it has one, else its body */
async function post(server: OpikLocalParts, path: string, body: object, method = "POST"): Promise<unknown> {
  const headers = { "content-type": "application/json" };
  const answer = await server.request(path, { method, headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path} was answered with ${answer.status}: ${await answer.text()}`);
  const location = answer.headers.get("location");
  if (location !== null) return { location };
  return answer.status === 204 ? undefined : await answer.json();
}
