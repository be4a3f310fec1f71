import { lookUp } from "../../../../core/look-up.ts";
import type { OtelValue } from "../request.ts";
import type { Rule } from "./rules.ts";
import { jsonFieldsIn } from "./values.ts";

/** Kinds of tokens by other names that they have. */
const KINDS: Readonly<Record<string, string>> = {
  input_tokens: "prompt_tokens",
  output_tokens: "completion_tokens",
};

const WHOLE_NUMBER = /^[+-]?\d+$/;

/**
 * Adds what an attribute says of tokens: a number, or an object of numbers.
 * @param rule by which the attribute is about tokens; of an attribute that it names the beginning of, the rest is the
 *   kind of tokens
 */
export function addUsage(usage: Map<string, number>, rule: Rule, attribute: string, value: OtelValue): void {
  const text = value.int_value ?? value.string_value;
  if (text === undefined) return;
  if (WHOLE_NUMBER.test(text)) {
    addTokens(usage, rule.isPrefix ? attribute.slice(rule.name.length) : attribute, Number(text));
    return;
  }
  for (const [kind, count] of jsonFieldsIn(text) ?? []) {
    const tokens = count.parse();
    if (typeof tokens === "number") addTokens(usage, kind, Math.trunc(tokens));
  }
}

/** Adds the total of prompt and completion when the integration did not send it. */
export function completeUsage(usage: Map<string, number>): void {
  const [prompt, completion] = [usage.get("prompt_tokens"), usage.get("completion_tokens")];
  if (usage.has("total_tokens") || prompt === undefined || completion === undefined) return;
  usage.set("total_tokens", prompt + completion);
}

function addTokens(usage: Map<string, number>, kind: string, tokens: number): void {
  // As Java casts a long to an int.
  usage.set(lookUp(KINDS, kind) ?? kind, Math.trunc(tokens) | 0);
}
