import { expect, test } from "vitest";
import { startTestServer } from "../support/server.ts";

const RUNNER = "/v1/private/local-runners/1-2-3-4-5";

test("with a key of the server's own, a request without it or with another is refused", async () => {
  const { call } = await startTestServer({ apiKey: "secret" });
  const missing = await call("GET", RUNNER);
  expect([missing.status, missing.json]).toEqual([401, { code: 401, message: "API key should be provided" }]);
  for (const authorization of ["other", "secret2", "secre", "Secret"]) {
    const wrong = await call("GET", RUNNER, { headers: { authorization } });
    expect([wrong.status, wrong.json]).toEqual([401, { code: 401, message: "User not allowed to access workspace" }]);
  }
  const right = await call("GET", RUNNER, { headers: { authorization: "secret" } });
  expect(right.status).toBe(404);
});

test("with a key the workspace may be left out, unlike with the real server", async () => {
  const { call } = await startTestServer({ apiKey: "secret" });
  const { status, json } = await call("GET", RUNNER, { headers: { authorization: "secret" } });
  expect([status, json]).toEqual([404, { code: 404, message: expect.stringMatching(/^Runner not found/) as unknown }]);
});

test("the key is looked at before the workspace, and not where none is needed", async () => {
  const { call } = await startTestServer({ apiKey: "secret" });
  expect((await call("GET", RUNNER, { headers: { "comet-workspace": "other" } })).status).toBe(401);
  expect((await call("GET", "/is-alive/ping")).status).toBe(200);
  expect((await call("GET", "/nothing")).status).toBe(404);
});
