/** A message of a conversation with a model. */
export interface Message {
  role: string;
  text: string;
  /** Tools that the model calls, with their arguments. */
  calls: Array<{ name: string; arguments: unknown }>;
  /** Parts that are no text, such as images: as data. */
  others: unknown[];
}

/** Fields in which SDKs of model providers put messages. */
const LISTS = ["messages", "choices", "input", "output", "content"] as const;

/**
 * Finds the messages in an input or output of a span, as the usual SDKs write them: `{messages: [...]}`, a list of
 * messages, one message, or `{choices: [{message}]}`.
 * @returns `undefined` when it is none of these
 */
export function messagesIn(value: unknown): Message[] | undefined {
  if (Array.isArray(value)) {
    const messages = value.map(messageIn);
    return messages.length > 0 && messages.every((message) => message !== undefined) ? messages : undefined;
  }
  const one = messageIn(value);
  if (one !== undefined) return [one];
  if (!isRecord(value)) return undefined;
  for (const name of LISTS) {
    const found = Array.isArray(value[name]) ? messagesIn(value[name]) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

function messageIn(value: unknown): Message | undefined {
  if (!isRecord(value)) return undefined;
  if (isRecord(value["message"])) return messageIn(value["message"]);
  const { role } = value;
  if (typeof role !== "string" || !("content" in value || "tool_calls" in value)) return undefined;
  const parts = partsOf(value["content"]);
  const calls = Array.isArray(value["tool_calls"]) ? value["tool_calls"].flatMap(callIn) : [];
  return {
    role,
    text: parts.flatMap((part) => textIn(part) ?? []).join("\n\n"),
    calls: [...calls, ...parts.flatMap(callIn)],
    others: parts.filter((part) => textIn(part) === undefined && callIn(part).length === 0),
  };
}

function partsOf(content: unknown): unknown[] {
  if (content === undefined || content === null) return [];
  return Array.isArray(content) ? content : [content];
}

function textIn(part: unknown): string | undefined {
  if (typeof part === "string") return part;
  return isRecord(part) && typeof part["text"] === "string" ? part["text"] : undefined;
}

/** A call as OpenAI (`function`) or Anthropic (`tool_use`) writes it. */
function callIn(part: unknown): Message["calls"] {
  if (!isRecord(part)) return [];
  const called = isRecord(part["function"]) ? part["function"] : part;
  if (typeof called["name"] !== "string") return [];
  const given = called["arguments"] ?? called["input"];
  return given === undefined ? [] : [{ name: called["name"], arguments: given }];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Names under which a value has its one text. */
const TEXTS: ReadonlySet<string> = new Set([
  ...["text", "content", "message", "prompt", "question", "input"],
  ...["answer", "response", "output", "result"],
]);

/** The text of a value that is one, or that has one and nothing else. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (!isRecord(value)) return undefined;
  const [entry, ...others] = Object.entries(value);
  if (entry === undefined || others.length > 0) return undefined;
  const [name, text] = entry;
  return typeof text === "string" && TEXTS.has(name) ? text : undefined;
}
