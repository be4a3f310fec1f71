import { Opik } from "opik";
import { expect, test, vi } from "vitest";
import { createOpikLocal } from "../../src/server.ts";

/*
 * The SDK from npm keeps prompts, environments and annotation queues on a real socket, and reads them back.
 */

const PROJECT = "library-e2e";

test("prompts, their versions, tags and environments are written and read back", async () => {
  await using server = createOpikLocal({ config: { database: ":memory:", port: 0 } });
  const url = await server.listen();
  const printed: unknown[][] = [];
  for (const method of ["log", "info", "warn", "error"] as const) {
    vi.spyOn(console, method).mockImplementation((...words: unknown[]) => void printed.push(words));
  }
  const client = new Opik({ apiUrl: `${url}/api`, projectName: PROJECT, workspaceName: "default" });

  const first = await client.createPrompt({ name: "greet", prompt: "Hello {{name}}", metadata: { tone: "warm" } });
  const again = await client.createPrompt({ name: "greet", prompt: "Hello {{name}}", metadata: { tone: "warm" } });
  expect(again.commit).toBe(first.commit);
  const second = await client.createPrompt({ name: "greet", prompt: "Hi {{name}}" });
  expect(second.format({ name: "Ada" })).toBe("Hi Ada");
  await second.updateProperties({ tags: ["production", "v2", "qa"], description: "Greets" });
  const read = await client.getPrompt({ name: "greet" });
  expect(read).toMatchObject({ description: "Greets", tags: ["qa", "production", "v2"] });
  expect((await read!.getVersions()).map(({ prompt }) => prompt)).toEqual(["Hi {{name}}", "Hello {{name}}"]);
  expect((await client.getPrompt({ name: "greet", commit: first.commit! }))?.prompt).toBe("Hello {{name}}");

  await client.createChatPrompt({ name: "talk", messages: [{ role: "user", content: "{{question}}" }] });
  const chat = await client.getChatPrompt({ name: "talk" });
  expect(chat?.format({ question: "why?" })).toEqual([{ role: "user", content: "why?" }]);
  const found = await client.searchPrompts('tags contains "qa"');
  expect(found.map(({ name }) => name)).toEqual(["greet"]);
  expect(await client.getPrompt({ name: "nothing" })).toBeNull();
  await client.deletePrompts([second.id!]);
  expect(await client.getPrompt({ name: "greet" })).toBeNull();
  expect(printed.flat().join("\n")).not.toMatch(/warn|error|fail/i);
});

test("traces are put into an annotation queue and taken out again", async () => {
  await using server = createOpikLocal({ config: { database: ":memory:", port: 0 } });
  const url = await server.listen();
  const client = new Opik({ apiUrl: `${url}/api`, projectName: PROJECT, workspaceName: "default" });
  const trace = client.trace({ name: "asked", input: { q: "why?" }, environment: "staging" });
  trace.end();
  await client.flush();
  const { content: environments } = await client.api.environments.findEnvironments();
  expect(environments).toMatchObject([{ name: "staging" }]);

  const queue = await client.createTracesAnnotationQueue({ name: "to judge", projectName: PROJECT });
  const [stored] = await client.searchTraces({ projectName: PROJECT });
  await queue.addTraces([stored!]);
  expect(await queue.getItemsCount()).toBe(1);
  await queue.removeTraces([stored!]);
  expect(await queue.getItemsCount()).toBe(0);
  await client.deleteTracesAnnotationQueue(queue.id);
  await expect(client.getTracesAnnotationQueue(queue.id)).rejects.toThrow();
});
