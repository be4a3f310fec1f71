import { type IdSource, randomUint32 } from "../../../core/ids.ts";

const ADJECTIVES = ["amber", "brave", "calm", "eager", "gentle", "keen", "lively", "proud", "quiet", "swift"] as const;
const NOUNS = [
  "acorn",
  "beacon",
  "comet",
  "falcon",
  "harbor",
  "lantern",
  "meadow",
  "otter",
  "pebble",
  "willow",
] as const;

const NUMBERS = 10_000;

/** A name for an experiment whose client gave none: `calm_otter_4711`. */
export function generatedName(ids: IdSource): string {
  const number = randomUint32(ids);
  const adjective = ADJECTIVES[number % ADJECTIVES.length] ?? "";
  const noun = NOUNS[Math.floor(number / ADJECTIVES.length) % NOUNS.length] ?? "";
  return `${adjective}_${noun}_${Math.floor(number / (ADJECTIVES.length * NOUNS.length)) % NUMBERS}`;
}
