import { expect, test } from "vitest";
import { startTestServer } from "../../support/server.ts";

test("an update of several traces makes the environment that it names", async () => {
  const { call, server } = await startTestServer();
  const id = server.ids.uuid();
  const update = (ids: string[]) =>
    call("PATCH", "/v1/private/traces/batch", { body: { ids, update: { environment: "staging" } } });
  const names = async (): Promise<unknown> =>
    ((await call("GET", "/v1/private/environments")).json as { content: Array<{ name: string }> }).content.map(
      ({ name }) => name,
    );
  const before = await names();
  await update([id]);
  expect(await names()).toEqual(before);
  await call("POST", "/v1/private/traces", { body: { id, start_time: "2026-01-01T00:00:01Z" } });
  await update([id]);
  expect(await names()).toContain("staging");
});
