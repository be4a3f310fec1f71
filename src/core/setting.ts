import * as v from "valibot";
import { formatDuration, parseDuration } from "./durations.ts";

/** One setting: everything there is to know about it, said once. */
export interface Setting<Value> {
  /** Its environment variable. */
  env: string;
  /** Its command-line flag, for the few that have one. */
  flag?: string;
  /** What help calls the flag's value: `file`. */
  hint?: string;
  description: string;
  /** Whether the value is kept out of what is shown. */
  secret?: boolean;
  default: Value;
  /** Reads the text of a flag, an environment variable or the config file. Throws `Error` saying what was expected. */
  parse(text: string): Value;
  /** Writes a value so that `parse` reads it back. */
  format(value: Value): string;
}

export type Details = Pick<Setting<unknown>, "env" | "flag" | "hint" | "description" | "secret">;

/** Examples of durations; an error message shows those that are long enough for the setting. */
const EXAMPLES = ["15s", "30m", "24h", "7d"];

const MAX_SAFE_DURATION = 10 * 365 * 86_400_000;

/** A duration in milliseconds, written `500ms`, `15s`, `30m`, `24h`, `7d`. */
export function duration(fallback: string, details: Details & { atLeast?: string }): Setting<number> {
  const minimum = parseDuration(details.atLeast ?? "1s") ?? 0;
  const [shorter, longer] = EXAMPLES.filter((example) => (parseDuration(example) ?? 0) > minimum);
  return {
    ...details,
    default: parseDuration(fallback) ?? 0,
    format: formatDuration,
    parse: (text) => {
      const ms = parseDuration(text);
      if (ms === undefined || ms < minimum || ms > MAX_SAFE_DURATION) {
        throw new Error(`a duration of at least ${formatDuration(minimum)}, such as ${shorter} or ${longer}`);
      }
      return ms;
    },
  };
}

/** A whole number in a range. */
export function integer(fallback: number, details: Details & { min?: number; max?: number }): Setting<number> {
  const { min = 1, max = Number.MAX_SAFE_INTEGER, ...rest } = details;
  return {
    ...rest,
    default: fallback,
    format: String,
    parse: (text) => {
      const value = /^-?\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
      if (!(value >= min && value <= max)) {
        throw new Error(
          max === Number.MAX_SAFE_INTEGER
            ? `a whole number of at least ${min}`
            : `a whole number from ${min} to ${max}`,
        );
      }
      return value;
    },
  };
}

/** Any text. */
export function text<Value extends string | undefined>(fallback: Value, details: Details): Setting<string | Value> {
  return { ...details, default: fallback, format: (value) => value ?? "", parse: (value) => value };
}

/** No more than what listhen takes for a host: of anything else it says so and listens on every interface. */
const HOST = /^[\da-z:](?:[\da-z.:-]{0,61}[\da-z.:])?$/i;

/** An address to listen on, or a name for one. */
export function host(fallback: string, details: Details): Setting<string> {
  return {
    ...details,
    default: fallback,
    format: String,
    parse: (value) => {
      if (!HOST.test(value)) throw new Error("an IP address or a host name, such as 127.0.0.1");
      return value;
    },
  };
}

/** One of a few words. */
export function oneOf<const Choice extends string>(
  fallback: Choice,
  choices: readonly Choice[],
  details: Details,
): Setting<Choice> {
  return {
    hint: choices.join("|"),
    ...details,
    default: fallback,
    format: String,
    parse: (value) => {
      if (!v.is(v.picklist(choices), value)) throw new Error(`one of ${choices.join(", ")}`);
      return value;
    },
  };
}

/** A key or password, never shown; too short a one is refused. */
export function secret(minLength: number, details: Details): Setting<string | undefined> {
  return {
    ...details,
    secret: true,
    default: undefined,
    format: (value) => value ?? "",
    parse: (value) => {
      if (value.length < minLength)
        throw new Error(`at least ${minLength} ${minLength === 1 ? "character" : "characters"} long`);
      return value;
    },
  };
}

/** Yes or no, written `true` or `false`. */
export function toggle(fallback: boolean, details: Details): Setting<boolean> {
  return {
    ...details,
    default: fallback,
    format: String,
    parse: (value) => {
      if (value !== "true" && value !== "false") throw new Error("true or false");
      return value === "true";
    },
  };
}

/** A comma list. */
export function list(fallback: readonly string[], details: Details): Setting<readonly string[]> {
  return {
    ...details,
    default: fallback,
    format: (value) => value.join(","),
    parse: (value) =>
      value
        .split(",")
        .map((item) => item.trim())
        .filter((item) => item !== ""),
  };
}

/** A comma list of origins of web pages: scheme, host and, when it is not the scheme's own, port. Default none. */
export function origins(details: Details): Setting<readonly string[]> {
  const texts = list([], details);
  return {
    ...texts,
    parse: (value) =>
      texts.parse(value).map((item) => {
        const { origin, href } = URL.canParse(item) ? new URL(item) : { origin: "null", href: "" };
        if (origin === "null" || href !== `${origin}/`) {
          throw new Error("origins without a path, such as http://localhost:3000");
        }
        return origin;
      }),
  };
}
