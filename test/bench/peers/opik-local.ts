import { Agent, request } from "node:http";
import { RUNNERS } from "../runners.ts";
import { LOG_LINES, MAX_LANES, type PeerClient } from "./peer.ts";

const BASE = "/v1/private/local-runners";

/**
 * opik-local over HTTP: a runner for each lane, which polls for jobs, and reports their start, log lines and results.
 * @param address the URL of the server
 */
export async function connect(_folder: string, address: string): Promise<PeerClient> {
  const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });
  const runners = RUNNERS.slice(0, MAX_LANES);
  const post = async (path: string, body?: object): Promise<string> => send(agent, `${address}${BASE}${path}`, body);
  const poll = async (lane: number): Promise<{ id: string; at: number }> => {
    const job = JSON.parse(await post(`/${runners[lane]?.id ?? ""}/jobs/next`)) as { id: string };
    return { id: job.id, at: performance.now() };
  };
  const polls = runners.map((_, lane) => poll(lane));
  return {
    job: async (lane) => {
      const sentAt = performance.now();
      const created = post("/jobs", {
        agent_name: "echo",
        project_id: runners[lane]?.projectId,
        inputs: { question: "why?" },
      });
      const [job] = await Promise.all([polls[lane], created]);
      const path = `/jobs/${job?.id ?? ""}`;
      await post(`${path}/results`, { status: "running" });
      await post(
        `${path}/logs`,
        LOG_LINES.map((text) => ({ stream: "stdout", text })),
      );
      await post(`${path}/results`, { status: "completed", result: { answer: 42 } });
      polls[lane] = poll(lane);
      return (job?.at ?? Number.NaN) - sentAt;
    },
    close: async () => {
      for (const open of polls) open.catch(() => undefined);
      agent.destroy();
    },
  };
}

function send(agent: Agent, url: string, body: object | undefined): Promise<string> {
  return new Promise((resolve, reject) => {
    const payload = body === undefined ? "" : JSON.stringify(body);
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(payload) };
    const sent = request(url, { method: "POST", agent, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => (text += chunk));
      response.on("error", reject);
      response.on("end", () => {
        if ((response.statusCode ?? 0) < 300) resolve(text);
        else reject(new Error(`${url}: ${response.statusCode} ${text}`));
      });
    });
    sent.on("error", reject);
    sent.end(payload);
  });
}
