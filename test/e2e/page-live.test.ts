import { describe, onTestFinished, test } from "vitest";
import { startOpikLocal } from "../../src/testing/index.ts";
import { HAS_BROWSER, useBrowser } from "./support/browser.ts";
import { hold, post, shows, startDemo } from "./support/page.ts";

const EVENTS = "**/__local/events";
const RUNS = /\/v1\/runs\?/;

const read = (path: string): string => `fetch(${JSON.stringify(path)}).then((answer) => answer.text())`;

describe.skipIf(!HAS_BROWSER)("what the page shows, when changes come at bad times", () => {
  const open = useBrowser();

  test("has what changes while the page connects", async () => {
    const opik = await startDemo();
    const { page } = await open(`${opik.url}/`);
    const connection = await hold(page, EVENTS, "request");
    await page.reload();
    await connection.sent;
    // Whatever the page has sent before this was answered before it, too.
    await page.evaluate(read("/__local/state"));
    await post(`${opik.apiUrl}/v1/private/projects`, { name: "late" });
    connection.release();
    await page.getByRole("link", { name: "late" }).waitFor();
  });

  test("has what changes between a connection that failed and the next one", async () => {
    const opik = await startDemo();
    const { page, accept } = await open(`${opik.url}/`);
    accept(/ERR_FAILED/);
    const next = await hold(page, EVENTS, "request");
    await page.route(EVENTS, (route) => route.abort(), { times: 1 });
    await page.reload();
    await page.getByRole("heading", { name: "Overview" }).waitFor();
    await next.sent;
    await post(`${opik.apiUrl}/v1/private/projects`, { name: "late" });
    next.release();
    await page.getByRole("link", { name: "late" }).waitFor();
  });

  test("has rows that are added and changed while their list is read", async () => {
    const opik = await startDemo();
    const { page } = await open(`${opik.url}/`);
    const job = opik.runs.list().find(({ status }) => status === "waiting")!;
    const list = await hold(page, RUNS, "answer");
    await page.getByRole("link", { name: "Executor runs", exact: true }).click();
    await list.sent;
    await post(`${opik.url}/v1/jobs/${job.job_id}/trigger`, { payload: { added: "meanwhile" } });
    await fetch(`${opik.url}/v1/runs/${job.id}`, { method: "DELETE" });
    list.release();
    const rows = page.getByRole("table", { name: "Executor runs" }).getByRole("row");
    await rows.filter({ hasText: "meanwhile" }).waitFor();
    await rows.filter({ hasText: "1.4.2" }).filter({ hasText: "canceled" }).waitFor();
  });

  test("has that a runner begins to poll after it was shown", async () => {
    const opik = await startOpikLocal({ clock: "system" });
    onTestFinished(() => opik.stop());
    const runner = await opik.runners.connect({ agents: ["echo"], project: "demo" });
    const { page } = await open(`${opik.url}/`);
    await shows(page, "does not poll");
    const job = runner.jobs().next();
    await shows(page, "waits for jobs");
    opik.jobs.create({ agent: "echo", project: "demo", inputs: {} });
    await job;
  });

  test("is empty after a reset", async () => {
    const opik = await startOpikLocal({ clock: "system" });
    onTestFinished(() => opik.stop());
    const job = { project_id: "default", name: "Deploy", slug: "deploy", execution_mode: "worker" };
    const { id } = (await post(`${opik.url}/v1/jobs`, job)) as { id: string };
    await post(`${opik.url}/v1/jobs/${id}/trigger`, { payload: { version: 1 } });
    const { page } = await open(`${opik.url}/__local/ui/runs`);
    await page.getByRole("table", { name: "Executor runs" }).getByRole("link", { name: "queued" }).waitFor();
    await post(`${opik.url}/__local/reset?all=true`);
    await shows(page, "No executor runs yet");
    await page.getByRole("button", { name: "Trigger" }).waitFor({ state: "detached" });
  });
});
