import { expect, test } from "vitest";
import { startTestServer } from "../../support/server.ts";

/** An object that cannot be made to a text. */
const OBJECT = '{"toString":1,"valueOf":1}';

const REQUESTS: ReadonlyArray<readonly [path: string, parameter: string, value: string]> = [
  ["traces?project_name=Default%20Project&", "sorting", `[{"field":${OBJECT}}]`],
  ["traces?project_name=Default%20Project&", "sorting", `[{"field":"id","direction":${OBJECT}}]`],
  ["traces?project_name=Default%20Project&", "exclude", `[${OBJECT}]`],
  ["experiments?", "types", `[${OBJECT}]`],
  ["experiments?", "types", "[[]]"],
  ["experiments?", "experiment_ids", `[${OBJECT}]`],
  ["experiments/groups?", "groups", `[{"field":${OBJECT}}]`],
  ["experiments/groups?", "groups", `[{"field":"metadata","key":${OBJECT}}]`],
  ["experiments/groups?", "groups", `[{"field":"tags","type":${OBJECT}}]`],
];

test.for(REQUESTS)("an object in a list of texts is refused: %s%s=%s", async ([path, name, value]) => {
  const { call } = await startTestServer();
  const reply = await call("GET", `/v1/private/${path}${name}=${encodeURIComponent(value)}`);
  expect([reply.status, reply.text]).toEqual([400, expect.stringContaining(JSON.stringify(value).slice(1, -1))]);
});
