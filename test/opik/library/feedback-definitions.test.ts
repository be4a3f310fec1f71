import { expect, test } from "vitest";
import { startTestServer } from "../../support/server.ts";

test("categories keep their order, whatever their names are", async () => {
  const { call } = await startTestServer();
  const categories = '{"3":1,"1":0.5,"2":0}';
  const made = await call("POST", "/v1/private/feedback-definitions", {
    headers: { "content-type": "application/json" },
    body: `{"name":"stars","type":"categorical","details":{"categories":${categories}}}`,
  });
  expect(made.status).toBe(201);
  const list = await call("GET", "/v1/private/feedback-definitions?name=stars");
  expect(list.text).toContain(`"categories":${categories}`);
});
