import * as v from "valibot";
import { jsonValue } from "../../../http/schema.ts";
import { boolean, constrained, map, optional, string } from "../../wire/values.ts";

const DURATION = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/i;
const SECONDS_OF = [86_400, 3_600, 60, 1];
const MAX_SECONDS = 7 * 86_400;

/** A length of time in seconds, in bodies as ISO 8601: `PT30M`, `P1D`. */
const duration = jsonValue<number>({ type: "string", format: "duration" }, (input) => {
  const parts = DURATION.exec(String(input))?.slice(1);
  if (parts === undefined || parts.every((part) => part === undefined)) {
    throw new Error(`Cannot deserialize value of type \`java.time.Duration\` from ${JSON.stringify(input)}`);
  }
  return parts.reduce((sum, part, index) => sum + Number(part ?? 0) * (SECONDS_OF[index] ?? 0), 0);
});

/** The limit of colors, and of characters in the name of one. */
const [MAX_COLORS, MAX_LABEL] = [10_000, 256];

const inSeconds = constrained(
  optional(duration),
  (seconds) => seconds > 0 && Number.isInteger(seconds),
  "minimum precision supported is seconds, please use a duration with seconds precision or higher",
);

const colorMap = optional(map(string()));

/** Body of `PUT /workspaces/configurations`. */
export const workspaceConfigurationRequest = v.object({
  timeout_to_mark_thread_as_inactive: constrained(
    inSeconds,
    (seconds) => seconds <= MAX_SECONDS,
    "duration exceeds the maximum allowed of 7 days",
  ),
  truncation_on_tables: optional(boolean()),
  color_map: constrained(
    constrained(
      constrained(colorMap, ({ size }) => size <= MAX_COLORS, `size must be between 0 and ${MAX_COLORS}`),
      (colors) => [...colors.keys()].every(({ length }) => length <= MAX_LABEL),
      `size must be between 0 and ${MAX_LABEL}`,
    ),
    (colors) => [...colors.values()].every((color) => /^#[\da-f]{6}$/i.test(color)),
    "Color must be a valid hex color (e.g. #FF0000)",
  ),
});
export type WorkspaceConfigurationWrite = v.InferOutput<typeof workspaceConfigurationRequest>;

export const workspaceConfiguration = v.object({
  timeout_to_mark_thread_as_inactive: optional(string({ format: "duration" })),
  truncation_on_tables: optional(boolean()),
  color_map: optional(map(string())),
});
export type WorkspaceConfiguration = v.InferOutput<typeof workspaceConfiguration>;

/** A length of time as Java prints it: a day is `PT24H`. */
export function printDuration(seconds: number): string {
  const parts = [Math.floor(seconds / 3_600), Math.floor((seconds % 3_600) / 60), seconds % 60];
  return `PT${parts.map((part, index) => (part === 0 ? "" : `${part}${"HMS"[index]}`)).join("")}`;
}
