import { readAgentAddress } from "../../../core/agent-address.ts";
import { StraitError } from "../../wire/errors.ts";
import { isUrl } from "../../wire/url.ts";
import { isSchedule } from "./cron.ts";
import type { JobDefinition } from "./schema.ts";

const MAX_NAME_BYTES = 255;
const MAX_SLUG_BYTES = 128;
const MAX_ENDPOINT_BYTES = 2_048;
const MAX_TIMEOUT_SECONDS = 86_400;
const MAX_TAGS = 20;
const MAX_TAG_KEY_BYTES = 64;
const MAX_TAG_VALUE_BYTES = 256;
const PATTERN = "^[A-Za-z0-9_-]{1,63}$";
const QUEUE_NAME = new RegExp(PATTERN);
const WEB_SCHEMES: ReadonlySet<string> = new Set(["http", "https"]);
/** The last two are ours: an agent of an Opik runner executes the job, or a script of a fixture. */
const ENDPOINT_SCHEMES: ReadonlySet<string> = new Set([...WEB_SCHEMES, "opik", "script"]);

const NO_AGENT = "invalid endpoint_url: must be opik://PROJECT/AGENT, percent-encoded";

type Field = keyof JobDefinition;

/** The fields that a rule checks, of which the first is named in the error, and the check itself. */
type Rule = readonly [fields: readonly Field[], mistake: (definition: JobDefinition) => string | false | undefined];

/**
 * The checks of a job beyond its struct tags, in the real server's order ([strait 4.1]; `validateCreateJobFields`).
 * Endpoints on loopback are allowed, on any port: a job's first executor runs on the developer's machine. A time zone
 * is not checked [strait 4.1].
 */
const RULES: readonly Rule[] = [
  [["name"], ({ name }) => Buffer.byteLength(name) > MAX_NAME_BYTES && "name too long (max 255 characters)"],
  [["slug"], ({ slug }) => Buffer.byteLength(slug) > MAX_SLUG_BYTES && "slug too long (max 128 characters)"],
  urlRule("endpoint_url", ENDPOINT_SCHEMES),
  [["endpoint_url"], ({ endpoint_url = "" }) => namesNoAgent(endpoint_url) && NO_AGENT],
  urlRule("fallback_endpoint_url", WEB_SCHEMES),
  urlRule("webhook_url", WEB_SCHEMES),
  [
    ["timeout_secs"],
    ({ timeout_secs = 0 }) => timeout_secs > MAX_TIMEOUT_SECONDS && "timeout_secs must not exceed 86400 (24 hours)",
  ],
  cronRule("cron"),
  cronRule("execution_window_cron"),
  [
    ["retry_delays_secs"],
    ({ retry_delays_secs: delays }) =>
      delays?.some((delay) => delay <= 0) && "retry_delays_secs values must be positive",
  ],
  [["tags"], ({ tags }) => mistakeInTags(tags)],
  [
    ["debounce_window_secs", "batch_window_secs"],
    ({ debounce_window_secs, batch_window_secs }) =>
      debounce_window_secs && batch_window_secs
        ? "debounce_window_secs and batch_window_secs are mutually exclusive"
        : undefined,
  ],
  [["queue_name"], ({ queue_name: name }) => name && !QUEUE_NAME.test(name) && `queue_name must match ${PATTERN}`],
  [
    ["endpoint_url", "execution_mode"],
    ({ endpoint_url, execution_mode }) => execution_mode !== "worker" && mistakeInLength(endpoint_url),
  ],
];

/** @throws StraitError 400 with the first rule that a job breaks */
export function checkDefinition(definition: JobDefinition): void {
  for (const { message } of brokenRules(definition)) throw new StraitError(400, message);
}

/**
 * Every rule that a job breaks, with the field that is named in the error.
 * @param unread fields whose values are unknown; rules about them are left out
 */
export function* brokenRules(
  definition: JobDefinition,
  unread: ReadonlySet<string> = new Set(),
): Generator<{ field: Field; message: string }, void, void> {
  for (const [fields, mistake] of RULES) {
    const [field] = fields;
    const message = fields.some((name) => unread.has(name)) ? undefined : mistake(definition);
    if (field !== undefined && message) yield { field, message };
  }
}

/** @throws StraitError 400 */
export function checkTags(tags: ReadonlyMap<string, string> | undefined): void {
  const mistake = mistakeInTags(tags);
  if (mistake !== undefined) throw new StraitError(400, mistake);
}

function mistakeInTags(tags: ReadonlyMap<string, string> = new Map()): string | undefined {
  if (tags.size > MAX_TAGS) return "too many tags (max 20)";
  for (const [key, value] of tags) {
    if (key === "") return "tag keys must be non-empty";
    if (Buffer.byteLength(key) > MAX_TAG_KEY_BYTES) return "tag key too long (max 64 characters)";
    if (Buffer.byteLength(value) > MAX_TAG_VALUE_BYTES) return "tag value too long (max 256 characters)";
  }
  return undefined;
}

/**
 * Checks a URL that the server will call, and returns what is wrong with it. Loopback is allowed.
 * @param schemes the allowed ones; default http and https
 */
export function mistakeInUrl(url: string, schemes: ReadonlySet<string> = WEB_SCHEMES): string | undefined {
  const scheme = /^[a-z][a-z0-9+.-]*(?=:)/i.exec(url)?.[0].toLowerCase() ?? "";
  return schemes.has(scheme) && isUrl(url) ? undefined : "url must use http or https scheme";
}

function mistakeInLength(endpoint = ""): string | undefined {
  if (endpoint === "") return "endpoint_url is required";
  if (Buffer.byteLength(endpoint) <= MAX_ENDPOINT_BYTES) return undefined;
  return `endpoint_url too long (max ${MAX_ENDPOINT_BYTES} characters)`;
}

/** Whether a URL has the scheme of agents of Opik runners, but is no valid address. */
function namesNoAgent(url: string): boolean {
  return /^opik:/i.test(url) && readAgentAddress(url) === undefined;
}

function urlRule(field: Field & `${string}_url`, schemes: ReadonlySet<string>): Rule {
  return [
    [field],
    ({ [field]: url }) => {
      const mistake = url ? mistakeInUrl(url, schemes) : undefined;
      return mistake && `invalid ${field}: ${mistake}`;
    },
  ];
}

function cronRule(field: "cron" | "execution_window_cron"): Rule {
  return [[field], ({ [field]: expression }) => expression && mistakeInCron(field, expression)];
}

function mistakeInCron(field: string, expression: string): string | undefined {
  const fields = expression.trim().split(/\s+/).length;
  if (fields !== 5) {
    return `cron expression must have exactly 5 fields (minute hour day-of-month month day-of-week), got ${fields}`;
  }
  return isSchedule(expression) ? undefined : `invalid ${field} expression`;
}
