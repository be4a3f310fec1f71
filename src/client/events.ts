import { RefusedError, type Send } from "./call.ts";
import { readEvents } from "./event-stream.ts";

/** An event of the server. */
export interface FollowedEvent {
  sequence: number;
  /** ISO 8601. */
  time: string;
  name: string;
  workspace?: string;
  payload: unknown;
  /** The event as the server has written it: JSON on one line. */
  text: string;
}

/** Which events: all that fulfil all of these. */
export interface EventFilter {
  /** Names with commas in between; a `*` at the end of one stands for anything. */
  name?: string | undefined;
  workspace?: string | undefined;
  job?: string | undefined;
  run?: string | undefined;
  runner?: string | undefined;
}

/** The events of a server. */
export class ClientEvents {
  readonly #send: Send;

  constructor(send: Send) {
    this.#send = send;
  }

  /**
   * Follows events. The result resolves when the server has begun to send them: none that happens later is missed.
   * @param signal ends the stream
   * @returns the events, until the server stops
   * @throws RefusedError for a name that no event has, and for too many streams
   */
  async follow(filter: EventFilter, signal?: AbortSignal): Promise<AsyncGenerator<FollowedEvent, void>> {
    const given = Object.entries(filter).filter((entry): entry is [string, string] => entry[1] !== undefined);
    const query = new URLSearchParams(given);
    const response = await this.#send(`/__local/events?${query}`, signal === undefined ? {} : { signal });
    if (!response.ok || response.body === null) {
      throw new RefusedError(response.status, `the server answers ${response.status}: ${await response.text()}`);
    }
    const events = readEvents(response.body);
    // The first one is `ready`.
    await events.next();
    return parsed(events);
  }
}

async function* parsed(events: AsyncIterable<{ data: string }>): AsyncGenerator<FollowedEvent, void> {
  for await (const { data } of events) yield { ...(JSON.parse(data) as Omit<FollowedEvent, "text">), text: data };
}
