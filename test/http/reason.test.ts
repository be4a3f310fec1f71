import { describe, expect, test } from "vitest";
import { startTestServer } from "../support/server.ts";

const ID = "00000000-0000-7000-8000-000000000001";

describe("the event of a request that was refused", () => {
  test.for<[method: string, path: string, body: unknown, reason: string]>([
    ["GET", `/v1/private/local-runners/jobs/${ID}`, undefined, `Job not found: '${ID}'`],
    ["POST", "/v1/private/projects", {}, "name must not be blank"],
    [
      "POST",
      "/v1/jobs",
      { name: "a", slug: "a", project_id: "p", timeout_secs: -1 },
      "validation failed: timeout_secs: failed on 'min'",
    ],
    [
      "POST",
      "/__local/clock/advance",
      { by: "soon" },
      "The body does not have the expected form: by: must be a duration such as 500ms, 30s or 5m, a thousand years at most",
    ],
    ["POST", "/__local/clock/advance", "{", "Unexpected end-of-input"],
  ])("%s %s says why, as its answer does", async ([method, path, body, reason]) => {
    const { call, seen } = await startTestServer();
    await call(method, path, body === undefined ? {} : { body });
    const answered = seen.find(({ name }) => name === "http:request:answered");
    expect(answered?.payload).toMatchObject({ reason });
  });

  test("a request that went well has no reason", async () => {
    const { call, seen } = await startTestServer();
    await call("GET", "/v1/private/projects");
    expect(seen.find(({ name }) => name === "http:request:answered")?.payload).not.toHaveProperty("reason");
  });
});
