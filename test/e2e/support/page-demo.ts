import { expect } from "vitest";

/** Ids of what a server with `demo.yaml` and `executor.yaml` has after `fillDemo`. */
export interface Demo {
  project: string;
  trace: string;
  otherTrace: string;
  prompt: string;
  dataset: string;
  experiment: string;
  otherExperiment: string;
}

const idOf = (number: number): string => `0193aaaa-0000-7000-8000-${String(number).padStart(12, "0")}`;

/** A time in the last ten minutes. */
const timeOf = (seconds: number): string => new Date(Date.now() - 600_000 + seconds * 1_000).toISOString();

/** What must stay text wherever it is shown. */
export const HOSTILE = `<img src="http://127.0.0.1:1/x" onerror="alert(1)"><script>alert(2)</script>`;

const ANSWER = [
  "# Lisbon",
  "- 15 °C in `December`",
  "![tracker](http://127.0.0.1:1/tracker.png)",
  "[click](javascript:alert(3))",
  HOSTILE,
].join("\n\n");

/** Writes one of everything that the page shows, over HTTP. */
export async function fillDemo(url: string): Promise<Demo> {
  const send = async (path: string, body: unknown, method: "POST" | "PUT" | "PATCH" = "POST"): Promise<void> => {
    const headers = { "content-type": "application/json" };
    const response = await fetch(`${url}/api/v1/private/${path}`, { method, headers, body: JSON.stringify(body) });
    expect([path, response.status < 300]).toEqual([path, true]);
  };
  const first = async (path: string): Promise<string> => {
    const response = await fetch(`${url}/api/v1/private/${path}`);
    return ((await response.json()) as { content: Array<{ id: string }> }).content[0]!.id;
  };
  const messages = [
    { role: "system", content: "You are a **helpful** travel agent." },
    { role: "user", content: "Where should I go?" },
    {
      role: "assistant",
      content: null,
      tool_calls: [{ function: { name: "weather", arguments: '{"city":"Lisbon"}' } }],
    },
  ];
  const common = { project_name: "demo", thread_id: "trip-42" };
  await send("traces/batch", {
    traces: [
      {
        ...{ ...common, id: idOf(1), name: "plan a trip", start_time: timeOf(0), end_time: timeOf(4) },
        ...{ input: { messages }, output: { choices: [{ message: { role: "assistant", content: ANSWER } }] } },
        ...{ tags: ["travel"], metadata: { region: "eu", hostile: HOSTILE } },
      },
      {
        ...{ ...common, id: idOf(2), name: HOSTILE, start_time: timeOf(10), end_time: timeOf(12) },
        ...{ input: { question: HOSTILE }, error_info: { exception_type: "TimeoutError", message: HOSTILE } },
      },
    ],
  });
  const span = { project_name: "demo", trace_id: idOf(1) };
  await send("spans/batch", {
    spans: [
      { ...span, id: idOf(11), name: "answer", type: "general", start_time: timeOf(0), end_time: timeOf(3) },
      {
        ...{ ...span, id: idOf(12), parent_span_id: idOf(11), name: "gpt", type: "llm", start_time: timeOf(1) },
        ...{
          end_time: timeOf(2),
          model: "gpt-4o",
          provider: "openai",
          usage: { total_tokens: 957 },
          output: "thinking",
        },
      },
    ],
  });
  const score = { id: idOf(1), project_name: "demo", name: "helpfulness", value: 0.9, source: "sdk" };
  await send("traces/feedback-scores", { scores: [score] }, "PUT");
  for (const template of ["Hello {{name}}", `Dear {{name}},\nwelcome ${HOSTILE}`]) {
    const prompt = { name: "greet", template_structure: "text", project_name: "demo" };
    await send("prompts/versions", { ...prompt, version: { template, type: "mustache" } });
  }
  await send("datasets", { name: "questions", project_name: "demo" });
  const dataset = await first("datasets");
  const items = [{ id: idOf(21), source: "sdk", data: { question: "why?", answer: 42 } }];
  await send("datasets/items", { dataset_id: dataset, items }, "PUT");
  for (const [id, name] of [
    [idOf(31), "first"],
    [idOf(32), "second"],
  ]) {
    await send("experiments", { id, name, dataset_name: "questions", project_name: "demo" });
  }
  await send("experiments/items", {
    experiment_items: [
      { id: idOf(41), experiment_id: idOf(31), dataset_item_id: idOf(21), trace_id: idOf(1) },
      { id: idOf(42), experiment_id: idOf(32), dataset_item_id: idOf(21), trace_id: idOf(2) },
    ],
  });
  const project = await first("projects?name=demo");
  const values = [{ key: "temperature", value: "0.2", type: "float" }];
  await send("agent-configs/blueprints", { project_id: project, blueprint: { type: "blueprint", values } }, "PATCH");
  return {
    ...{ project, dataset, prompt: await first("prompts"), trace: idOf(1), otherTrace: idOf(2) },
    ...{ experiment: idOf(31), otherExperiment: idOf(32) },
  };
}

/** Writes so many traces into a project; the first one is called `trace 0`. */
export async function writeTraces(url: string, project: string, count: number): Promise<void> {
  const batch = 1_000;
  for (let from = 0; from < count; from += batch) {
    const traces = Array.from({ length: batch }, (_, index) => ({
      ...{ id: `0193bbbb-0000-7000-8000-${String(from + index).padStart(12, "0")}`, project_name: project },
      ...{ name: `trace ${from + index}`, start_time: new Date(Date.UTC(2026, 0, 1) + from + index).toISOString() },
    }));
    const response = await fetch(`${url}/api/v1/private/traces/batch`, {
      ...{ method: "POST", headers: { "content-type": "application/json" } },
      body: JSON.stringify({ traces }),
    });
    expect(response.status).toBe(204);
  }
}
