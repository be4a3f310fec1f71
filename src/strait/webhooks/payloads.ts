import { RawJson, stringifyJson } from "../../core/json.ts";
import type { RunRow } from "../run/run.ts";
import type { EventTriggerRow } from "../waits/trigger.ts";
import { formatTime } from "../wire/time.ts";

/** Characters that a segment of a path takes as they are, and that keys like `approval:order,1` are made of. */
const PLAIN_IN_PATHS = /%(?:24|26|2B|2C|3A|3B|3D|40)/g;

/** What the `notify_url` of a wait is told: where the event is to be sent (`NotifyAsync` of the real server). */
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
 * What the `webhook_url` of a job is told of the end of a run (`EnqueueRunWebhook` of the real server).
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
