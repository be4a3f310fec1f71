import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { onTestFinished } from "vitest";

/** What clients of OpenAI's API send, as far as the model looks at it. */
interface Asked {
  model: string;
  stream?: boolean;
  stream_options?: { include_usage?: boolean };
  messages?: Array<{ role: string; content: string }>;
  response_format?: { json_schema?: { schema: Schema } };
  text?: { format?: { schema?: Schema } };
}

/** The JSON Schema of a structured answer. */
interface Schema {
  type?: string;
  properties?: Readonly<Record<string, Schema>>;
}

/** The model that does not exist. */
const UNKNOWN_MODEL = "no-such-model";

/** What makes the model say no. */
export const REFUSED = "unacceptable";

const USAGE = { prompt_tokens: 1000, completion_tokens: 500, total_tokens: 1500 };

/**
 * Starts a server on the loopback interface that speaks OpenAI's chat completions and responses. To a question it
 * answers "Echo: " and the last message; where a JSON Schema is given, each number is 1, each text "because" and each
 * boolean true, unless the request contains {@link REFUSED}. It ends with the test.
 * @returns the base URL, which ends with `/v1`
 */
export async function startFakeModel(): Promise<string> {
  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const asked = (await json(request)) as Asked;
  if (asked.model === UNKNOWN_MODEL) {
    send(response, { error: { message: "The model does not exist", type: "invalid_request_error" } }, 404);
  } else if (request.url?.endsWith("/responses")) send(response, respond(asked));
  else if (asked.stream) stream(response, asked);
  else send(response, complete(asked));
}

function send(response: ServerResponse, body: object, status = 200): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

/** The answer of `POST /chat/completions`. */
function complete(asked: Asked): object {
  const message = { role: "assistant", content: say(asked) };
  return { ...head(asked, "chat.completion"), choices: [{ index: 0, message, finish_reason: "stop" }], usage: USAGE };
}

/** The same in parts: a word each, then the end, then the usage if it was asked for. */
function stream(response: ServerResponse, asked: Asked): void {
  const part = (rest: object): string =>
    `data: ${JSON.stringify({ ...head(asked, "chat.completion.chunk"), ...rest })}\n\n`;
  const words = say(asked).match(/\S+\s*/g) ?? [];
  response.writeHead(200, { "content-type": "text/event-stream" });
  for (const content of words) {
    response.write(part({ choices: [{ index: 0, delta: { role: "assistant", content }, finish_reason: null }] }));
  }
  response.write(part({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] }));
  if (asked.stream_options?.include_usage) response.write(part({ choices: [], usage: USAGE }));
  response.end("data: [DONE]\n\n");
}

/** The answer of `POST /responses`. */
function respond(asked: Asked): object {
  const content = [{ type: "output_text", text: say(asked), annotations: [] }];
  return {
    ...{ id: "resp_1", object: "response", created_at: 1_790_000_000, status: "completed", model: asked.model },
    output: [{ id: "msg_1", type: "message", role: "assistant", status: "completed", content }],
    usage: { input_tokens: USAGE.prompt_tokens, output_tokens: USAGE.completion_tokens, total_tokens: 1500 },
  };
}

function head({ model }: Asked, object: string): object {
  return { id: "chatcmpl-1", object, created: 1_790_000_000, model };
}

function say(asked: Asked): string {
  const schema = asked.response_format?.json_schema?.schema ?? asked.text?.format?.schema;
  if (schema === undefined) return `Echo: ${asked.messages?.at(-1)?.content ?? ""}`;
  return JSON.stringify(fill(schema, !JSON.stringify(asked).includes(REFUSED)));
}

/** @returns a value that the schema accepts */
function fill({ type, properties = {} }: Schema, accepted: boolean): unknown {
  switch (type) {
    case "object":
      return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, fill(schema, accepted)]));
    case "boolean":
      return accepted;
    case "number":
      return 1;
    default:
      return "because";
  }
}
