import { expect, test } from "vitest";
import { expectStatus } from "../../../support/pairing.ts";
import { type ReaperWorld, RUNNERS, startReaperWorld } from "../../reaper-world.ts";

/** Appends a batch of one stream to a job's log. */
async function append({ call }: ReaperWorld, job: string, ...texts: string[]): Promise<void> {
  const body = texts.map((text) => ({ stream: "out", text }));
  expectStatus(await call("POST", `${RUNNERS}/jobs/${job}/logs`, { body }), 204);
}

async function texts({ call }: ReaperWorld, job: string): Promise<string[]> {
  const entries = expectStatus(await call("GET", `${RUNNERS}/jobs/${job}/logs`), 200).json as Array<{ text: string }>;
  return entries.map(({ text }) => text);
}

function notices({ seen }: ReaperWorld): unknown[] {
  return seen.filter(({ name }) => name === "client:notice").map(({ payload }) => payload);
}

const full = expect.stringMatching(/^\[opik-local\] log limit reached: /);

test("a job's log drops what is beyond its bytes, and says so once in the log and on the console", async () => {
  // Each of these entries has 3 bytes for its stream, and as many as its text has in UTF-8.
  const world = await startReaperWorld({ config: { maxLogBytesPerJob: 12 } });
  const job = await world.submitJob();
  await append(world, job, "äö");
  await append(world, job, "x", "dropped", "y");
  expect(await texts(world, job)).toEqual(["äö", "x", full]);
  await append(world, job, "z");
  expect(await texts(world, job)).toEqual(["äö", "x", full]);
  expect(notices(world)).toEqual([{ message: expect.stringContaining(`The log of job ${job} is full`) }]);
  const appended = world.seen.filter(({ name }) => name === "job:logs:appended");
  expect(appended.map(({ payload }) => (payload as { offset: number }).offset)).toEqual([0, 1]);
});

test("a log that reaches its limits exactly is whole", async () => {
  const world = await startReaperWorld({ config: { maxLogBytesPerJob: 8, maxLogEntriesPerJob: 2 } });
  const job = await world.submitJob();
  await append(world, job, "a", "b");
  expect(await texts(world, job)).toEqual(["a", "b"]);
  expect(notices(world)).toEqual([]);
});

test("a job's log has a most number of entries", async () => {
  const world = await startReaperWorld({ config: { maxLogEntriesPerJob: 3 } });
  const job = await world.submitJob();
  await append(world, job, "a", "b");
  await append(world, job, "c", "d");
  expect(await texts(world, job)).toEqual(["a", "b", "c", full]);
  const other = await world.submitJob();
  await append(world, other, "a");
  expect(await texts(world, other)).toEqual(["a"]);
});

test("a full log stays full when it is exported and loaded again", async () => {
  const config = { maxLogEntriesPerJob: 1 };
  const world = await startReaperWorld({ config });
  const job = await world.submitJob();
  await append(world, job, "a", "b");
  const fixture = expectStatus(await world.call("GET", "/__local/fixtures"), 200).text;
  expectStatus(await world.call("POST", "/__local/reset"), 200);
  const files = [{ name: "export.json", text: fixture }];
  expectStatus(await world.call("POST", "/__local/fixtures", { body: { files } }), 200);
  await append(world, job, "c");
  expect(await texts(world, job)).toEqual(["a", full]);
});
