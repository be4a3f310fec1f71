import { expect, test } from "vitest";
import { startTestServer } from "../../support/server.ts";

const DASHBOARDS = "/v1/private/dashboards";

test("dashboards that are made, changed and deleted are published; those that do not exist are not", async () => {
  const { call, seen } = await startTestServer();
  const made = await call("POST", DASHBOARDS, { body: { name: "one", config: {} } });
  const { id } = made.json as { id: string };
  await call("PATCH", `${DASHBOARDS}/${id}`, { body: { name: "two" } });
  await call("DELETE", `${DASHBOARDS}/${id}`);
  await call("DELETE", `${DASHBOARDS}/${id}`);
  const payload = { ids: [id], workspace: "default" };
  expect(seen.filter(({ name }) => name.startsWith("dashboards:"))).toEqual([
    { name: "dashboards:written", payload },
    { name: "dashboards:written", payload },
    { name: "dashboards:deleted", payload },
  ]);
});
