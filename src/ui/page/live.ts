import { signal } from "@preact/signals";
import { EventSourceParserStream } from "eventsource-parser/stream";
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
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
/** After a reading that took long, the next one waits so many times as long: a busy server gets a pause between requests. */
const REST = 2;
/** A tab that was hidden for so long stops following; it resumes when it is shown again. */
const UNSEEN_MS = 30_000;

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
  let unseen: ReturnType<typeof setTimeout> | undefined;
  const onVisibility = (): void => {
    clearTimeout(unseen);
    if (document.hidden) unseen = setTimeout(() => abort.abort(), UNSEEN_MS);
  };
  document.addEventListener("visibilitychange", onVisibility);
  try {
    await follow(abort.signal);
  } finally {
    clearTimeout(unseen);
    document.removeEventListener("visibilitychange", onVisibility);
  }
}

async function follow(signal: AbortSignal): Promise<void> {
  const headers = { ...headersFor(EVENTS), ...(lastId === undefined ? {} : { "last-event-id": lastId }) };
  const response = await fetch(EVENTS, { headers, signal });
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

/** Events that have come since the last frame. */
let waiting: LiveEvent[] = [];

/** Delivers the event with the next frame: what is shown changes once, however many events come before it. */
function emit(event: LiveEvent): void {
  waiting.push(event);
  if (waiting.length > 1) return;
  // A hidden tab has no frames.
  if (document.hidden) setTimeout(deliver, TOGETHER_MS);
  else requestAnimationFrame(deliver);
}

function deliver(): void {
  const events = waiting;
  waiting = [];
  for (const event of events) for (const listener of listeners) listener(event);
}

/** Calls `listener` for each event while the component is shown: those of a frame one after the other. */
export function useEvents(listener: (event: LiveEvent) => void): void {
  const current = useRef(listener);
  current.current = listener;
  // In the same turn as the first reading: an event between the two would be lost, and what is shown would stay old.
  useLayoutEffect(() => {
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
  const [state, setState] = useState<{ key: string; value?: Value; error?: Error | undefined }>({ key });
  const reading = useRef(read);
  reading.current = read;
  const latest = useRef(key);
  latest.current = key;

  const refresh = useCallback(async () => {
    const asked = latest.current;
    const settle = (next: { value: Value } | { error: Error }): void => {
      if (latest.current === asked) setState((before) => ({ ...before, key: asked, error: undefined, ...next }));
    };
    await reading.current().then(
      (value) => settle({ value }),
      (error: Error) => settle({ error }),
    );
  }, []);
  // Before the first frame, and not after it as an effect would: the answer is there sooner.
  useLayoutEffect(() => void refresh(), [key]);
  useChanges(changes, refresh);
  const isCurrent = state.key === key;
  return {
    value: isCurrent ? state.value : undefined,
    error: isCurrent ? state.error : undefined,
    refresh: () => void refresh(),
  };
}

/**
 * Calls `update` after events that change something: once for those that come together, and never twice at the same time.
 * @param changes whether an event changes what is shown
 */
export function useChanges(changes: (event: LiveEvent) => boolean, update: () => Promise<void>): void {
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const work = useRef({ isRunning: false, isDue: false, update });
  work.current.update = update;
  const run = useCallback(async () => {
    const { current } = work;
    timer.current = undefined;
    current.isRunning = true;
    const begun = performance.now();
    await current.update();
    current.isRunning = false;
    if (current.isDue) schedule(Math.max(TOGETHER_MS, REST * (performance.now() - begun)));
  }, []);
  const schedule = useCallback((delayMs: number) => {
    work.current.isDue = false;
    timer.current ??= setTimeout(() => void run(), delayMs);
  }, []);
  useEffect(() => () => clearTimeout(timer.current), []);
  useEvents((event) => {
    if (!concernsAll(event.name) && !changes(event)) return;
    if (work.current.isRunning) work.current.isDue = true;
    else schedule(TOGETHER_MS);
  });
}

/** Of a `gap` the server does not know what was missed. */
function concernsAll(name: string): boolean {
  return name === "gap" || name === "server:reset" || name === "workspace:reset";
}
