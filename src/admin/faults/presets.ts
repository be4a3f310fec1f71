import type { FaultRule } from "./schema.ts";

/** Rules that belong together. */
interface Preset {
  /** What happens, and what a client shows under it. */
  description: string;
  rules: readonly FaultRule[];
}

/** How long the server of `restart-loop` is gone, and how often. */
const DOWN_SECONDS = 3;
const RESTART_EVERY_SECONDS = 20;
const RESTARTS = 30;

/** Polls and heartbeats: a request without an answer is hard to notice among them. */
const WAITING_OPERATIONS = ["nextJob", "nextBridgeCommands", "heartbeat"];

const PRESETS = {
  "flaky-network": {
    description:
      "Slow answers, and connections that are reset before or after the work, or in the middle of the answer: shows whether a client retries, and does nothing twice",
    rules: [
      { latency: { min: "5ms", max: "300ms" }, probability: 0.5, seed: "latency" },
      { reset: "before", probability: 0.1, seed: "before" },
      { reset: "after", probability: 0.05, seed: "after" },
      { cut: true, probability: 0.05, seed: "cut" },
    ],
  },
  overloaded: {
    description: "Slow answers, 503 and 429 with Retry-After: shows whether a client backs off, and gives up nothing",
    rules: [
      { latency: { min: "100ms", max: "2s" }, seed: "latency" },
      { status: 503, retryAfter: 1, probability: 0.3, seed: "unavailable" },
      { status: 429, retryAfter: 2, probability: 0.15, seed: "limited" },
    ],
  },
  "restart-loop": {
    description: `The server is gone for ${DOWN_SECONDS} s every ${RESTART_EVERY_SECONDS} s, ${RESTARTS} times: shows whether a client connects again and reports what it has done meanwhile`,
    rules: Array.from({ length: RESTARTS }, (_, index): FaultRule => {
      const seconds = (index + 1) * RESTART_EVERY_SECONDS;
      return { reset: "before", from: `${seconds}s`, until: `${seconds + DOWN_SECONDS}s` };
    }),
  },
  "half-open": {
    description:
      "Every other poll and heartbeat is never answered: shows whether a client gives up, and when: Opik's SDKs do after 60 s (npm) or 100 s (PyPI)",
    rules: WAITING_OPERATIONS.map((operation): FaultRule => ({
      operation,
      drop: true,
      probability: 0.5,
      seed: operation,
    })),
  },
} as const satisfies Record<string, Preset>;

export type PresetName = keyof typeof PRESETS;

export const PRESET_NAMES = Object.keys(PRESETS) as [PresetName, ...PresetName[]];

/** The descriptions of all presets by name. */
export const PRESET_DESCRIPTIONS: Readonly<Record<PresetName, string>> = Object.fromEntries(
  Object.entries<Preset>(PRESETS).map(([name, { description }]) => [name, description]),
) as Record<PresetName, string>;

/** The rules of a preset. */
export function rulesOf(name: PresetName): readonly FaultRule[] {
  return PRESETS[name].rules;
}
