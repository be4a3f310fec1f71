import type { CommittedEvent } from "../../core/events.ts";
import { stringifyJson } from "../../core/json.ts";
import { onOneLine } from "../../http/event-stream.ts";
import { type EventSubject, subjectOf } from "./subject.ts";

/** An event as it is recorded. */
export interface EventEntry {
  sequence: number;
  name: string;
  subject: EventSubject;
  /** JSON on one line: sequence, time, name, workspace and payload. */
  data: string;
}

/** Records an event. */
export function toEntry(event: CommittedEvent): EventEntry {
  const { sequence, name } = event;
  return { sequence, name, subject: subjectOf(event), data: onOneLine(stringifyJson(toShownEvent(event))) };
}

/** An event as clients see it. */
export function toShownEvent({ sequence, time, name, workspace, payload }: CommittedEvent): object {
  return { sequence, time: new Date(time).toISOString(), name, workspace, payload: withoutErrors(payload) };
}

/** Errors have no enumerable fields: only their message is shown. */
function withoutErrors(payload: unknown): unknown {
  if (typeof payload !== "object" || payload === null || !("error" in payload)) return payload;
  return payload.error instanceof Error ? { ...payload, error: payload.error.message } : payload;
}
