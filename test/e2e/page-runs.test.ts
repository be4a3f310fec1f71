import type { Locator } from "playwright-core";
import { describe, expect, onTestFinished, test } from "vitest";
import { startOpikLocal } from "../../src/testing/index.ts";
import { answer, startExecutor } from "../strait/dispatch/executor.ts";
import { HAS_BROWSER, useBrowser } from "./support/browser.ts";
import { LAPTOP, post, shows, startDemo } from "./support/page.ts";

describe.skipIf(!HAS_BROWSER)("runs and jobs on the page, in Chromium", () => {
  const open = useBrowser();

  test("an executor run is triggered by its form, and replayed from the dead letters", async () => {
    const opik = await startDemo();
    const { page } = await open(`${opik.url}/__local/ui/runs`);
    const form = page.locator("form").filter({ hasText: "release" });
    await form.getByRole("textbox", { name: "payload" }).fill('{"version":"9.9.9"}');
    await form.getByRole("button", { name: "Trigger" }).click();
    await page.waitForURL("**/__local/ui/runs/*");
    await shows(page, "9.9.9");
    await shows(page, "It waits in the queue releases for a worker.");
    await page.goto(`${opik.url}/__local/ui/runs?status=dead_letter`);
    await page.getByRole("table", { name: "Executor runs" }).getByRole("link").first().click();
    await page.getByRole("button", { name: "Replay from the dead letter queue" }).click();
    await page.getByRole("heading", { level: 1, name: /queued/ }).waitFor();
  });

  test("a job with a schedule says when it fires next", async () => {
    const opik = await startDemo();
    const job = { project_id: "default", name: "Hourly", slug: "hourly", execution_mode: "worker", cron: "0 * * * *" };
    await post(`${opik.url}/v1/jobs`, job);
    const { page } = await open(`${opik.url}/__local/ui/runs`);
    await page
      .locator("form")
      .filter({ hasText: "Hourly" })
      .getByText(/, next in /)
      .waitFor();
  });

  test("a run that waits gets its event from the page, and completes", async () => {
    const opik = await startDemo();
    await post(`${opik.url}/v1/jobs/${await releaseJob(opik.url)}/trigger`, { payload: {} });
    const assigned = await nextRun(opik.url);
    expect(await report(opik.url, assigned, "wait-for-event", { event_key: "go", timeout_secs: 600 })).toBe(200);
    const { page } = await open(`${opik.url}/__local/ui/runs/${assigned.run.id}`);
    await page.getByRole("heading", { level: 1, name: /waiting/ }).waitFor();
    await page.getByRole("button", { name: "Send the event" }).click();
    await page.getByRole("heading", { level: 1, name: /queued/ }).waitFor();
    expect(await report(opik.url, await nextRun(opik.url), "complete", { result: { gone: true } })).toBe(200);
    await page.getByRole("heading", { level: 1, name: /completed/ }).waitFor();
  });

  test("a run leads to its child and back, and shows its webhook", async () => {
    const opik = await startDemo();
    const { url: receiver } = await startExecutor(answer(503));
    const job = { project_id: "default", name: "Parent", slug: "parent", execution_mode: "worker" };
    const { id } = (await post(`${opik.url}/v1/jobs`, {
      ...{ ...job, queue_name: "releases", webhook_url: receiver, webhook_secret: "a secret of thirty-two characters" },
    })) as { id: string };
    await post(`${opik.url}/v1/jobs/${id}/trigger`, { payload: { part: "whole" } });
    const assigned = await nextRun(opik.url);
    const { page } = await open(`${opik.url}/__local/ui/runs/${assigned.run.id}`);
    const history = page.getByRole("region", { name: "History" });
    await history.getByText("attempt 1 began").waitFor();
    const child = { job_slug: "parent", project_id: "default", payload: { part: "half" } };
    expect(await report(opik.url, assigned, "spawn", child)).toBe(201);
    await history.getByText("child queued").waitFor();
    expect(await report(opik.url, assigned, "complete", { result: {} })).toBe(200);
    await history.getByText(`webhook ${receiver} pending server error: status 503, next attempt at`).waitFor();
    await history.getByRole("link", { name: "open" }).click();
    await page.getByRole("region", { name: "Payload" }).getByText("half").waitFor();
    await page.getByRole("link", { name: "parent", exact: true }).click();
    await page.waitForURL(`**/runs/${assigned.run.id}`);
    await page.getByRole("heading", { level: 1, name: "Parent completed" }).waitFor();
  });

  test("a runner says since when it is connected, and since when it is not", async () => {
    const opik = await startDemo("virtual");
    const text = JSON.stringify({
      projects: [{ name: "short" }],
      runners: [{ name: "short-lived", project: "short" }],
    });
    await post(`${opik.url}/__local/fixtures`, { files: [{ name: "short.json", text }] });
    const { page } = await open(`${opik.url}/__local/ui/`);
    const card = (name: string): Locator => page.getByRole("listitem").filter({ hasText: name });
    await card("laptop").getByText("connected 2 hr. ago").waitFor();
    await card("short-lived").getByText("connected now").waitFor();
    await opik.clock.advance("1h");
    await card("laptop").getByText("connected 3 hr. ago").waitFor();
    // It has sent no heartbeat: it was disconnected 15 s after its connection.
    await card("short-lived").getByText("disconnected 1 hr. ago").waitFor();
    await page.getByRole("link", { name: "short-lived" }).click();
    await page.getByText("disconnected 1 hr. ago").waitFor();
  });

  test("what a run waits for is said anew when its time passes", async () => {
    const opik = await startOpikLocal({ clock: "virtual" });
    onTestFinished(() => opik.stop());
    const job = { project_id: "default", name: "Release", slug: "release", execution_mode: "worker" };
    const { id } = (await post(`${opik.url}/v1/jobs`, { ...job, queue_name: "releases" })) as { id: string };
    await post(`${opik.url}/v1/jobs/${id}/trigger`, { payload: {} });
    const assigned = await nextRun(opik.url);
    const wait = { event_key: "go", timeout_secs: 4 * 3_600 };
    expect(await report(opik.url, assigned, "wait-for-event", wait)).toBe(200);
    const { page } = await open(`${opik.url}/__local/ui/runs/${assigned.run.id}`);
    await shows(page, "It times out in 4.0 h");
    // Nothing happens to the run meanwhile.
    await opik.clock.advance("1h");
    await shows(page, "It times out in 3.0 h");
  });

  test("the chunks of a run are shown as they come", async () => {
    const opik = await startDemo();
    await post(`${opik.url}/v1/jobs/${await releaseJob(opik.url)}/trigger`, { payload: {} });
    const assigned = await nextRun(opik.url);
    const { page } = await open(`${opik.url}/__local/ui/runs/${assigned.run.id}`);
    await page.getByRole("heading", { level: 1, name: /executing/ }).waitFor();
    for (const chunk of ["first ", "second"]) {
      const status = await report(opik.url, assigned, "stream", { chunk, stream_id: "answer", done: false });
      expect(status).toBeLessThan(300);
    }
    await shows(page, "first second");
  });

  test("a runner has its queue, its checklist and its bridge commands; a job is run again with other inputs", async () => {
    const opik = await startDemo();
    const { page } = await open(`${opik.url}/__local/ui/runners/${LAPTOP}`);
    await page.getByRole("region", { name: "Checklist" }).getByText("node fixtures/agents/echo.ts").waitFor();
    await shows(page, "The oldest pending job");
    const failed = opik.jobs.list().find(({ status }) => status === "failed")!;
    await page.goto(`${opik.url}/__local/ui/jobs/${failed.id}`);
    await shows(page, "1 cannot be divided by 0");
    await page.getByLabel("Search in the logs").fill("divide:");
    await shows(page, "1 found");
    const form = page.getByRole("region", { name: "Run again" });
    await form.getByLabel(/divisor/).fill("4");
    await form.getByRole("button", { name: "Run divide" }).click();
    await page.waitForURL((url) => url.pathname.includes("/jobs/") && !url.pathname.endsWith(failed.id));
    await page.getByRole("heading", { level: 1, name: /divide pending/ }).waitFor();
    const newest = opik.jobs.list().find(({ inputs }) => JSON.stringify(inputs) === '{"dividend":1,"divisor":4}');
    expect(newest).toMatchObject({ agent_name: "divide" });
    await page.goto(`${opik.url}/__local/ui/`);
    await page.getByRole("link", { name: "editor" }).click();
    await page.getByRole("region", { name: "Bridge commands" }).getByText("ListFiles").waitFor();
    const pending = page.getByRole("row").filter({ hasText: "ListFiles" });
    await pending.getByRole("cell", { name: "not yet" }).waitFor();
  });

  test("a job shows its logs in colours and its stack folded; the overview counts it", async () => {
    const opik = await startDemo();
    const runner = await opik.runners.connect({ agents: ["painter"], project: "demo" });
    const id = opik.jobs.create({ agent: "painter", project: "demo", inputs: {} });
    const { value: job } = await runner.jobs().next();
    await job!.log("\u001B[31mred\u001B[0m and plain\n");
    await job!.fail("TypeError: no paint\n    at paint (agent.ts:3:9)\n    at main (agent.ts:9:1)");
    const { page } = await open(`${opik.url}/__local/ui/jobs/${id}`);
    const red = page.getByRole("log").getByText("red", { exact: true });
    expect(await red.getAttribute("class")).toBe("ansi-red");
    await shows(page, "TypeError: no paint");
    const stack = page.getByText("at paint (agent.ts:3:9)");
    expect(await stack.isVisible()).toBe(false);
    await page.getByText("Stack", { exact: true }).click();
    await stack.waitFor();
    await page.goto(`${opik.url}/__local/ui/`);
    await page.getByRole("img", { name: /^In the last hour \d+ ended, [1-9]\d* of them failed$/ }).waitFor();
  });

  test("the items of each version of a dataset are shown, and what a version has changed", async () => {
    const opik = await startDemo();
    const datasets = (await (await fetch(`${opik.apiUrl}/v1/private/datasets?name=capitals`)).json()) as {
      content: Array<{ id: string }>;
    };
    const { id } = datasets.content[0]!;
    const item = { source: "sdk", data: { country: "Peru", capital: "Lima" } };
    // Without a group, items become a part of the latest version.
    const batch_group_id = "0193aaaa-0000-7000-8000-000000000077";
    const body = JSON.stringify({ dataset_id: id, batch_group_id, items: [item] });
    const init = { method: "PUT", headers: { "content-type": "application/json" }, body };
    expect((await fetch(`${opik.apiUrl}/v1/private/datasets/items`, init)).status).toBe(204);
    const { page } = await open(`${opik.url}/__local/ui/datasets/${id}`);
    await page.getByRole("cell", { name: "Lima" }).waitFor();
    await page.getByRole("button", { name: "changes" }).click();
    await page.locator("ins", { hasText: "Lima" }).waitFor();
    await page.getByRole("button", { name: /^v1/ }).click();
    await page.getByRole("button", { name: "items", exact: true }).click();
    await page.getByRole("cell", { name: "Canberra" }).waitFor();
    expect(await page.getByRole("cell", { name: "Lima" }).count()).toBe(0);
  });

  test("a job that ran with a mask leads to the configuration with its values", async () => {
    const opik = await startDemo();
    const { project_id } = opik.jobs.list()[0]!;
    const blueprints = `${opik.apiUrl}/v1/private/agent-configs/blueprints`;
    const values = [{ key: "temperature", value: "0.97", type: "float" }];
    const init = {
      method: "PATCH",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ project_id, blueprint: { type: "mask", values } }),
    };
    const mask_id = (await fetch(blueprints, init)).headers.get("location")!.split("/").at(-1)!;
    const job = { agent_name: "echo", project_id, inputs: { text: "masked" }, mask_id };
    await post(`${opik.apiUrl}/v1/private/local-runners/jobs`, job);
    const { id } = opik.jobs.list().find(({ inputs }) => JSON.stringify(inputs) === '{"text":"masked"}')!;
    const { page } = await open(`${opik.url}/__local/ui/jobs/${id}`);
    await page.getByRole("link", { name: "a mask" }).click();
    await page.getByRole("region", { name: "With the mask" }).getByRole("cell", { name: "0.97" }).waitFor();
  });
});

async function releaseJob(url: string): Promise<string> {
  const { data } = (await (await fetch(`${url}/v1/jobs`)).json()) as { data: Array<{ id: string; slug: string }> };
  return data.find(({ slug }) => slug === "release")!.id;
}

interface AssignedRun {
  run: { id: string };
  run_token: string;
}

/** Takes the next run of the queue, as a worker does. */
async function nextRun(url: string): Promise<AssignedRun> {
  return (await post(`${url}/__local/runs/next?queue=releases`)) as AssignedRun;
}

/** Reports something of a run with its token. @returns the status of the answer */
async function report(url: string, { run, run_token }: AssignedRun, operation: string, body: object): Promise<number> {
  const headers = { "content-type": "application/json", authorization: `Bearer ${run_token}` };
  const init = { method: "POST", headers, body: JSON.stringify(body) };
  return (await fetch(`${url}/sdk/v1/runs/${run.id}/${operation}`, init)).status;
}
