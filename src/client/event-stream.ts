/** A server-sent event. */
export interface ServerSentEvent {
  name: string;
  /** One line of JSON. */
  data: string;
}

/** Reads the events of an open stream until it ends. Comments, which keep it open, are skipped. */
export async function* readEvents(stream: AsyncIterable<Uint8Array>): AsyncGenerator<ServerSentEvent, void> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const bytes of stream) {
    text += decoder.decode(bytes, { stream: true });
    const blocks = text.split("\n\n");
    text = blocks.pop() ?? "";
    for (const block of blocks) {
      const fields = new Map(block.split("\n").map(fieldOf));
      const data = fields.get("data");
      if (data !== undefined) yield { name: fields.get("event") ?? "message", data };
    }
  }
}

function fieldOf(line: string): [name: string, value: string] {
  const colon = line.indexOf(":");
  return [line.slice(0, colon), line.slice(colon + 1).trimStart()];
}
