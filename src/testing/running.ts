import { stringifyJson } from "../core/json.ts";
import type { OpikLocalParts } from "../server.ts";

/** Returns the server of a test double. @throws Error once it was stopped */
export type Running = () => OpikLocalParts;

/** A value of the APIs with plain JavaScript values, which may lose what JavaScript cannot hold (`1.0`, big integers). */
export function plain<Plain>(value: unknown): Plain {
  return JSON.parse(stringifyJson(value)) as Plain;
}
