import { PassThrough } from "node:stream";
import { describe, expect, onTestFinished, test } from "vitest";
import { main } from "../../src/cli/index.ts";
import { startOpikLocal } from "../../src/testing/index.ts";
import { type TestTerminal, testTerminal } from "./terminal.ts";

interface Session {
  terminal: TestTerminal;
  /** Sends a request, and resolves with its answer. */
  ask(id: number, method: string, params?: object): Promise<unknown>;
  /** Closes the input. @returns the exit code */
  end(): Promise<number>;
  exited: Promise<number>;
}

/** Runs `opik-local mcp` in this process, as a client of the protocol. */
async function start(environment: Record<string, string>): Promise<Session> {
  const stdin = new PassThrough();
  const terminal = { ...testTerminal({ environment }), stdin };
  const exited = main(["mcp"], terminal);
  const send = (message: object): void => void stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  const ask: Session["ask"] = async (id, method, params = {}) => {
    send({ id, method, params });
    return JSON.parse(await terminal.stdout.line(new RegExp(`"id":${id}[,}]`))) as unknown;
  };
  const end = (): Promise<number> => {
    stdin.end();
    return exited;
  };
  onTestFinished(async () => {
    await end();
  });
  const clientInfo = { name: "test", version: "1" };
  const hello = await ask(1, "initialize", { protocolVersion: "2025-06-18", capabilities: {}, clientInfo });
  expect(hello).toMatchObject({ result: { serverInfo: { name: "opik-local" }, capabilities: { tools: {} } } });
  send({ method: "notifications/initialized" });
  return { terminal, ask, end, exited };
}

describe("opik-local mcp", () => {
  test("answers with the running server until its input ends, and writes nothing else", async () => {
    const opik = await startOpikLocal();
    onTestFinished(() => opik.stop());
    const { ask, end, terminal } = await start({ OPIK_LOCAL_URL: opik.url });
    expect(await ask(2, "tools/call", { name: "list_runs", arguments: {} })).toEqual({
      ...{ jsonrpc: "2.0", id: 2 },
      result: { content: [{ type: "text", text: "[]" }] },
    });
    expect(await end()).toBe(0);
    expect(terminal.stdout.lines.map((line) => JSON.parse(line) as object)).toHaveLength(2);
    expect(terminal.stderr.text).toBe("");
  });

  test("starts before the server, and says how to start one", async () => {
    const { ask, terminal, exited } = await start({ OPIK_LOCAL_URL: "http://127.0.0.1:1" });
    expect(await ask(2, "tools/call", { name: "list_runs", arguments: {} })).toMatchObject({
      result: {
        isError: true,
        content: [
          { text: expect.stringContaining("No server answers at http://127.0.0.1:1. Start one with `opik-local dev`") },
        ],
      },
    });
    terminal.signals.emit("SIGTERM");
    expect(await exited).toBe(0);
  });
});
