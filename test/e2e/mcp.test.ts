import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { expect, onTestFinished, test } from "vitest";
import { isRunning } from "../../src/core/running-process.ts";
import { startOpikLocal } from "../../src/testing/index.ts";
import { executable } from "./support/executable.ts";

test("a coding agent works with the server over standard input and output, and ends the process by closing them", async () => {
  const opik = await startOpikLocal({
    fixtures: {
      projects: [{ name: "demo" }],
      runners: [{ name: "laptop", project: "demo", keep_alive: true, agents: [{ name: "echo" }] }],
    },
  });
  onTestFinished(() => opik.stop());
  const [command = "", ...args] = executable();
  const transport = new StdioClientTransport({ command, args: [...args, "mcp", "--url", opik.url] });
  const client = new Client({ name: "test", version: "1" });
  await client.connect(transport);
  const { content } = await client.callTool({ name: "run_job", arguments: { agent: "echo", wait_seconds: 0 } });
  expect(content).toMatchObject([{ text: expect.stringContaining('"status":"pending"') }]);
  expect(opik.jobs.list()).toMatchObject([{ agent_name: "echo", status: "pending" }]);
  const { contents } = await client.readResource({ uri: "opik-local://openapi.json" });
  expect(contents).toMatchObject([{ text: expect.stringContaining('"openapi"') }]);
  const { pid } = transport;
  await client.close();
  await expect.poll(() => isRunning(pid ?? 0)).toBe(false);
});
