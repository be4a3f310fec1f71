import { join } from "node:path";
import { expect, test } from "vitest";
import { createOpikLocal } from "../../src/server.ts";
import { hang, startExecutor } from "../strait/dispatch/executor.ts";
import { startDev, testTerminal } from "./terminal.ts";

/** A terminal whose folder has the database of a server that ended while it pushed runs. */
async function terminalAfter(pushed: number): Promise<ReturnType<typeof testTerminal>> {
  const terminal = testTerminal({ environment: { STALE_THRESHOLD: "2m" } });
  const executor = await startExecutor(hang);
  await using server = createOpikLocal({ config: { database: join(terminal.folder, "left.db") } });
  const post = async (path: string, body: object): Promise<{ id: string }> => {
    const headers = { "content-type": "application/json" };
    const response = await server.app.request(path, { method: "POST", headers, body: JSON.stringify(body) });
    expect(response.status).toBe(201);
    return (await response.json()) as { id: string };
  };
  const job = await post("/v1/jobs", { name: "deploy", slug: "deploy", endpoint_url: executor.url });
  for (let count = 0; count < pushed; count += 1) await post(`/v1/jobs/${job.id}/trigger`, {});
  await executor.untilAsked(pushed);
  return terminal;
}

test.for([
  [1, "1 run was executing when the server ended: it is tried again if it gives no sign of life within 2 min."],
  [2, "2 runs were executing when the server ended: they are tried again if they give no sign of life within 2 min."],
] as const)("%i run that executed when the server ended is printed at the start", async ([count, printed]) => {
  const { terminal } = await startDev(["--db", "left.db"], await terminalAfter(count));
  expect(terminal.stdout.lines.map((line) => line.trim())).toContain(printed);
});

test("they are reported to machines as well, and not when there are none", async () => {
  const { terminal } = await startDev(["--db", "left.db", "--json"], await terminalAfter(1));
  const [first = ""] = terminal.stdout.lines;
  expect(JSON.parse(first)).toMatchObject({ event: "runs:left", level: "warn", count: 1, staleThresholdMs: 120_000 });
  const { terminal: calm } = await startDev(["--db", "left.db"], await terminalAfter(0));
  expect(calm.stdout.text).not.toContain("executing");
});
