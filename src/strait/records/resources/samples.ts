import { RawJson } from "../../../core/json.ts";
import { decimal } from "../../wire/decimal.ts";
import { StraitError } from "../../wire/errors.ts";
import type { NewRunEvent } from "../run-events/service.ts";
import type { ResourceSampleRequest } from "./schema.ts";
import type { Measurement } from "./service.ts";

const WARNING_PERCENT = 80;
const CRITICAL_PERCENT = 90;
/** The part of its limit above which a run may be killed for its memory. */
const OOM_RISK = 0.9;

/**
 * Converts a sample to a run event, whose level rises with the use of memory [strait 2.18].
 * @throws StraitError 400 for what cannot be measured
 */
export function toSampleEvent(given: ResourceSampleRequest): NewRunEvent {
  const { memory_mb = 0, memory_percent = 0, cpu_percent = 0 } = given;
  if (memory_mb < 0) throw new StraitError(400, "memory_mb must be non-negative");
  checkPercent("memory_percent", memory_percent);
  checkPercent("cpu_percent", cpu_percent);
  const memory = `${oneDigit(memory_mb)}MB (${oneDigit(memory_percent)}%)`;
  return {
    type: "resource_sample",
    ...toMessage(memory_percent, memory, `${oneDigit(cpu_percent)}%`),
    data: writeNumbers({ cpu_percent, memory_mb, memory_percent }),
  };
}

/** The warning event for a snapshot that is close to its memory limit [strait 2.19]. */
export function toOomWarning({ memory_mb, memory_limit_mb }: Measurement): NewRunEvent | undefined {
  if (memory_limit_mb <= 0 || memory_mb <= OOM_RISK * memory_limit_mb) return undefined;
  const usage_percent = (memory_mb / memory_limit_mb) * 100;
  return {
    type: "resource.oom_risk",
    level: "warn",
    message: `memory usage ${Math.round(memory_mb)}MB exceeds 90% of limit ${Math.round(memory_limit_mb)}MB`,
    data: writeNumbers({ memory_limit_mb, memory_mb, usage_percent }),
  };
}

function writeNumbers(numbers: Readonly<Record<string, number>>): RawJson {
  return RawJson.of(Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, decimal(value)])));
}

function checkPercent(name: string, percent: number): void {
  if (percent < 0 || percent > 100) throw new StraitError(400, `${name} must be between 0 and 100`);
}

/** Level and message of a sample; under memory pressure the message is about memory alone [strait 2.18]. */
function toMessage(memoryPercent: number, memory: string, cpu: string): Pick<NewRunEvent, "level" | "message"> {
  if (memoryPercent >= CRITICAL_PERCENT) return { level: "error", message: `memory pressure critical: ${memory}` };
  if (memoryPercent >= WARNING_PERCENT) return { level: "warn", message: `memory pressure warning: ${memory}` };
  return { level: "info", message: `memory: ${memory}, cpu: ${cpu}` };
}

/**
 * Writes a number with one digit behind the point as Go's `%.1f` does. A number exactly between two becomes the even
 * one, where `toFixed` takes the greater; only quarters can be exactly between.
 */
function oneDigit(value: number): string {
  const isBetween = Number.isInteger(value * 4) && !Number.isInteger(value * 2);
  return (isBetween ? (2 * Math.round(value * 5)) / 10 : value).toFixed(1);
}
