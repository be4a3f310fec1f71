import { Socket as UdpSocket } from "node:dgram";
import { type AddressInfo, createServer, Socket } from "node:net";
import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { isLoopback } from "../../src/cli/commands/dev/bind.ts";
import { createCaller } from "../support/call.ts";
import { run, startDev, testTerminal } from "./terminal.ts";

/** The addresses outside of this machine to which something has connected. */
const outside: string[] = [];

/** The host of the arguments of `Socket.connect`, which has several forms, one of them for Node itself. */
function hostOf(args: readonly unknown[]): string {
  const [first, second] = Array.isArray(args[0]) ? (args[0] as unknown[]) : args;
  if (typeof first === "object" && first !== null) return (first as { host?: string }).host ?? "localhost";
  return typeof second === "string" ? second : "localhost";
}

beforeEach(() => {
  outside.length = 0;
  const connect = Socket.prototype.connect;
  vi.spyOn(Socket.prototype, "connect").mockImplementation(function (this: Socket, ...args: unknown[]) {
    const host = hostOf(args);
    if (!isLoopback(host.replaceAll(/[[\]]/g, ""))) outside.push(host);
    return Reflect.apply(connect, this, args) as Socket;
  });
  vi.spyOn(UdpSocket.prototype, "send").mockImplementation(() => void outside.push("a datagram"));
});

test("nothing connects to other machines: no telemetry, no search for updates, no account", async () => {
  const { url, stop, terminal } = await startDev();
  const environment = {
    OPIK_LOCAL_URL: url,
    OPIK_URL_OVERRIDE: "https://opik.example.com/api",
    PATH: process.env["PATH"],
  };
  const call = createCaller(url);
  await call("POST", "/__local/fixtures", {
    body: {
      files: [
        {
          name: "f.yaml",
          text: "projects: [{name: demo}]\nrunners: [{name: laptop, project: demo, keep_alive: true, agents: [{name: echo}]}]",
        },
      ],
    },
  });
  const lines = [
    ["status"],
    ["run", "echo", "--no-follow"],
    ["jobs"],
    ["job", "last"],
    ["cancel", "last"],
    ["why", "last"],
    ["traces"],
    ["requests"],
    ["faults"],
    ["config"],
    ["doctor", "--port", "0", "--db", ":memory:"],
    ["export"],
    ["reset"],
    ["exec", "--", process.execPath, "-e", ""],
  ];
  for (const argv of lines) {
    const { code, error } = await run(argv, { ...testTerminal({ environment }), folder: terminal.folder });
    expect({ argv, code, error }).toMatchObject({ code: 0 });
  }
  for (const path of ["/openapi.json", "/metrics", "/__local/state"])
    expect((await call("GET", path)).status).toBe(200);
  await stop();
  expect(outside).toEqual([]);
});

test("the test above would notice a connection", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  await fetch(`http://127.0.0.2:${port}`).catch(() => {});
  expect(outside).toEqual([]);
  // An address that is reserved for documentation.
  await fetch("http://192.0.2.1:8080", { signal: AbortSignal.timeout(50) }).catch(() => {});
  expect(outside).toEqual(["192.0.2.1"]);
});
