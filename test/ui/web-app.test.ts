import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { createOpikLocal } from "../../src/server.ts";
import { temporaryFolder } from "../e2e/support/temporary-folder.ts";
import { startTestServer, type TestServer } from "../support/server.ts";

const HTML = "<!doctype html><title>app</title>";

let call: TestServer["call"];

/** A folder with an application, beside a file that is none of its. */
function makeApp(): string {
  const outside = temporaryFolder();
  const folder = join(outside, "app");
  mkdirSync(join(folder, "assets"), { recursive: true });
  writeFileSync(join(outside, "secret.txt"), "secret");
  writeFileSync(join(folder, "index.html"), HTML);
  writeFileSync(join(folder, ".env"), "secret");
  writeFileSync(join(folder, "assets", "app.js"), "let app;");
  writeFileSync(join(folder, "assets", "a b.svg"), "<svg/>");
  symlinkSync(join(outside, "secret.txt"), join(folder, "link.txt"));
  symlinkSync(outside, join(folder, "up"));
  return folder;
}

describe("a web application of a folder", () => {
  beforeEach(async () => {
    ({ call } = await startTestServer({ workspaces: ["default"], webApp: makeApp() }));
  });

  test.each([
    ["/", "text/html; charset=utf-8", HTML],
    ["/index.html", "text/html; charset=utf-8", HTML],
    ["/default/projects/0193/traces?trace=7", "text/html; charset=utf-8", HTML],
    ["/assets", "text/html; charset=utf-8", HTML],
    ["/assets/app.js", "text/javascript; charset=utf-8", "let app;"],
    ["/assets/a%20b.svg", "image/svg+xml", "<svg/>"],
  ])("answers %s", async (path, type, text) => {
    const answer = await call("GET", path);
    expect([answer.status, answer.headers["content-type"], answer.text]).toEqual([200, type, text]);
  });

  test.each([
    "/assets/none.js",
    "/..%2Fsecret.txt",
    "/%2e%2e%2fsecret.txt",
    "/assets/..%5C..%5Csecret.txt",
    "/link.txt",
    "/up/secret.txt",
    "/.env",
    "/%2e",
    "/a%00.js",
  ])("has no file %s", async (path) => {
    const answer = await call("GET", path);
    expect(answer.status).toBe(404);
    expect(answer.text).not.toContain("secret");
    expect(answer.text).not.toContain(HTML);
  });

  test.each(["/api/v1/private/nothing", "/api", "/v1/nothing", "/sdk/v1/nothing", "/__local/nothing", "/metrics/none"])(
    "leaves %s to its API",
    async (path) => {
      const answer = await call("GET", path);
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.headers["content-type"]).not.toContain("html");
    },
  );

  test("answers reads only, HEAD without a body, and 304 to a client that has it", async () => {
    expect((await call("POST", "/default/projects")).status).toBe(404);
    const head = await call("HEAD", "/assets/app.js");
    expect([head.status, head.text, head.headers["content-length"]]).toEqual([200, "", "8"]);
    const again = await call("GET", "/assets/app.js", { headers: { "if-none-match": head.headers["etag"] } });
    expect(again.status).toBe(304);
  });

  test("leaves our page and the pairing page where they are, and takes the prefix from links", async () => {
    expect((await call("GET", "/opik/pair/v1")).text).toContain("Pair a runner");
    expect((await call("GET", "/__local/ui/x")).text).not.toContain(HTML);
    for (const [path, location] of [
      ["/opik/default/projects/7/agent-playground?a=b", "/default/projects/7/agent-playground?a=b"],
      ["/opik//evil.example", "/evil.example"],
      ["/opik", "/"],
    ]) {
      const answer = await call("GET", path!);
      expect([answer.status, answer.headers["location"]]).toEqual([303, location]);
    }
  });
});

test("a folder without an application is refused at the start", () => {
  const folder = temporaryFolder();
  expect(() => createOpikLocal({ config: { database: ":memory:", webApp: folder } })).toThrow("index.html");
});
