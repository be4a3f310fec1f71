import { McpServer } from "@modelcontextprotocol/server";
import { VERSION } from "../../version.ts";
import type { OpikLocalClient } from "../client.ts";
import { addResources } from "./resources.ts";
import { CONTROL_TOOLS } from "./tools/control.ts";
import { JOB_TOOLS } from "./tools/jobs.ts";
import { RUNNER_TOOLS } from "./tools/runners.ts";
import { RUN_TOOLS } from "./tools/runs.ts";
import { TRACE_TOOLS } from "./tools/traces.ts";

const TOOLS = [...RUNNER_TOOLS, ...JOB_TOOLS, ...TRACE_TOOLS, ...RUN_TOOLS, ...CONTROL_TOOLS];

const INSTRUCTIONS =
  "A local server for developing AI agents. Runners (machines) register agents; jobs call agents, which write logs and " +
  "traces. Executor jobs have runs that an HTTP endpoint executes. Start with list_agents or list_executor_jobs, execute " +
  "with run_job or trigger_run, and ask explain when something does not go on.";

/**
 * Creates a server of the Model Context Protocol whose tools work with an opik-local server. Each connection or request
 * has one of its own.
 */
export function createMcpServer(client: OpikLocalClient): McpServer {
  const server = new McpServer(
    { name: "opik-local", title: "opik-local", version: VERSION },
    { instructions: INSTRUCTIONS },
  );
  for (const addTool of TOOLS) addTool(server, client);
  addResources(server, client);
  return server;
}
