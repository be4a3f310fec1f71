import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { AxeBuilder } from "@axe-core/playwright";
import { describe, expect, onTestFinished, test } from "vitest";
import { createOpikLocal } from "../../src/server.ts";
import { startAgent } from "./support/agent-process.ts";
import { HAS_BROWSER, useBrowser } from "./support/browser.ts";
import { fillDemo, HOSTILE, writeTraces } from "./support/page-demo.ts";
import { LAPTOP, post, shows, startDemo } from "./support/page.ts";
import { startServerProcess } from "./support/server-process.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

const TRACE = "0193aaaa-0000-7000-8000-000000000001";

interface Projects {
  content: Array<{ id: string }>;
}

test("the page is less than 150 kB, compressed", () => {
  const folder = fileURLToPath(new URL("../../dist/page/assets/", import.meta.url));
  const sizes = readdirSync(folder).flatMap((name) => (name.endsWith(".gz") ? [statSync(folder + name).size] : []));
  expect(sizes.length).toBeGreaterThan(1);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(150_000);
});

test("a client that takes no compressed answers gets the files of the page, too", async () => {
  await using opik = createOpikLocal();
  const html = await (await opik.request("/__local/ui/")).text();
  const [script = ""] = /\/__local\/ui\/assets\/[^"]+\.js/.exec(html) ?? [];
  const plain = await opik.request(script, { headers: { "accept-encoding": "identity" } });
  expect(plain.headers.get("content-encoding")).toBeNull();
  const text = await plain.text();
  const compressed = await opik.request(script, { headers: { "accept-encoding": "gzip" } });
  expect(compressed.headers.get("content-encoding")).toBe("gzip");
  expect(gunzipSync(Buffer.from(await compressed.arrayBuffer())).toString()).toBe(text);
});

describe.skipIf(!HAS_BROWSER)("the page, in Chromium", () => {
  const open = useBrowser();

  test("shows an agent that connects without a reload, runs it by its form, and shows logs and result", async () => {
    const opik = await startDemo();
    const { page } = await open(`${opik.url}/`);
    await page.getByRole("link", { name: "laptop" }).click();
    await shows(page, "is connected and does not poll for jobs");
    startAgent(opik.url, LAPTOP, "demo", "Ada");
    // An agent that the fixture does not have.
    await page.getByRole("button", { name: "Run fail" }).waitFor();
    const form = page.getByRole("button", { name: "Run echo" }).locator("..");
    await form.getByRole("textbox", { name: "question" }).fill("why?");
    await form.getByRole("button").click();
    await page.waitForURL("**/__local/ui/jobs/*");
    await page.getByRole("heading", { name: "echo completed" }).waitFor();
    await shows(page, "thinking about why?");
    await shows(page, "Ada: why?");
    await shows(page, "trace written");
    await page.getByRole("link", { name: "trace echo" }).click();
    await page.getByRole("heading", { name: "echo", level: 1 }).waitFor();
    await page.getByRole("tree", { name: /Spans/ }).waitFor();
  });

  test("counts times from the server's clock, which stands still until it is advanced", async () => {
    const opik = await startDemo("virtual");
    await (await fetch(`${opik.url}/is-alive/ping`)).text();
    const { page } = await open(`${opik.url}/__local/ui/requests`);
    await shows(page, /^now$/);
    await page.getByRole("link", { name: "Controls" }).click();
    await page.getByRole("textbox", { name: "Duration" }).fill("10m");
    await page.getByRole("button", { name: "Advance" }).click();
    await shows(page, "2026-01-01T00:10:00.000Z");
    await page.getByRole("link", { name: "Requests" }).click();
    await shows(page, "10 min. ago");
  });

  test("sends the event that an executor run waits for", async () => {
    const opik = await startDemo();
    const { page } = await open(`${opik.url}/__local/ui/runs`);
    await page.getByRole("table", { name: "Executor runs" }).getByRole("link", { name: "waiting" }).first().click();
    await shows(page, "approve-1.4.2");
    const payload = page.getByRole("textbox", { name: "payload" });
    await payload.fill("{");
    expect(await payload.getAttribute("aria-invalid")).toBe("true");
    await payload.fill('{"approved_by":"ada"}');
    await page.getByRole("button", { name: "Send the event" }).click();
    await shows(page, "event approve-1.4.2 received");
    expect(await page.getByRole("button", { name: "Send the event" }).count()).toBe(0);
  });

  test("shows each attempt of a run with its outcome and error", async () => {
    const opik = await startDemo();
    const { id } = opik.runs.list().find(({ status }) => status === "dead_letter")!;
    const { page } = await open(`${opik.url}/__local/ui/runs/${id}`);
    const attempts = page.getByRole("region", { name: "Attempts" }).getByRole("row");
    await attempts.filter({ hasText: "execution timed out" }).filter({ hasText: "7 min 0 s" }).waitFor();
    await attempts.filter({ hasText: "The registry did not answer" }).waitFor();
    await shows(page, "attempt 1 timed out: execution timed out");
    await shows(page, "attempt 2 began");
  });

  test("opens the links that the SDKs print", async () => {
    const opik = await startDemo();
    const { id } = ((await (await fetch(`${opik.apiUrl}/v1/private/projects`)).json()) as Projects).content[0]!;
    const time = "2026-11-27T10:00:00Z";
    await post(`${opik.apiUrl}/v1/private/traces/batch`, {
      traces: [
        { id: TRACE, project_name: "demo", name: "question", start_time: time, end_time: time, input: { a: 1 } },
      ],
    });
    const missing = "0193cccc-0000-7000-8000-000000000001";
    const redirect = `/api/v1/session/redirect`;
    const there = `path=${btoa(opik.apiUrl)}`;
    const { page, accept } = await open(`${opik.url}/`);
    // Of the trace that is missing, and of a project without a configuration.
    accept(/404/);
    for (const [path, heading] of [
      ["/", "Overview"],
      [`/opik/default/projects/${id}/agent-playground`, "demo"],
      [`/opik/default/projects/${id}/traces?trace=${TRACE}`, "question"],
      [`/opik/default/projects/${id}/traces`, "Traces"],
      [`${redirect}/projects?trace_id=${TRACE}&${there}`, "question"],
      // An SDK prints the link before it sends the trace.
      [`${redirect}/projects?trace_id=${missing}&${there}`, "This trace is not here yet"],
      [`/opik/default/projects/${id}/datasets`, "Library"],
      [`/opik/default/projects/${id}/experiments`, "Library"],
      [`/opik/default/projects/${id}/prompts`, "Library"],
      [`/opik/default/projects/${id}/agent-configuration`, "Configuration"],
    ]) {
      await page.goto(opik.url + path);
      await page.getByRole("heading", { name: heading!, exact: true, level: 1 }).waitFor();
    }
  });

  test("goes on after the server was killed and started again, without a reload", async () => {
    const database = `${temporaryFolder()}/opik.db`;
    const first = await startServerProcess(database);
    const { page, accept } = await open(`${first.url}/`);
    // Of the connection and requests that are lost, and of those to no server.
    accept(/ERR_(?:INCOMPLETE_CHUNKED|CONNECTION|EMPTY_RESPONSE|SOCKET)/);
    await shows(page, "● live");
    await first.kill();
    await shows(page, "○ reconnecting …");
    const second = await startServerProcess(database, first.port);
    await shows(page, "● live");
    await post(`${second.url}/v1/private/projects`, { name: "after" });
    await page.getByRole("link", { name: "Traces" }).click();
    await page.getByRole("option", { name: "after" }).waitFor({ state: "attached" });
  });

  test("shows the requests of a server that was started again", async () => {
    const database = `${temporaryFolder()}/opik.db`;
    const first = await startServerProcess(database);
    const { page, accept } = await open(`${first.url}/__local/ui/requests`);
    accept(/ERR_(?:INCOMPLETE_CHUNKED|CONNECTION|EMPTY_RESPONSE|SOCKET)/);
    for (const name of ["a", "b", "c"]) await post(`${first.url}/v1/private/projects`, { name });
    await page.getByText("/v1/private/projects").nth(2).waitFor();
    await first.kill();
    await shows(page, "○ reconnecting …");
    const second = await startServerProcess(database, first.port);
    await shows(page, "● live");
    await post(`${second.url}/v1/private/datasets`, { name: "after" });
    await shows(page, "/v1/private/datasets");
  });

  test("shows requests as they come, with the reason of those that are refused", async () => {
    const opik = await startDemo();
    const { page } = await open(`${opik.url}/__local/ui/requests`);
    await shows(page, "● live");
    await fetch(`${opik.apiUrl}/v1/private/projcts`);
    await page.getByRole("button", { name: "GET /api/v1/private/projcts" }).first().click();
    await shows(page, "Did you mean");
    await page.getByRole("button", { name: "copy as curl" }).waitFor();
  });

  test("shows versions with what they have changed, and experiments beside each other", async () => {
    const opik = await startDemo();
    const demo = await fillDemo(opik.url);
    const { page } = await open(`${opik.url}/__local/ui/library`);
    await page.getByRole("link", { name: "greet" }).click();
    await page.getByRole("button", { name: "changes" }).click();
    await page.locator("del", { hasText: "Hello {{name}}" }).waitFor();
    await page.locator("ins", { hasText: "Dear {{name}}," }).waitFor();
    await page.goto(`${opik.url}/__local/ui/experiments/${demo.experiment}`);
    await page.getByLabel("compare with").selectOption("second");
    await page.getByRole("columnheader", { name: "second", exact: true }).waitFor();
    await page.goto(`${opik.url}/__local/ui/projects/${demo.project}/configuration`);
    await page.getByRole("cell", { name: "temperature" }).waitFor();
  });

  test("filters traces, compares two, and shows messages, spans and threads", async () => {
    const opik = await startDemo();
    const demo = await fillDemo(opik.url);
    const { page } = await open(`${opik.url}/__local/ui/projects/${demo.project}/traces`);
    await page.getByRole("checkbox").first().check();
    await page.getByRole("checkbox").nth(1).check();
    await page.getByRole("button", { name: "Compare the two" }).click();
    await page.getByRole("heading", { name: "Compare two traces" }).waitFor();
    await page.goBack();
    await page.getByRole("button", { name: "Filter …" }).click();
    await page.getByLabel("Field").selectOption("error");
    await page.getByRole("button", { name: "Add" }).click();
    await page.getByRole("link", { name: "plan a trip" }).waitFor({ state: "detached" });
    await page.getByRole("button", { name: /error is not empty/ }).click();
    await page.getByRole("link", { name: "plan a trip" }).click();
    await shows(page, "helpful");
    await page.getByRole("treeitem", { name: /gpt/ }).click();
    await shows(page, "openai gpt-4o");
    await page.keyboard.press("ArrowUp");
    await page.getByRole("heading", { name: "answer", level: 2 }).waitFor();
    await page.getByRole("link", { name: "trip-42" }).click();
    await shows(page, "Where should I go?");
  });

  test("shows what is hostile as text", async () => {
    const opik = await startDemo();
    const demo = await fillDemo(opik.url);
    await post(`${opik.apiUrl}/v1/private/projects`, { name: HOSTILE });
    const { page } = await open(`${opik.url}/__local/ui/`);
    for (const path of [
      "",
      `traces/${demo.otherTrace}`,
      `traces/${demo.trace}`,
      `projects/${demo.project}/threads/trip-42`,
      `prompts/${demo.prompt}`,
    ]) {
      await page.goto(`${opik.url}/__local/ui/${path}`);
      await page.getByText("<script>alert(2)</script>").first().waitFor();
      expect(await page.locator("main img, main script, main [href^=javascript]").count()).toBe(0);
    }
  });

  test("scrolls through 10,000 traces, of which it holds only those in view", async () => {
    const opik = await startDemo();
    await writeTraces(opik.url, "many", 10_000);
    const { content } = (await (await fetch(`${opik.apiUrl}/v1/private/projects?name=many`)).json()) as Projects;
    const { page } = await open(`${opik.url}/__local/ui/projects/${content[0]!.id}/traces`);
    await shows(page, "10,000 rows");
    const list = page.getByRole("table", { name: "Traces" });
    for (const [position, name] of [
      [0, "trace 9999"],
      [0.5, "trace 4999"],
      [1, "trace 0"],
    ] as const) {
      await list.evaluate((box, part) => box.scrollTo(0, box.scrollHeight * part), position);
      await page.getByRole("link", { name, exact: true }).waitFor();
      expect(await list.getByRole("row").count()).toBeLessThan(60);
    }
  });

  test("has the texts of opik-local help", async () => {
    const opik = await startDemo();
    const { page } = await open(`${opik.url}/`);
    await page.getByRole("link", { name: "Help" }).click();
    await page.getByRole("link", { name: "time", exact: true }).click();
    await page.waitForURL("**/__local/ui/help/time");
    const text = readFileSync(fileURLToPath(new URL("../../src/cli/help/time.md", import.meta.url)), "utf8");
    await page.getByRole("heading", { level: 1, name: /^# (.*)/.exec(text)![1]! }).waitFor();
    await shows(page, "opik-local clock advance");
  });

  test("leaves its place to a web application of a folder", async () => {
    const webApp = temporaryFolder();
    const script = `fetch("/api/v1/private/projects").then(async (answer) => {
      document.querySelector("h1").textContent = location.pathname + " " + answer.status;
    });`;
    writeFileSync(`${webApp}/index.html`, `<h1>…</h1><script src="/app.js"></script>`);
    writeFileSync(`${webApp}/app.js`, script);
    writeFileSync(`${webApp}/favicon.ico`, "");
    const server = createOpikLocal({ config: { database: ":memory:", port: 0, webApp } });
    onTestFinished(() => server.stop());
    const { page } = await open(`${await server.listen()}/default/home`);
    await page.getByRole("heading", { name: "/default/home 200" }).waitFor();
  });

  test("needs no mouse", async () => {
    const opik = await startDemo();
    const { page } = await open(`${opik.url}/`);
    await shows(page, "laptop");
    const tabTo = async (name: string): Promise<void> => {
      for (let presses = 0; presses < 80; presses += 1) {
        await page.keyboard.press("Tab");
        // Past the last control the document itself has the focus, whose text has every name.
        const focused = page.locator("a:focus, button:focus");
        if ((await focused.count()) === 0) continue;
        const label = (await focused.getAttribute("aria-label")) ?? (await focused.textContent()) ?? "";
        if (label.includes(name)) return;
      }
      throw new Error(`Tab never led to ${name}`);
    };
    await tabTo("laptop");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Run echo" }).waitFor();
    await page.getByRole("textbox", { name: "text" }).focus();
    await page.keyboard.type("no mouse");
    await tabTo("Run echo");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/__local/ui/jobs/*");
    await page.getByRole("button", { name: "Cancel" }).waitFor();
    await tabTo("Cancel");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "echo cancelled" }).waitFor();
  });

  test("has nothing serious against it for axe-core in both themes, and fits a telephone, on every page", async () => {
    const opik = await startDemo();
    const demo = await fillDemo(opik.url);
    const job = opik.jobs.list().find(({ status }) => status === "failed")!;
    const run = opik.runs.list().find(({ status }) => status === "waiting")!;
    const { page } = await open(`${opik.url}/`, { colorScheme: "light" });
    for (const path of [
      ...["", `runners/${LAPTOP}`, `jobs/${job.id}`, `projects/${demo.project}`],
      ...[`projects/${demo.project}/traces`, `projects/${demo.project}/traces?view=threads`],
      ...[`projects/${demo.project}/threads/trip-42`, `traces/${demo.trace}`, `traces/${demo.otherTrace}`],
      ...[`compare/${demo.trace}/${demo.otherTrace}`, "runs", `runs/${run.id}`, "library"],
      ...[`prompts/${demo.prompt}`, `datasets/${demo.dataset}`, `projects/${demo.project}/configuration`],
      ...[`experiments/${demo.experiment}?with=${demo.otherExperiment}`, "requests", "controls"],
      ...["help", "help/time", "help/settings", "../../opik/pair/v1"],
    ]) {
      await page.goto(`${opik.url}/__local/ui/${path}`);
      await page.locator("h1").waitFor();
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        // Without this each look opens one more page, to put the results of frames together; there are no frames.
        const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ["violations"] });
        // Only colours differ between the themes.
        const { violations } = await (colorScheme === "dark" ? axe.withRules("color-contrast") : axe).analyze();
        const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
        expect(serious.map(({ id, nodes }) => `${path}: ${id} ${nodes[0]?.html}`)).toEqual([]);
      }
      await page.setViewportSize({ width: 375, height: 800 });
      expect([path, await page.evaluate("document.documentElement.scrollWidth")]).toEqual([path, 375]);
      await page.setViewportSize({ width: 1280, height: 800 });
    }
  });
});
