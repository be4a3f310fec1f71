import { RawJson, stringifyJson } from "../../core/json.ts";
import type { RunRow } from "../run/run.ts";
import type { EventTriggerRow } from "../waits/trigger.ts";
import { formatTime } from "../wire/time.ts";

/** Characters that need no escape in a segment of a path, such as those of the key `approval:order,1`. */
const PLAIN_IN_PATHS = /%(?:24|26|2B|2C|3A|3B|3D|40)/g;

/**
 * The payload for the `notify_url` of a wait, with the URL to which the event is to be sent (`NotifyAsync` of the real
 * server).
 */
export function waitPayload({ id, event_key, project_id, expires_at }: EventTriggerRow): string {
  const segment = encodeURIComponent(event_key).replace(PLAIN_IN_PATHS, decodeURIComponent);
  return stringifyJson({
    callback_url: `/v1/events/${segment}/send`,
    event_key,
    expires_at: formatTime(expires_at),
    project_id,
    trigger_id: id,
  });
}

/**
 * The payload for a job's `webhook_url` at the end of a run (`EnqueueRunWebhook` of the real server).
 * @param now milliseconds since the epoch
 */
export function endPayload(run: RunRow, now: number): string {
  return stringifyJson({
    run_id: run.id,
    job_id: run.job_id,
    project_id: run.project_id,
    status: run.status,
    attempt: run.attempt,
    result: run.result_json === null ? undefined : new RawJson(run.result_json),
    error: run.error ?? undefined,
    timestamp: formatTime(now),
  });
}
