import { describe, expect, test } from "vitest";
import { startTestServer } from "../support/server.ts";

describe("links that lead to the page", () => {
  test.each([
    ["/", "/__local/ui/"],
    ["/opik/default/projects/0193/agent-playground", "/__local/ui/projects/0193"],
    ["/opik/default/projects/0193/traces?trace=7", "/__local/ui/projects/0193/traces?trace=7"],
    ["/opik/default/projects/%2F%2Fevil.example", "/__local/ui/projects/%2F%2Fevil.example"],
  ])("%s redirects to %s", async (path, location) => {
    const { call } = await startTestServer();
    const answer = await call("GET", path);
    expect(answer.status).toBe(303);
    expect(answer.headers["location"]).toBe(location);
  });
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
