import { describe, expect, test } from "vitest";
import { startTestServer } from "../support/server.ts";

describe("links that lead to the page", () => {
  test.each([
    ["/", "/__local/ui/"],
    ["/api/", "/__local/ui/"],
    ["/default/redirect/projects?name=demo", "/__local/ui/projects?name=demo"],
    ["/opik/team/redirect/projects?name=demo", "/__local/ui/projects?name=demo&workspace=team"],
    ["/opik/default/projects/0193/agent-playground", "/__local/ui/projects/0193"],
    ["/opik/default/projects/0193/traces?trace=7", "/__local/ui/projects/0193/traces?trace=7"],
    ["/opik/default/projects/0193/datasets/0194/items", "/__local/ui/datasets/0194"],
    ["/default/projects/0193/", "/__local/ui/projects/0193"],
    ["/default/projects/0193/agent-playground", "/__local/ui/projects/0193"],
    ["/default/projects/0193/online-evaluation", "/__local/ui/projects/0193"],
    ["/default/projects/0193/diagnostics/resolved", "/__local/ui/projects/0193"],
    ["/default/projects/0193/logs?logsType=traces&trace=7", "/__local/ui/projects/0193/traces?trace=7"],
    ["/default/projects/0193/logs?logsType=threads", "/__local/ui/projects/0193/traces?view=threads"],
    ["/default/projects/0193/logs?thread=a%3A%2Fb", "/__local/ui/projects/0193/threads/a%3A%2Fb"],
    ["/default/projects/0193/prompts/0194", "/__local/ui/prompts/0194"],
    ["/default/projects/0193/datasets/0194", "/__local/ui/datasets/0194"],
    ["/default/projects/0193/optimizations/0194", "/__local/ui/optimizations/0194"],
    ["/default/projects/0193/experiments/0194/compare?experiments=%5B%220195%22%5D", "/__local/ui/experiments/0195"],
    ["/team/projects/0193/datasets/0194/items", "/__local/ui/datasets/0194?workspace=team"],
    ["/default/projects/0193/test-suites/0194/items", "/__local/ui/datasets/0194"],
    ["/default/experiments/0194/compare?experiments=%5B%220195%22%5D", "/__local/ui/experiments/0195"],
    [
      "/default/experiments/0194/compare?experiments=%5B%220195%22%2C%20%220196%22%5D&size=5",
      "/__local/ui/experiments/0195?with=0196&size=5",
    ],
    ["/default/experiments/0194/compare", "/__local/ui/library?list=experiments"],
    ["/opik/default/projects/%2F%2Fevil.example", "/__local/ui/projects/%2F%2Fevil.example"],
  ] as const)("%s redirects to %s", async (path, location) => {
    const { call } = await startTestServer();
    const answer = await call("GET", path);
    expect(answer.status).toBe(303);
    expect(answer.headers["location"]).toBe(location);
  });
});

test.each(["/v1/projects/0193", "/api/projects/0193", "/private/projects/0193"])("%s is no link", async (path) => {
  const { call } = await startTestServer();
  expect((await call("GET", path)).status).toBe(404);
});

describe("files of the page", () => {
  test.each(["assets/nothing.js", "assets/..%2F..%2Fpackage.json", "assets/constructor"])(
    "%s is none",
    async (path) => {
      const { call } = await startTestServer();
      expect((await call("GET", `/__local/ui/${path}`)).status).toBe(404);
    },
  );
});
