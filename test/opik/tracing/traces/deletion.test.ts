import { expect, test } from "vitest";
import { startTestServer } from "../../../support/server.ts";

const TRACES = "/v1/private/traces";
const SPANS = "/v1/private/spans";
const START = "2026-01-01T00:00:01Z";

test("a trace with more spans than are deleted at once goes with all of them", async () => {
  const { call, server, seen } = await startTestServer();
  const [big, small] = [server.ids.uuid(), server.ids.uuid()];
  for (const id of [big, small]) await call("POST", TRACES, { body: { id, start_time: START } });
  const spans = (trace_id: string, count: number): object => ({
    spans: Array.from({ length: count }, () => ({ trace_id, start_time: START })),
  });
  await call("POST", `${SPANS}/batch`, { body: spans(big, 1_000) });
  await call("POST", `${SPANS}/batch`, { body: spans(big, 200) });
  await call("POST", `${SPANS}/batch`, { body: spans(small, 1) });
  expect((await call("POST", `${TRACES}/delete`, { body: { ids: [big, small] } })).status).toBe(204);
  for (const path of [TRACES, SPANS]) {
    expect((await call("GET", `${path}?project_name=Default%20Project`)).json).toMatchObject({ total: 0 });
  }
  const deleted = seen.filter(({ name }) => name === "traces:deleted").map(({ payload }) => payload);
  expect(deleted).toEqual([{ ids: [big, small], workspace: "default" }]);
});
