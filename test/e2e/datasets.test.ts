import { evaluate, ExactMatch, Opik, runTests } from "opik";
import { expect, test, vi } from "vitest";
import { createOpikLocal } from "../../src/server.ts";
import { REFUSED, startFakeModel } from "./support/fake-model.ts";

/*
 * The SDK from npm keeps datasets and evaluates tasks on a real socket; what it wrote is read back through the SDK.
 */

const PROJECT = "datasets-e2e";

/** A server on a free port and a client of it; everything the SDK prints is collected. */
async function startLibrary(): Promise<{ server: AsyncDisposable; client: Opik; printed: unknown[][] }> {
  const server = createOpikLocal({ config: { database: ":memory:", port: 0 } });
  const url = await server.listen();
  const printed: unknown[][] = [];
  for (const method of ["log", "info", "warn", "error"] as const) {
    vi.spyOn(console, method).mockImplementation((...words: unknown[]) => void printed.push(words));
  }
  vi.stubEnv("OPIK_URL_OVERRIDE", `${url}/api`);
  vi.stubEnv("OPIK_PROJECT_NAME", PROJECT);
  const client = new Opik({ apiUrl: `${url}/api`, projectName: PROJECT, workspaceName: "default" });
  return { server, client, printed };
}

test("items are written once, changed and deleted, each in a version", async () => {
  const { server, client, printed } = await startLibrary();
  await using _stopped = server;
  const dataset = await client.createDataset("questions", "About letters");
  await dataset.insert([
    { q: "a", expected: "A" },
    { q: "b", expected: "B" },
    { q: "c", expected: "C" },
  ]);
  const same = await client.getDataset("questions");
  await same.insert([
    { q: "a", expected: "A" },
    { q: "d", expected: "D" },
  ]);
  const items = await same.getItems();
  expect(items.map(({ q }) => q)).toEqual(["d", "c", "b", "a"]);

  const [last, third] = items;
  await same.update([{ ...last!, expected: "changed" }]);
  await same.delete([third!.id]);
  expect(await same.getItems(2)).toMatchObject([{ q: "d", expected: "changed" }, { q: "b" }]);
  expect(await same.getItems(2, items[2]!.id)).toMatchObject([{ q: "a" }]);

  const { content: versions } = await client.api.datasets.listDatasetVersions(dataset.id);
  expect(versions).toMatchObject([
    { versionName: "v4", itemsTotal: 3, itemsDeleted: 1, isLatest: true },
    { versionName: "v3", itemsTotal: 4, itemsModified: 1 },
    { versionName: "v2", itemsTotal: 4, itemsAdded: 1 },
    { versionName: "v1", itemsTotal: 3, itemsAdded: 3 },
  ]);
  await same.clear();
  expect(await same.getItems()).toEqual([]);
  await client.deleteDataset("questions");
  await expect(client.getDataset("questions")).rejects.toThrow(/not found/i);
  expect(printed.flat().join("\n")).not.toMatch(/warn|error|fail/i);
});

test("a task is evaluated, and the experiment is read back", async () => {
  const { server, client, printed } = await startLibrary();
  await using _stopped = server;
  const dataset = await client.createDataset("letters");
  await dataset.insert([
    { q: "a", expected: "A" },
    { q: "b", expected: "no" },
  ]);
  const result = await evaluate({
    client,
    dataset,
    experimentName: "upper case",
    projectName: PROJECT,
    experimentConfig: { model: "none" },
    tags: ["first"],
    scoringMetrics: [new ExactMatch()],
    task: async ({ q }) => ({ output: String(q).toUpperCase() }),
  });
  await client.flush();
  expect(result.testResults).toHaveLength(2);

  const read = await client.api.experiments.getExperimentById(result.experimentId);
  expect(read).toMatchObject({
    name: "upper case",
    datasetName: "letters",
    metadata: { model: "none" },
    tags: ["first"],
    traceCount: 2,
    feedbackScores: [{ name: "exact_match", value: 0.5 }],
    datasetVersionSummary: { versionName: "v1" },
    duration: { p50: expect.any(Number) },
  });
  const experiment = await client.getExperiment("upper case");
  const items = await experiment.getItems();
  expect(items.map(({ evaluationTaskOutput }) => evaluationTaskOutput)).toEqual(
    expect.arrayContaining([{ output: "A" }, { output: "B" }]),
  );
  expect(items.map(({ feedbackScores }) => feedbackScores?.map(({ name, value }) => ({ name, value })))).toEqual(
    expect.arrayContaining([[{ name: "exact_match", value: 1 }], [{ name: "exact_match", value: 0 }]]),
  );
  expect(await client.getDatasetExperiments("letters")).toMatchObject([{ id: result.experimentId }]);
  expect(printed.flat().join("\n")).not.toMatch(/warn|error|fail/i);
  await client.deleteExperiment(result.experimentId);
  await expect(client.getExperiment("upper case")).rejects.toThrow(/not found/i);
});

test("a test suite is judged by a model, and its experiment says which items passed", async () => {
  const { server, client, printed } = await startLibrary();
  await using _stopped = server;
  vi.stubEnv("OPENAI_API_KEY", "none");
  vi.stubEnv("OPENAI_BASE_URL", await startFakeModel());
  const suite = await client.createTestSuite({
    name: "manners",
    globalAssertions: ["is polite"],
    globalExecutionPolicy: { runsPerItem: 2, passThreshold: 1 },
    projectName: PROJECT,
  });
  await suite.insert([{ data: { q: "a" } }, { data: { q: REFUSED }, assertions: ["is short"] }]);
  const result = await runTests({ testSuite: suite, task: async ({ q }) => ({ input: q, output: q }) });
  await client.flush();
  expect(result).toMatchObject({ allItemsPassed: false, itemsPassed: 1, itemsTotal: 2, passRate: 0.5 });

  const read = await client.api.experiments.getExperimentById(result.experimentId);
  expect(read).toMatchObject({ datasetName: "manners", traceCount: 4, passRate: 0.5, passedCount: 1, totalCount: 2 });
  const pass = Object.fromEntries(read.assertionScores?.map(({ name, value }) => [name, value]) ?? []);
  expect(pass).toEqual({ "is polite": 0.5, "is short": 0 });
  // The library that calls the model warns of the SDK's way to call it.
  const own = printed.flat().filter((words) => !String(words).startsWith("AI SDK Warning"));
  expect(own.join("\n")).not.toMatch(/warn|error|fail/i);
});
