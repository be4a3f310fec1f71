import { onTestFinished } from "vitest";
import { type Config, createIdSource, VirtualClock } from "../../src/index.ts";
import { createOpikLocal, type OpikLocalParts } from "../../src/server.ts";
import { type Caller, createCaller } from "./call.ts";
import { expectNothingLeft, stopWhenFinished, untilPollsHeld } from "./leaks.ts";

/** A server of a test's own: in memory, on a free port of loopback, with time that stands still and the same ids on every run. */
export interface TestServer {
  server: OpikLocalParts;
  clock: VirtualClock;
  url: string;
  call: Caller;
  /** Every event since the start, by name, in order. */
  seen: Array<{ name: string; payload: unknown }>;
  /** Resolves when `count` long polls of any kind are open. */
  untilPollsHeld(count: number): Promise<void>;
}

/**
 * Starts a server that stops when the test ends, and fails the test when it leaves something behind.
 * @param config settings that differ from their defaults
 */
export async function startTestServer(config: Partial<Config> = {}): Promise<TestServer> {
  expectNothingLeft();
  const clock = new VirtualClock();
  const server = createOpikLocal({
    config: { database: ":memory:", port: 0, ...config },
    clock,
    ids: createIdSource(clock, "test"),
  });
  stopWhenFinished(server);
  const seen: TestServer["seen"] = [];
  onTestFinished(server.events.onAny(({ payload, name }) => seen.push({ name, payload })));
  const url = await server.listen();
  return {
    server,
    clock,
    url,
    seen,
    call: createCaller(url),
    untilPollsHeld: (count) => untilPollsHeld(server, count),
  };
}
