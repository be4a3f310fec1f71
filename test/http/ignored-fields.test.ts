import { describe, expect, test } from "vitest";
import { startTestServer } from "../support/server.ts";

const ID = "00000000-0000-7000-8000-000000000001";

/** Sends requests, and returns what was reported of their fields. */
async function reported(...requests: Array<[method: string, path: string, body: unknown]>): Promise<unknown[]> {
  const { call, seen } = await startTestServer();
  for (const [method, path, body] of requests) await call(method, path, { body });
  return seen.flatMap(({ name, payload }) => (name === "http:field:ignored" ? [payload] : []));
}

describe("a field of a request's body that its route does not know", () => {
  test("is reported with the one that was meant, as it is accepted and has no effect", async () => {
    const job = { name: "a", slug: "a", execution_mode: "worker", queue: "goq", Max_Attempts: 2 };
    expect(await reported(["POST", "/v1/jobs", job])).toEqual([
      { method: "POST", path: "/v1/jobs", field: "queue", hint: "Did you mean queue_name?" },
    ]);
  });

  test("is reported of a body that is refused, too: the missing field may be the misspelt one", async () => {
    const path = "/v1/private/local-runners/jobs";
    expect(await reported(["POST", `/api${path}`, { agentName: "echo", project_id: ID }])).toEqual([
      { method: "POST", path, field: "agentName", hint: "Did you mean agent_name?" },
    ]);
  });

  test("is reported once for each route", async () => {
    const post = (path: string): [string, string, unknown] => ["POST", path, { nmae: "x", name: path.at(-1) }];
    const requests = ["/v1/private/projects", "/api/v1/private/projects", "/v1/projects"].map(post);
    expect(await reported(...requests)).toEqual([
      { method: "POST", path: "/v1/private/projects", field: "nmae", hint: "Did you mean name?" },
      { method: "POST", path: "/v1/projects", field: "nmae", hint: "Did you mean name?" },
    ]);
  });

  test("is found in lists and in maps, but not in free-form JSON", async () => {
    const span = { id: ID, trace_id: ID, start_time: "2026-01-01T00:00:00Z", input: { nmae: 1 }, nmae: "x", colour: 1 };
    const agent = { params: [{ name: "text", tpye: "str" }] };
    const put = `/v1/private/local-runners/${ID}/agents`;
    expect(
      await reported(
        ["POST", "/v1/private/spans/batch", { spans: [span, span] }],
        ["PUT", put, { a: agent, b: agent }],
      ),
    ).toEqual([
      { method: "POST", path: "/v1/private/spans/batch", field: "spans[].nmae", hint: "Did you mean name?" },
      { method: "POST", path: "/v1/private/spans/batch", field: "spans[].colour", hint: "" },
      {
        method: "PUT",
        path: "/v1/private/local-runners/:runnerId/agents",
        field: "[*].params[].tpye",
        hint: "Did you mean type?",
      },
    ]);
  });

  test("is reported for twenty names of a route at most", async () => {
    const body = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`unknown${index}`, 1]));
    expect(await reported(["POST", "/v1/projects", body])).toHaveLength(20);
  });
});
