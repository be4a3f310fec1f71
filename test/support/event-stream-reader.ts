import { type EventSourceMessage, EventSourceParserStream } from "eventsource-parser/stream";

/** A client of server-sent events, with a parser that is not ours. */
export interface StreamReader {
  status: number;
  headers: Headers;
  /** The comments so far. */
  comments: string[];
  /** The next event; `undefined` when the stream has ended. */
  next(): Promise<EventSourceMessage | undefined>;
  /** The next event's data as JSON. */
  // oxlint-disable-next-line typescript/no-explicit-any
  nextJson(): Promise<any>;
  /** The client goes away. */
  leave(): Promise<void>;
}

/** Opens a stream. @param lastEventId what a client says that was there before */
export async function openStream(url: string, lastEventId?: string): Promise<StreamReader> {
  const aborter = new AbortController();
  const response = await fetch(url, {
    signal: aborter.signal,
    headers: { accept: "text/event-stream", ...(lastEventId === undefined ? {} : { "last-event-id": lastEventId }) },
  });
  if (response.status !== 200 || response.body === null) {
    throw new Error(`${response.status} ${await response.text()}`);
  }
  const comments: string[] = [];
  const reader = response.body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream({ onComment: (comment) => void comments.push(comment) }))
    .getReader();
  const next = async (): Promise<EventSourceMessage | undefined> => (await reader.read()).value;
  return {
    status: response.status,
    headers: response.headers,
    comments,
    next,
    nextJson: async () => JSON.parse((await next())?.data ?? "null"),
    leave: async () => {
      aborter.abort();
      await reader.cancel().catch(() => {});
    },
  };
}
