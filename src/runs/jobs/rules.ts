import { RunsError } from "../wire/errors.ts";
import { isSchedule } from "./cron.ts";
import type { JobDefinition } from "./schema.ts";

const MAX_SLUG_BYTES = 128;
const MAX_URL_LENGTH = 2_048;
const MAX_TIMEOUT_SECONDS = 86_400;
const MAX_TAGS = 20;
const MAX_TAG_KEY_LENGTH = 64;
const MAX_TAG_VALUE_LENGTH = 256;
const QUEUE_NAME = /^[A-Za-z0-9_-]{1,63}$/;
/** The last one is ours: an agent of an Opik runner executes the job. */
const ENDPOINT_PROTOCOLS: ReadonlySet<string> = new Set(["http:", "https:", "opik:"]);
const WEBHOOK_PROTOCOLS: ReadonlySet<string> = new Set(["http:", "https:"]);

/**
 * What the real server checks of a job beyond its struct tags (facts 4.1). Endpoints on loopback are allowed,
 * on any port: a job's first executor runs on the developer's machine.
 * @throws RunsError 400
 */
export function checkDefinition(definition: JobDefinition): void {
  if (Buffer.byteLength(definition.slug) > MAX_SLUG_BYTES) refuse("slug too long (max 128 characters)");
  if (!definition.endpoint_url && definition.execution_mode !== "worker") refuse("endpoint_url is required");
  checkUrl("endpoint_url", definition.endpoint_url, ENDPOINT_PROTOCOLS);
  checkUrl("fallback_endpoint_url", definition.fallback_endpoint_url, ENDPOINT_PROTOCOLS);
  checkUrl("webhook_url", definition.webhook_url, WEBHOOK_PROTOCOLS);
  if ((definition.timeout_secs ?? 0) > MAX_TIMEOUT_SECONDS) {
    refuse("timeout_secs must not exceed 86400 (24 hours)");
  }
  checkCron("cron", definition.cron);
  checkCron("execution_window_cron", definition.execution_window_cron);
  checkTimezone(definition.timezone);
  if (definition.retry_delays_secs?.some((delay) => delay <= 0)) refuse("retry_delays_secs values must be positive");
  if (definition.debounce_window_secs && definition.batch_window_secs) {
    refuse("debounce_window_secs and batch_window_secs are mutually exclusive");
  }
  if (definition.queue_name && !QUEUE_NAME.test(definition.queue_name)) refuse("invalid queue_name");
  checkTags(definition.tags);
}

/** @throws RunsError 400 */
export function checkTags(tags: ReadonlyMap<string, string> | undefined): void {
  if (tags === undefined) return;
  if (tags.size > MAX_TAGS) refuse("too many tags (max 20)");
  for (const [key, value] of tags) {
    if (key.trim() === "") refuse("tag keys must be non-empty");
    if (key.length > MAX_TAG_KEY_LENGTH) refuse("tag key too long (max 64 characters)");
    if (value.length > MAX_TAG_VALUE_LENGTH) refuse("tag value too long (max 256 characters)");
  }
}

/**
 * What is wrong with a URL that the server is to call, if anything. Loopback is allowed.
 * @param protocols which it may have; default those of webhooks
 */
export function mistakeInUrl(url: string, protocols: ReadonlySet<string> = WEBHOOK_PROTOCOLS): string | undefined {
  if (url.length > MAX_URL_LENGTH) return "URL too long (max 2048 characters)";
  if (!URL.canParse(url)) return "invalid URL";
  return protocols.has(new URL(url).protocol) ? undefined : "scheme must be http or https";
}

function checkUrl(field: string, url: string | undefined, protocols: ReadonlySet<string>): void {
  const mistake = url ? mistakeInUrl(url, protocols) : undefined;
  if (mistake !== undefined) refuse(`invalid ${field}: ${mistake}`);
}

function checkCron(field: string, expression: string | undefined): void {
  if (!expression) return;
  const fields = expression.trim().split(/\s+/).length;
  if (fields !== 5) {
    refuse(`cron expression must have exactly 5 fields (minute hour day-of-month month day-of-week), got ${fields}`);
  }
  if (!isSchedule(expression)) refuse(`invalid ${field} expression`);
}

function checkTimezone(name: string | undefined): void {
  if (!name) return;
  try {
    new Intl.DateTimeFormat("en", { timeZone: name }).format(0);
  } catch {
    refuse("invalid timezone");
  }
}

function refuse(message: string): never {
  throw new RunsError(400, message);
}
