import { describe, expect, test } from "vitest";
import { notServed, type PublishedOperation, PUBLISHED } from "../../../src/opik/published/operations.ts";
import type { Caller } from "../../support/call.ts";
import { servedRoutes } from "../../support/served-routes.ts";
import { startTestServer } from "../../support/server.ts";

const UNKNOWN = "0190babc-62a0-71d2-832a-0feffa4676eb";

/** Sends a request of an operation; whatever its path names does not exist. */
async function send(call: Caller, { method, path }: PublishedOperation): Promise<{ status: number; json: unknown }> {
  return call(method, path.replaceAll(/:\w+/g, UNKNOWN));
}

describe("the operations that Opik publishes", () => {
  test("are all on the list, once", () => {
    const keys = PUBLISHED.map(({ method, path }) => `${method} ${path}`);
    expect(new Set(keys).size).toBe(321);
    expect(keys).toHaveLength(321);
  });

  test("are served, or declined with the name of what is missing", async () => {
    const { call } = await startTestServer();
    const declined = new Set(notServed(await servedRoutes(call)));
    const wrong: string[] = [];
    for (const operation of PUBLISHED) {
      const { status, json } = await send(call, operation);
      const { tag, id, method, path } = operation;
      const refusal = { code: 501, message: `opik-local does not serve this part of Opik: ${tag} (${id})` };
      const isRefused = status === 501 && JSON.stringify(json) === JSON.stringify(refusal);
      if (declined.has(operation) !== isRefused) wrong.push(`${method} ${path}: ${status} ${JSON.stringify(json)}`);
    }
    expect(wrong).toEqual([]);
  });
});
