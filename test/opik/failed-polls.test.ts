import { expect, test } from "vitest";
import { createProject, pairRunner } from "../support/pairing.ts";
import { startTestServer } from "../support/server.ts";

test("an error of ours is answered with an id, but a poll without a body, as by the real server", async () => {
  const { call, server } = await startTestServer();
  const runnerId = await pairRunner(call, { projectId: await createProject(call, "broken") });
  const runner = `/v1/private/local-runners/${runnerId}`;
  server.database.prepare("DROP TABLE job_logs").run();
  server.database.prepare("DROP TABLE jobs").run();
  server.database.prepare("DROP TABLE job_blocks").run();
  server.database.prepare("DROP TABLE bridge_commands").run();

  const polls = [
    call("POST", `${runner}/jobs/next`),
    call("POST", `${runner}/bridge/commands/next`),
    call("GET", `${runner}/bridge/commands/${runnerId}`),
  ];
  for (const reply of await Promise.all(polls)) expect([reply.status, reply.text]).toEqual([500, ""]);
  expect(await call("GET", `${runner}/jobs`)).toMatchObject({ status: 500, json: { code: 500 } });
});
