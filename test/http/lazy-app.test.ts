import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { EventBus } from "../../src/core/events.ts";
import { VirtualClock } from "../../src/core/virtual-clock.ts";
import { LazyApp } from "../../src/http/lazy-app.ts";
import { listen } from "../../src/http/listener.ts";
import type { Api } from "../../src/http/route.ts";

/** Prints whether h3 is loaded when a server has answered a request, and when it has answered one that h3 has to read. */
const PROGRAM = `
  const { createOpikLocal } = await import("./src/server.ts");
  const { webIfLoaded } = await import("./src/http/lazy-web.ts");
  await using server = createOpikLocal({ config: { database: ":memory:", port: 0 } });
  const { port } = new URL(await server.listen());
  const { get } = await import("node:http");
  const statusOf = (path) => new Promise((resolve) => get({ port, path, agent: false }, (answer) => {
    answer.resume().once("end", () => resolve(answer.statusCode));
  }));
  const statuses = [await statusOf("/is-alive/ping"), await statusOf("/v1/private/projects?page=1&name=a%20b")];
  const before = webIfLoaded() !== undefined;
  statuses.push(await statusOf("/v1/private/projects/a%20b"));
  console.log(JSON.stringify({ before, statuses, after: webIfLoaded() !== undefined }));
`;

test("a server loads h3 with the first request that h3 has to read", async () => {
  const options = ["--input-type=module", "--eval", PROGRAM];
  const { stdout } = await promisify(execFile)(process.execPath, options);
  expect(JSON.parse(stdout)).toEqual({ before: false, statuses: [200, 200, 404], after: true });
});

/** An app that answers `GET /count` with how often it was asked. */
function countingApp(): LazyApp {
  let count = 0;
  const api: Api = {
    prefixes: [""],
    routes: [
      {
        method: "GET",
        path: "/count",
        operation: { id: "count", tag: "Count", summary: "Count", responses: {} },
        handle: () => Promise.resolve({ status: 200, body: { count: (count += 1) } }),
      },
    ],
    owns: () => true,
    errors: { name: "Error", schema: {} as never },
    toAnswer: (error) => ({ status: 500, body: { error: String(error) } }),
  };
  const events = new EventBus<object>({ now: () => 0, onListenerError: expect.fail });
  return new LazyApp({ apis: [api], allowedHosts: [], allowedOrigins: [], clock: new VirtualClock(), events });
}

test("requests that come before the app is made are answered in their order", async () => {
  const app = countingApp();
  const listener = await listen(app, "127.0.0.1", 0);
  onTestFinished(() => listener.close(0));
  const countOf = async (answer: Response): Promise<unknown> => (await answer.json()) as unknown;
  const inProcess = await Promise.all([app.request("/count"), app.request("/count")]);
  expect(await Promise.all(inProcess.map(countOf))).toEqual([{ count: 1 }, { count: 2 }]);
  const fromNetwork = await Promise.all([fetch(`${listener.url}/count`), fetch(`${listener.url}/count`)]);
  expect((await Promise.all(fromNetwork.map(countOf))).map((count) => JSON.stringify(count)).toSorted()).toEqual([
    '{"count":3}',
    '{"count":4}',
  ]);
  expect(await (await app.request("/count")).json()).toEqual({ count: 5 });
});

test("an app is made once", async () => {
  const app = countingApp();
  expect(await app.load()).toBe(await app.load());
  expect(await app.loadAll()).toBe(await app.loadAll());
});
