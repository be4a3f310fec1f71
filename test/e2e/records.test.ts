import { Opik } from "opik";
import { expect, test, vi } from "vitest";
import { createOpikLocal } from "../../src/server.ts";

/*
 * What a user of the SDK from npm sees of searches, scores and threads.
 */

const PROJECT = "records-e2e";

/** A server on a free port and a client of it; what the SDK prints as a warning or error is collected. */
async function startClient(): Promise<{ server: AsyncDisposable; client: Opik; printed: unknown[][] }> {
  const server = createOpikLocal({ config: { database: ":memory:", port: 0 } });
  const url = await server.listen();
  const printed: unknown[][] = [];
  for (const method of ["warn", "error"] as const) {
    vi.spyOn(console, method).mockImplementation((...words: unknown[]) => void printed.push(words));
  }
  const client = new Opik({ apiUrl: `${url}/api`, projectName: PROJECT, workspaceName: "default" });
  return { server, client, printed };
}

/** Writes an ended trace. */
function writeTrace(
  client: Opik,
  name: string,
  given: { tags?: string[]; metadata?: Record<string, unknown>; threadId?: string } = {},
) {
  const trace = client.trace({ name, input: { query: name }, ...given });
  trace.update({ output: { result: `${name} done` } });
  trace.end();
  return trace;
}

test("traces are found by filters, up to a limit", async () => {
  const { server, client, printed } = await startClient();
  await using _stopped = server;
  writeTrace(client, "first", { tags: ["red"], metadata: { version: "1.0", nested: { n: 5 } } });
  writeTrace(client, "second", { tags: ["green"], metadata: { version: "2.0" } });
  writeTrace(client, "First again", { tags: ["red", "green"] });
  await client.flush();
  const search = async (filterString: string): Promise<Array<string | undefined>> =>
    (await client.searchTraces({ projectName: PROJECT, filterString })).map(({ name }) => name);
  expect(await search('name = "FIRST"')).toEqual(["first"]);
  expect(await search('name starts_with "first"')).toEqual(["First again", "first"]);
  expect(await search('tags contains "green" AND output contains "again"')).toEqual(["First again"]);
  expect(await search('metadata.version = "2.0"')).toEqual(["second"]);
  expect(await search('name = "nothing"')).toEqual([]);
  const [trace] = await client.searchTraces({ projectName: PROJECT, filterString: 'name = "second"' });
  expect(trace).toMatchObject({
    input: { query: "second" },
    output: { result: "second done" },
    tags: ["green"],
    startTime: expect.any(Date),
    endTime: expect.any(Date),
  });
  expect(await client.searchTraces({ projectName: PROJECT, maxResults: 2 })).toHaveLength(2);
  expect(printed).toEqual([]);
});

test("scores of traces and spans are read with them", async () => {
  const { server, client, printed } = await startClient();
  await using _stopped = server;
  const trace = writeTrace(client, "scored");
  const span = trace.span({ name: "call", type: "llm" });
  span.end();
  client.logTracesFeedbackScores([
    { id: trace.data.id, name: "quality", value: 0.9, reason: "Good", categoryName: "high" },
    { id: trace.data.id, name: "speed", value: 0 },
  ]);
  client.logSpansFeedbackScores([{ id: span.data.id, name: "accuracy", value: 0.123456 }]);
  await client.flush();
  expect(await client.api.traces.getTraceById(trace.data.id)).toMatchObject({
    feedbackScores: [
      { name: "quality", value: 0.9, reason: "Good", categoryName: "high", source: "sdk" },
      { name: "speed", value: 0 },
    ],
    spanFeedbackScores: [{ name: "accuracy", value: 0.123456 }],
  });
  expect(await client.api.spans.getSpanById(span.data.id)).toMatchObject({
    feedbackScores: [{ name: "accuracy", value: 0.123456 }],
  });
  const found = await client.searchTraces({ projectName: PROJECT, filterString: "feedback_scores.quality > 0.8" });
  expect(found.map(({ id }) => id)).toEqual([trace.data.id]);
  expect(printed).toEqual([]);
});

test("threads are found by filters", async () => {
  const { server, client, printed } = await startClient();
  await using _stopped = server;
  writeTrace(client, "question", { threadId: "talk" });
  writeTrace(client, "follow-up", { threadId: "talk" });
  writeTrace(client, "other", { threadId: "chat" });
  await client.flush();
  const threads = await client.searchThreads({
    projectName: PROJECT,
    filterString: 'first_message contains "question" AND number_of_messages > 2',
  });
  expect(threads).toMatchObject([
    {
      id: "talk",
      status: "active",
      numberOfMessages: 4,
      firstMessage: { query: "question" },
      startTime: expect.any(Date),
    },
  ]);
  expect(await client.searchThreads({ projectName: PROJECT })).toHaveLength(2);
  expect(printed).toEqual([]);
});

test("traces are put into an annotation queue and read back from it", async () => {
  const { server, client, printed } = await startClient();
  await using _stopped = server;
  const trace = writeTrace(client, "to score");
  writeTrace(client, "other");
  await client.flush();
  const queue = await client.createTracesAnnotationQueue({
    name: "review",
    projectName: PROJECT,
    feedbackDefinitionNames: ["quality"],
  });
  const [found] = await client.searchTraces({ projectName: PROJECT, filterString: `id = "${trace.data.id}"` });
  await queue.addTraces([found!]);
  expect(await queue.getItemsCount()).toBe(1);
  const filterString = `annotation_queue_ids contains "${queue.id}"`;
  const names = (await client.searchTraces({ projectName: PROJECT, filterString })).map(({ name }) => name);
  expect(names).toEqual(["to score"]);
  await queue.update({ name: "reviewed" });
  expect((await client.getTracesAnnotationQueue(queue.id)).name).toBe("reviewed");
  await queue.removeTraces([found!]);
  expect(await queue.getItemsCount()).toBe(0);
  await queue.delete();
  expect(await client.getTracesAnnotationQueues({ projectName: PROJECT })).toEqual([]);
  expect(printed).toEqual([]);
});
