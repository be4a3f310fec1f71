import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { ApiError } from "./api.ts";
import { concernsAll, type LiveEvent, onEvent } from "./feed.ts";
import { Refresher } from "./refresher.ts";

const NOT_FOUND = 404;

/** Calls `listener` for each event while the component is shown. */
export function useEvents(listener: (event: LiveEvent) => void): void {
  const current = useRef(listener);
  current.current = listener;
  // In the same turn as the first reading: an event between the two would be lost.
  useLayoutEffect(() => onEvent((event) => current.current(event)), []);
}

/**
 * Reads something now, and again after events that change it. Two readings of the same thing never overlap, so that an
 * older answer never replaces a newer one.
 * @param key what is read; another key reads something else at once
 * @param read must not throw, and must ignore its answer when the key has changed meanwhile
 * @param changes whether an event may have changed it
 * @returns reads it again
 */
export function useReading(key: string, read: () => Promise<void>, changes: (event: LiveEvent) => boolean): () => void {
  const current = useRef(read);
  current.current = read;
  const refresher = useMemo(() => new Refresher(() => current.current()), [key]);
  // Before the first frame, and not after it as an effect would: the answer is there sooner.
  useLayoutEffect(() => {
    refresher.refresh();
    return () => refresher.stop();
  }, [refresher]);
  useEvents((event) => {
    if (concernsAll(event) || changes(event)) refresher.changed();
  });
  return () => refresher.refresh();
}

/** Whether what was read before does not exist any more, so that it must not be shown. */
function isGone(error: Error): boolean {
  return error instanceof ApiError && error.status === NOT_FOUND;
}

/** What was read, or why it could not be. */
export interface Live<Value> {
  value: Value | undefined;
  error: Error | undefined;
  /** Reads it again. */
  refresh: () => void;
}

/**
 * The value of something, kept up to date.
 * @param key what is read; another key reads something else
 * @param read fetches it
 * @param changes whether an event may have changed it
 */
export function useLive<Value>(
  key: string,
  read: () => Promise<Value>,
  changes: (event: LiveEvent) => boolean,
): Live<Value> {
  const [state, setState] = useState<{ key: string; value?: Value | undefined; error?: Error | undefined }>({ key });
  const shown = useRef(key);
  shown.current = key;
  const refresh = useReading(
    key,
    async () => {
      const settle = (next: { value?: Value | undefined; error?: Error }): void => {
        if (shown.current !== key) return;
        setState((before) => ({ ...(before.key === key ? before : {}), key, error: undefined, ...next }));
      };
      await read().then(
        (value) => settle({ value }),
        (error: Error) => settle(isGone(error) ? { value: undefined, error } : { error }),
      );
    },
    changes,
  );
  const isCurrent = state.key === key;
  return {
    value: isCurrent ? state.value : undefined,
    error: isCurrent ? state.error : undefined,
    refresh,
  };
}
