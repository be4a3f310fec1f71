import type { CallToolResult, McpServer, ToolAnnotations } from "@modelcontextprotocol/server";
import { toStandardJsonSchema } from "@valibot/to-json-schema";
import type * as v from "valibot";
import { stringifyJson } from "../../core/json.ts";
import type { OpikLocalClient } from "../client.ts";

/** The limit of an answer, in characters: models read all of it. */
const MAX_LENGTH = 60_000;

/** What a tool does to the server. */
const EFFECTS = {
  reads: { readOnlyHint: true },
  writes: { readOnlyHint: false, destructiveHint: false },
  destroys: { readOnlyHint: false, destructiveHint: true },
} satisfies Record<string, ToolAnnotations>;

/** One tool for models. */
interface ToolDefinition<Schema extends v.GenericSchema> {
  /** `run_job` */
  name: string;
  title: string;
  description: string;
  /** The arguments; `v.description` explains each of them to the model. */
  input: Schema;
  effect: keyof typeof EFFECTS;
  /**
   * Does the work.
   * @param signal aborted when the client gives the call up
   * @returns JSON for the model; `RawJson` as it was written
   */
  run(client: OpikLocalClient, input: v.InferOutput<Schema>, signal: AbortSignal): Promise<unknown>;
}

/** Adds a tool to a server of the Model Context Protocol. */
export type Tool = (server: McpServer, client: OpikLocalClient) => void;

/**
 * Defines a tool. The library answers the model with the message of an error that `run` throws, such as what the server
 * refuses.
 */
export function defineTool<Schema extends v.GenericSchema>(definition: ToolDefinition<Schema>): Tool {
  const { name, title, description, input, effect, run } = definition;
  return (server, client) => {
    const config = {
      ...{ title, description },
      inputSchema: toStandardJsonSchema(input),
      annotations: { ...EFFECTS[effect], openWorldHint: false },
    };
    server.registerTool(name, config, async (given, { mcpReq: { signal } }): Promise<CallToolResult> => {
      const text = cut(stringifyJson(await run(client, given, signal)));
      return { content: [{ type: "text", text }] };
    });
  };
}

function cut(text: string): string {
  if (text.length <= MAX_LENGTH) return text;
  return `${text.slice(0, MAX_LENGTH)}\n… cut: ${text.length - MAX_LENGTH} more characters`;
}
