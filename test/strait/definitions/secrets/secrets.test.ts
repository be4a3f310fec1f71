import { expect, test } from "vitest";
import { answer, startExecutor } from "../../dispatch/executor.ts";
import { createDispatchWorld, type DispatchWorld } from "../../dispatch/world.ts";

async function keep(world: DispatchWorld, secret: Record<string, unknown>): Promise<string> {
  const { status, json, text } = await world.call("POST", "/v1/secrets", { value: "hush", ...secret });
  expect(status, text).toBe(201);
  return json.id as string;
}

test("a push carries the secrets of its job and its environment, and no others", async () => {
  const world = createDispatchWorld();
  const executor = await startExecutor();
  const jobId = await world.job({ endpoint_url: executor.url });
  const staging = await world.job({ endpoint_url: executor.url, environment_id: "staging" });
  await keep(world, { job_id: jobId, secret_key: "DB_URL", value: "postgres://ü" });
  await keep(world, { job_id: jobId, secret_key: "API_KEY" });
  await keep(world, { job_id: jobId, secret_key: "ELSEWHERE", environment: "staging" });
  await keep(world, { job_id: staging, secret_key: "STAGED", environment: "staging" });
  await keep(world, { secret_key: "OF_THE_PROJECT" });
  await world.untilRunIs(await world.trigger(jobId), "completed");
  await world.untilRunIs(await world.trigger(staging), "completed");
  const carried = executor.asked.map(({ headers }) =>
    Object.entries(headers).filter(([name]) => name.startsWith("x-secret-")),
  );
  // Node reads the bytes of a header one by one.
  const url = Buffer.from("postgres://ü", "utf8").toString("latin1");
  expect(carried).toEqual([
    [
      ["x-secret-api_key", "hush"],
      ["x-secret-db_url", url],
    ],
    [["x-secret-staged", "hush"]],
  ]);
});

test("a secret that was deleted or replaced is another with the next attempt", async () => {
  const world = createDispatchWorld();
  const executor = await startExecutor(answer(500));
  const jobId = await world.job({ endpoint_url: executor.url, retry_strategy: "fixed" });
  const old = await keep(world, { job_id: jobId, secret_key: "TOKEN", value: "old" });
  const id = await world.trigger(jobId);
  await world.untilAttemptFailed(id);
  await world.call("DELETE", `/v1/secrets/${old}`);
  await keep(world, { job_id: jobId, secret_key: "TOKEN", value: "new" });
  executor.behave(answer(200));
  await world.clock.advance(1_000);
  await world.untilRunIs(id, "completed");
  expect(executor.asked.map(({ headers }) => headers["x-secret-token"])).toEqual(["old", "new"]);
});

test("a key that differs in its case alone is the same header, and refused", async () => {
  const world = createDispatchWorld();
  const jobId = await world.job();
  await keep(world, { job_id: jobId, secret_key: "Token" });
  const { status, json } = await world.call("POST", "/v1/secrets", { job_id: jobId, secret_key: "TOKEN", value: "v" });
  expect([status, json.error.message]).toEqual([409, 'the job has a secret "Token" already: delete it first']);
  await keep(world, { job_id: jobId, secret_key: "TOKEN", environment: "staging" });
});

test("no answer of the server shows a value", async () => {
  const world = createDispatchWorld();
  const executor = await startExecutor();
  const jobId = await world.job({ endpoint_url: executor.url });
  const made = await world.call("POST", "/v1/secrets", {
    job_id: jobId,
    secret_key: "TOKEN",
    value: "a-well-kept-one",
  });
  const runId = await world.trigger(jobId);
  await world.untilRunIs(runId, "completed");
  const paths = [
    ...["/v1/secrets", `/v1/secrets/${made.json.id}`, `/v1/jobs/${jobId}`, `/v1/jobs/${jobId}/versions`],
    ...[`/v1/runs/${runId}/debug-bundle`, "/__local/state"],
  ];
  for (const path of paths) {
    const { status, text } = await world.call("GET", path);
    expect([path, status]).toEqual([path, 200]);
    expect(text).not.toContain("a-well-kept-one");
  }
  expect(made.text).not.toContain("a-well-kept-one");
});
