import { Agent, request, type ClientRequest } from "node:http";
import type { KindName, Line } from "./kinds.ts";

/**
 * A process full of clients that poll, some of which leave at random moments. It is a process of its
 * own so that the leaving reaches the server through the operating system, at any moment of the server's work.
 *
 * The parent sends one `Assignment`; the process polls until it receives `"stop"` and then sends back a `Harvest`.
 */
export interface Assignment {
  kind: KindName;
  url: string;
  lines: Line[];
  pollersPerLine: number;
  itemsPerLine: number;
  /** Which part of the polls is given up before its answer, from 0 to 1. */
  abortShare: number;
}

/** What the pollers have seen. */
export interface Harvest {
  /** Ids of items whose answer was read to its end, in the order of reading. */
  read: string[];
  /** How many polls were given up. */
  aborted: number;
  /** Ids of the items that the server acknowledged, by the name of their line, in the order of creation. */
  created: Record<string, string[]>;
}

/** An item in the answer of a poll, and the report that completes it. */
interface Read {
  id: string;
  path: string;
  body: object;
  token?: string;
}

const RUNNERS = "/v1/private/local-runners";

/** What a poll was answered with, by kind. */
const READERS: Readonly<Record<KindName, (answer: never, line: Line) => Read[]>> = {
  job: (job: { id: string } | null) =>
    job === null ? [] : [{ id: job.id, path: `${RUNNERS}/jobs/${job.id}/results`, body: { status: "completed" } }],
  "bridge command": ({ commands }: { commands: Array<{ command_id: string }> }, { createPath }) =>
    commands.map(({ command_id: id }) => ({
      id,
      path: `${createPath}/${id}/results`,
      body: { status: "completed", result: {} },
    })),
  "worker run": (assigned: { run: { id: string }; run_token: string } | null) => {
    if (assigned === null) return [];
    const { run, run_token } = assigned;
    return [{ id: run.id, path: `/sdk/v1/runs/${run.id}/complete`, body: {}, token: run_token }];
  },
};

/** The longest time that a poll stays open before it is given up, after the next item of its line was sent, in milliseconds. */
const LONGEST_STAY_MS = 4;

const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });
const harvest: Harvest = { read: [], aborted: 0, created: {} };
const leavers = new Map<string, Set<ClientRequest>>();
let stopped = false;

process.on("message", (message: Assignment | "stop") => {
  if (message !== "stop") {
    void work(message);
    return;
  }
  stopped = true;
  agent.destroy();
  process.send?.(harvest, () => process.disconnect());
});

async function work(assignment: Assignment): Promise<void> {
  const workers: Array<Promise<void>> = [];
  for (const line of assignment.lines) {
    leavers.set(line.name, new Set());
    for (let poller = 0; poller < assignment.pollersPerLine; poller += 1) workers.push(poll(assignment, line));
    workers.push(create(assignment, line));
  }
  await Promise.all(workers);
}

/** Polls, and completes each item that it gets. */
async function poll({ kind, url, abortShare }: Assignment, line: Line): Promise<void> {
  while (!stopped) {
    const leaves = Math.random() < abortShare;
    let polling: ClientRequest | undefined;
    const answer = await send(url + line.pollPath, line.pollBody, {}, (sent) => {
      polling = sent;
      if (leaves) leavers.get(line.name)?.add(sent);
    });
    if (polling !== undefined) leavers.get(line.name)?.delete(polling);
    if (answer === undefined) {
      harvest.aborted += 1;
      continue;
    }
    for (const { id, path, body, token } of READERS[kind](JSON.parse(answer.text) as never, line)) {
      harvest.read.push(id);
      await send(url + path, body, token === undefined ? {} : { authorization: `Bearer ${token}` });
    }
  }
}

/** Creates the items of one line one after the other, each of which makes the line's leavers leave. */
async function create({ url, itemsPerLine }: Assignment, line: Line): Promise<void> {
  const created: string[] = (harvest.created[line.name] = []);
  while (created.length < itemsPerLine) {
    await pause(Math.random() * 100);
    for (const leaver of leavers.get(line.name) ?? []) {
      setTimeout(() => {
        // One that has its answer is not in there any more: its connection serves another request by now.
        if (leavers.get(line.name)?.delete(leaver)) leave(leaver);
      }, Math.random() * LONGEST_STAY_MS);
    }
    const answer = await send(url + line.createPath, line.createBody);
    if (answer !== undefined) created.push(createdId(answer));
  }
}

function createdId({ text, location }: Answer): string {
  if (location !== "") return location.split("/").at(-1) ?? "";
  return (JSON.parse(text) as { id: string }).id;
}

/** Closes the connection as a client does that gives up, or cuts it as an operating system does whose client has crashed. */
function leave(leaver: ClientRequest): void {
  if (Math.random() < 0.5) leaver.destroy();
  else leaver.socket?.resetAndDestroy();
}

interface Answer {
  text: string;
  location: string;
}

/** @returns what the server answered, once it is read to the end; `undefined` when the request was given up before */
function send(
  url: string,
  body: object,
  headers: Record<string, string> = {},
  onSent?: (sent: ClientRequest) => void,
): Promise<Answer | undefined> {
  return new Promise((resolve) => {
    const options = { method: "POST", agent, headers: { "content-type": "application/json", ...headers } };
    const sent = request(url, options, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => (text += chunk));
      response.on("end", () => {
        if (response.statusCode! >= 400) throw new Error(`${url} was answered with ${response.statusCode}: ${text}`);
        resolve({ text, location: response.headers.location ?? "" });
      });
      response.on("error", () => resolve(undefined));
      response.on("close", () => resolve(undefined));
    });
    sent.on("error", () => resolve(undefined));
    sent.end(JSON.stringify(body));
    onSent?.(sent);
  });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
