import { mistakeInUrl } from "../definitions/jobs/rules.ts";
import { StraitError } from "../wire/errors.ts";

const MAX_KEY_BYTES = 512;
const DEFAULT_TIMEOUT_SECONDS = 3_600;
const MAX_TIMEOUT_SECONDS = 2_592_000;
// oxlint-disable-next-line no-control-regex
const CONTROL_CHARACTER = /[\u0000-\u001F]/;

/** @throws StraitError 400 for a key, or the beginning of one, that no event can have [strait 2.12] */
export function checkEventKey(key: string): void {
  if (key === "") throw new StraitError(400, "event key is required");
  if (Buffer.byteLength(key) > MAX_KEY_BYTES) throw new StraitError(400, "event key must be at most 512 characters");
  if (CONTROL_CHARACTER.test(key)) {
    throw new StraitError(400, "event key contains invalid characters (control characters not allowed)");
  }
}

/** The same rules as for the webhooks of jobs. @throws StraitError 400 */
export function checkNotifyUrl(url: string | undefined): void {
  const mistake = url === undefined ? undefined : mistakeInUrl(url);
  if (mistake !== undefined) throw new StraitError(400, `notify_url rejected: ${mistake}`);
}

/**
 * The timeout of a wait, in seconds: an hour by default, 30 days at most.
 * @param name the field that the error names
 * @throws StraitError 400
 */
export function waitSeconds(asked: number | undefined, name: "timeout_secs" | "await_timeout_secs"): number {
  if (asked === undefined || asked <= 0) return DEFAULT_TIMEOUT_SECONDS;
  if (asked > MAX_TIMEOUT_SECONDS)
    throw new StraitError(400, `${name} must be ${MAX_TIMEOUT_SECONDS} seconds or fewer`);
  return asked;
}
