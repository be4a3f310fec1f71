import { signal } from "@preact/signals";
import { EventSourceParserStream } from "eventsource-parser/stream";
import { headersFor } from "./api.ts";

/** One state change of the server, as `/__local/events` sends it. */
export interface LiveEvent {
  sequence: number;
  time: string;
  name: string;
  payload: Record<string, unknown>;
}

/**
 * Whether the page receives events now; `undefined` until the first connection is open or has failed. Views are shown,
 * and so read, after that: an event between a reading and the connection would be lost.
 */
export const connected = signal<boolean | undefined>(undefined);

const EVENTS = "/__local/events";
const RETRY_MS = 1_000;
/** A tab that was hidden for so long stops following; it resumes when it is shown again. */
const HIDDEN_MS = 30_000;
/** How often events are delivered to the views of a hidden tab, which has no frames. */
const HIDDEN_DELIVERY_MS = 80;

const listeners = new Set<(event: LiveEvent) => void>();
let lastId: string | undefined;

/** Receives the events of the server as long as the page is shown, and resumes after the last one. */
export async function followEvents(): Promise<never> {
  for (;;) {
    await untilVisible();
    await receive().catch(() => undefined);
    connected.value = false;
    if (!document.hidden) await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

/**
 * Calls a listener for each event: those that came since the last frame one after the other.
 * @returns removes the listener
 */
export function onEvent(listener: (event: LiveEvent) => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** Whether an event may have changed everything that is shown: the server was reset, or it is not known what was missed. */
export function concernsAll({ name }: LiveEvent): boolean {
  return ["gap", "ready", "server:reset", "workspace:reset"].includes(name);
}

function untilVisible(): Promise<void> {
  return new Promise((resolve) => {
    const check = (): void => {
      if (document.hidden) return;
      document.removeEventListener("visibilitychange", check);
      resolve();
    };
    document.addEventListener("visibilitychange", check);
    check();
  });
}

async function receive(): Promise<void> {
  const abort = new AbortController();
  let hidden: ReturnType<typeof setTimeout> | undefined;
  const onVisibility = (): void => {
    clearTimeout(hidden);
    if (document.hidden) hidden = setTimeout(() => abort.abort(), HIDDEN_MS);
  };
  document.addEventListener("visibilitychange", onVisibility);
  try {
    await follow(abort.signal);
  } finally {
    clearTimeout(hidden);
    document.removeEventListener("visibilitychange", onVisibility);
  }
}

async function follow(signal: AbortSignal): Promise<void> {
  const headers = { ...headersFor(EVENTS), ...(lastId === undefined ? {} : { "last-event-id": lastId }) };
  const response = await fetch(EVENTS, { headers, signal });
  if (!response.ok || response.body === null) return;
  const isFirst = connected.value === undefined;
  connected.value = true;
  const events = response.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
  const reader = events.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    const { id, event: name, data } = next.value;
    if (id !== undefined) lastId = id;
    // Nothing was read before the first connection. After one that failed, `ready` means that events were missed.
    if (name === undefined || (name === "ready" && isFirst)) continue;
    emit({ payload: {}, ...(JSON.parse(data) as Omit<LiveEvent, "name" | "payload">), name });
  }
}

/** Events that have come since the last frame. */
let waiting: LiveEvent[] = [];

/** Delivers the event with the next frame: what is shown changes once, however many events come before it. */
function emit(event: LiveEvent): void {
  waiting.push(event);
  if (waiting.length > 1) return;
  if (document.hidden) setTimeout(deliver, HIDDEN_DELIVERY_MS);
  else requestAnimationFrame(deliver);
}

function deliver(): void {
  const events = waiting;
  waiting = [];
  for (const event of events) for (const listener of listeners) listener(event);
}
