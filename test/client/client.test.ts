import { describe, expect, test } from "vitest";
import { OpikLocalClient } from "../../src/client/client.ts";

/** What a command waits for an answer when a request names no limit. */
const ANSWER_TIMEOUT_MS = 5_000;

/** The limits of the requests that an action makes. */
async function limitsOf(action: (client: OpikLocalClient) => Promise<unknown>): Promise<Array<number | undefined>> {
  const limits: Array<number | undefined> = [];
  const client = new OpikLocalClient((_, __, timeoutMs) => {
    limits.push(timeoutMs);
    return Promise.resolve(Response.json({}));
  });
  await action(client);
  return limits;
}

describe("a client waits longer for requests that are answered when their work is done", () => {
  const actions: Record<string, (client: OpikLocalClient) => Promise<unknown>> = {
    advance: (client) => client.advance("1h"),
    setClock: (client) => client.setClock("2026-01-02T00:00:00Z"),
    runUntilIdle: (client) => client.runUntilIdle(),
    reset: (client) => client.reset(),
  };

  test.each(Object.entries(actions))("%s", async (_, action) => {
    const [limit = 0, ...others] = await limitsOf(action);
    expect(others).toEqual([]);
    expect(limit).toBeGreaterThan(10 * ANSWER_TIMEOUT_MS);
  });
});
