import { connect } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { nextTurn } from "../../src/core/slices.ts";
import { startTestServer } from "../support/server.ts";

/** JSON of many small values: about 2 MB, which are read in eight slices. */
const MANY_VALUES = `[${"1,".repeat(1_000_000)}1]`;

/** How many turns of the event loop pass until something is done. */
async function turnsOf(work: Promise<unknown>): Promise<number> {
  let turns = 0;
  let isDone = false;
  const done = work.finally(() => (isDone = true));
  while (!isDone) {
    await nextTurn();
    turns += 1;
  }
  await done;
  return turns;
}

test.each([
  ["Opik", "/v1/private/projects", `{"name":"large","unknown":${MANY_VALUES}}`, 201],
  ["executor runs", "/v1/jobs", `{"name":"large","unknown":${MANY_VALUES}}`, 422],
  ["this server", "/__local/clock/advance", MANY_VALUES, 400],
])("a large body of %s lets other requests be answered while it is read", async (_, path, body, status) => {
  const { server } = await startTestServer({ runMaxBodyBytes: 4 * 1024 * 1024 });
  const headers = { "content-type": "application/json" };
  const answer = server.request(path, { method: "POST", headers, body });
  expect(await turnsOf(answer)).toBeGreaterThanOrEqual(8);
  expect((await answer).status).toBe(status);
});

test("requests that are pipelined are done in their order, however large their bodies are", async () => {
  const { url } = await startTestServer();
  const post = (body: string): string =>
    [
      "POST /v1/private/projects HTTP/1.1",
      "Host: localhost",
      "Content-Type: application/json",
      `Content-Length: ${body.length}`,
      "",
      body,
    ].join("\r\n");
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  onTestFinished(() => void socket.destroy());
  socket.write(post(`{"name":"same","unknown":${MANY_VALUES}}`) + post('{"name":"same"}') + post('{"name":"other"}'));
  let received = "";
  const statuses = (): string[] => [...received.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status ?? "");
  await new Promise<void>((resolve) => {
    socket.on("data", (chunk: Buffer) => {
      received += chunk.toString();
      if (statuses().length === 3) resolve();
    });
  });
  expect(statuses()).toEqual(["201", "409", "201"]);
});
