import { connect } from "node:net";
import { expect, test } from "vitest";
import { settled } from "../../../support/leaks.ts";
import { createProject, pairRunner } from "../../../support/pairing.ts";
import { startTestServer, type TestServer } from "../../../support/server.ts";

interface Bridge extends TestServer {
  runnerId: string;
  /** Path of the runner's commands. */
  commands: string;
  /** Submits a command whose arguments are sent as they are. Returns its id. */
  submit(args?: string): Promise<string>;
  /** Resolves when `count` polls and waits are open. */
  untilHeld(count: number): Promise<void>;
}

async function startBridge(config?: Parameters<typeof startTestServer>[0]): Promise<Bridge> {
  const started = await startTestServer(config);
  const { call, server } = started;
  const projectId = await createProject(call, "demo");
  const runnerId = await pairRunner(call, { projectId, type: "connect" });
  await call("POST", `/v1/private/local-runners/${runnerId}/heartbeats`, { body: { capabilities: ["bridge"] } });
  const commands = `/v1/private/local-runners/${runnerId}/bridge/commands`;
  return {
    ...started,
    runnerId,
    commands,
    submit: async (args = "{}") => {
      const reply = await call("POST", commands, { body: `{"type":"Exec","args":${args}}` });
      return (reply.json as { command_id: string }).command_id;
    },
    untilHeld: async (count) => {
      await settled(() => server.openPolls.count === count);
      expect(server.openPolls.count).toBe(count);
    },
  };
}

test("a command goes to the runner and its result back, payloads to the byte", async () => {
  const { call, commands, url, clock } = await startBridge();
  const args = '{"b":12345678901234567890,"a":1.0,"2":"\\u00e9","1":null, "__proto__":{}}';
  const submitted = await call("POST", commands, { body: `{"timeout_seconds":5,"args":${args},"type":"Exec"}` });
  expect(submitted.status).toBe(201);
  const { command_id: id } = submitted.json as { command_id: string };
  expect(submitted.headers.location).toBe(`${url}${commands}/${id}`);

  const polled = await call("POST", `${commands}/next`, { body: { max_commands: 10 } });
  expect(polled.text).toBe(
    `{"commands":[{"command_id":"${id}","type":"Exec","args":${args},"timeout_seconds":5,"submitted_at":"2026-01-01T00:00:00.000Z"}]}`,
  );

  await clock.advance(250);
  const report = { body: `{"status":"completed","result":{"x":1e3},"error":null,"duration_ms":null}`, gzip: true };
  expect((await call("POST", `${commands}/${id}/results`, report)).status).toBe(204);
  const repeated = await call("POST", `${commands}/${id}/results`, report);
  expect([repeated.status, repeated.text]).toEqual([409, '{"errors":["Command already completed"]}']);

  const read = await call("GET", `${commands}/${id}`);
  expect(read.text).toContain(`"args":${args},"result":{"x":1e3},"error":null,"timeout_seconds":5`);
  expect(read.text).toContain('"completed_at":"2026-01-01T00:00:00.250Z"}');
});

test("a request of the wrong form is refused before the runner is looked at", async () => {
  const { call } = await startBridge();
  const commands = "/v1/private/local-runners/00000000-0000-7000-8000-000000000000/bridge/commands";
  const refused = async (path: string, body: string): Promise<[number, string]> => {
    const { status, text } = await call("POST", path, { body });
    return [status, text];
  };
  const [status, text] = await refused(commands, "{}");
  expect(status).toBe(422);
  expect(JSON.parse(text).errors.toSorted()).toEqual(["args must not be null", "type must not be null"]);
  expect(await refused(commands, '{"type":"Format","args":{}}')).toEqual([
    400,
    expect.stringContaining("Unknown BridgeCommandType: Format"),
  ]);
  expect(await refused(commands, '{"type":"Exec","args":null}')).toEqual([404, expect.stringContaining('"code":404')]);
  const results = `${commands}/00000000-0000-7000-8000-000000000000/results`;
  expect(await refused(results, "{}")).toEqual([422, '{"errors":["status must not be null"]}']);
  expect(await refused(results, '{"status":"completed"}')).toEqual([
    400,
    '{"errors":["Either result or error must be provided"]}',
  ]);
  expect((await refused(results, '{"status":"completed","result":null}'))[0]).toBe(404);
});

test("a poll without a body waits for a command", async () => {
  const { call, commands, submit, untilHeld } = await startBridge();
  const poll = call("POST", `${commands}/next`);
  await untilHeld(1);
  const id = await submit();
  expect((await poll).json).toMatchObject({ commands: [{ command_id: id }] });
});

test("waiting for a command ends with its result", async () => {
  const { call, commands, submit, untilHeld } = await startBridge();
  const id = await submit();
  const waits = [call("GET", `${commands}/${id}?wait=true&timeout=60`), call("GET", `${commands}/${id}?wait=TRUE`)];
  await untilHeld(2);
  await call("POST", `${commands}/${id}/results`, { body: { status: "completed", result: {} } });
  for (const wait of waits) expect((await wait).json).toMatchObject({ status: "completed" });
});

test("a stopping server closes the connection of an open poll, so that its client cannot ask again at once", async () => {
  const { call, commands, server, untilHeld } = await startBridge();
  const poll = call("POST", `${commands}/next`).catch((error: NodeJS.ErrnoException) => error.code);
  await untilHeld(1);
  await server.stop();
  expect(await poll).toBe("ECONNRESET");
});

test("a batch whose reader is gone is pending again at its old place", async () => {
  const { server, call, commands, submit, untilHeld, seen, url } = await startBridge();
  const { port, host } = new URL(url);
  const socket = connect(Number(port), "127.0.0.1");
  socket.write(`POST ${commands}/next HTTP/1.1\r\nhost: ${host}\r\ncontent-length: 0\r\n\r\n`);
  await untilHeld(1);
  // In the moment of the answer: the poll has taken the command, the answer is not read.
  const stop = server.events.on("bridge:command:changed", ({ command }) => {
    if (command.status === "picked_up") socket.resetAndDestroy();
  });
  const first = await submit();
  const second = await submit();
  const takenBack = (): boolean =>
    seen.some(({ payload }) => (payload as { from?: string } | undefined)?.from === "picked_up");
  await settled(takenBack);
  stop();
  expect(takenBack()).toBe(true);
  const next = await call("POST", `${commands}/next`);
  expect(next.json).toMatchObject({ commands: [{ command_id: first }, { command_id: second }] });
});

test("one poll more than the limit is refused with the time to wait", async () => {
  const { call, commands, runnerId, server, untilHeld, clock } = await startBridge({ maxOpenPolls: 1 });
  const openPoll = call("POST", `${commands}/next`);
  await untilHeld(1);
  for (const path of [`${commands}/next`, `/v1/private/local-runners/${runnerId}/jobs/next`]) {
    const refused = await call("POST", path);
    expect(refused.status).toBe(429);
    expect(refused.headers["retry-after"]).toBe("5");
    expect(refused.text).toBe('{"errors":["Too many open polls. Maximum is 1"]}');
  }
  await clock.advance(30_000);
  expect((await openPoll).text).toBe('{"commands":[]}');
  expect(server.openPolls.count).toBe(0);
});
