import { signal } from "@preact/signals";
import { EventSourceParserStream } from "eventsource-parser/stream";
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { headersFor } from "./api.ts";

/** One state change of the server, as `/__local/events` sends it. */
export interface LiveEvent {
  sequence: number;
  time: string;
  name: string;
  payload: Record<string, unknown>;
}

/** Whether the page receives events now. */
export const connected = signal<boolean | undefined>(undefined);

const EVENTS = "/__local/events";
const RETRY_MS = 1_000;
/** Changes that come together cause one reading. */
const TOGETHER_MS = 80;

const listeners = new Set<(event: LiveEvent) => void>();
let lastId: string | undefined;

/** Receives the events of the server for as long as the page is open, and resumes behind the last one. */
export async function followEvents(): Promise<never> {
  for (;;) {
    await receive().catch(() => undefined);
    connected.value = false;
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

async function receive(): Promise<void> {
  const response = await fetch(EVENTS, {
    headers: { ...headersFor(EVENTS), ...(lastId === undefined ? {} : { "last-event-id": lastId }) },
  });
  if (!response.ok || response.body === null) return;
  connected.value = true;
  const events = response.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
  const reader = events.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    const { id, event: name, data } = next.value;
    if (id !== undefined) lastId = id;
    if (name === undefined || name === "ready") continue;
    emit({ payload: {}, ...(JSON.parse(data) as Omit<LiveEvent, "name" | "payload">), name });
  }
}

function emit(event: LiveEvent): void {
  for (const listener of listeners) listener(event);
}

/** Calls `listener` for each event while the component is shown. */
function useEvents(listener: (event: LiveEvent) => void): void {
  const current = useRef(listener);
  current.current = listener;
  useEffect(() => {
    const call = (event: LiveEvent): void => current.current(event);
    listeners.add(call);
    return () => void listeners.delete(call);
  }, []);
}

/** What was read, or why it could not be. */
export interface Live<Value> {
  value: Value | undefined;
  error: Error | undefined;
  /** Reads it again. */
  refresh: () => void;
}

/**
 * Reads something now, and again after each event that changes it.
 * @param key what is read; another key reads something else
 * @param read fetches it
 * @param changes whether an event may have changed it
 */
export function useLive<Value>(
  key: string,
  read: () => Promise<Value>,
  changes: (event: LiveEvent) => boolean,
): Live<Value> {
  const [state, setState] = useState<{ key: string; value?: Value; error?: Error }>({ key });
  const reading = useRef(read);
  reading.current = read;
  const latest = useRef(key);
  latest.current = key;

  const refresh = useCallback(() => {
    const asked = latest.current;
    reading.current().then(
      (value) => {
        if (latest.current === asked) setState({ key: asked, value });
      },
      (error: Error) => {
        if (latest.current === asked) setState((before) => ({ ...before, key: asked, error }));
      },
    );
  }, []);
  useEffect(refresh, [key]);

  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  useEvents((event) => {
    if (!concernsAll(event.name) && !changes(event)) return;
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      refresh();
    }, TOGETHER_MS);
  });
  const isCurrent = state.key === key;
  return { value: isCurrent ? state.value : undefined, error: isCurrent ? state.error : undefined, refresh };
}

/** Of a `gap` the server does not know what was missed. */
function concernsAll(name: string): boolean {
  return name === "gap" || name === "server:reset" || name === "workspace:reset";
}
