import { describe, expect, test } from "vitest";
import { estimateCost } from "../../../../src/opik/tracing/costs/estimate.ts";
import { findPrice } from "../../../../src/opik/tracing/costs/prices.ts";

function costOf(model: string | null, provider: string | null, usage?: object, metadata?: object): number {
  return estimateCost({
    model,
    provider,
    usage_json: usage === undefined ? null : JSON.stringify(usage),
    metadata_json: metadata === undefined ? null : JSON.stringify(metadata),
  });
}

/** Names of models, and those of the table under which they are found. */
const NAMES: ReadonlyArray<readonly [model: string, provider: string, listed: string, listedProvider: string]> = [
  ["gpt-4o", "openai", "gpt-4o", "openai"],
  ["openai/gpt-4o", "openai", "gpt-4o", "openai"],
  ["gpt-5-2025-08-07", "openai", "gpt-5-2025-08-07", "openai"],
  ["gpt-4.1-2031-01-31", "openai", "gpt-4.1", "openai"],
  ["Claude-Sonnet-4.5", "anthropic", "claude-sonnet-4-5", "anthropic"],
  ["anthropic.claude-opus-4-6-v1:0", "bedrock", "anthropic.claude-opus-4-6-v1", "bedrock"],
  ["gemini-2.5-pro", "gemini", "gemini-2.5-pro", "google_ai"],
  ["gemini-2.5-pro", "vertex-ai", "gemini-2.5-pro", "google_vertexai"],
  ["perplexity/sonar", "openrouter", "sonar", "perplexity"],
];

describe("the price of a model is found", () => {
  test.for(NAMES)("%s of %s", ([model, provider, listed, listedProvider]) => {
    const price = findPrice(listed, listedProvider);
    expect(price).toMatchObject({ provider: listedProvider, price: { input: expect.any(Number) as number } });
    expect(findPrice(model, provider)).toEqual(price);
  });

  test.for([
    ["gpt-4o", "nobody"],
    ["no-model", "openai"],
    ["constructor", "openai"],
    ["gpt-4o", "constructor"],
    ["unknown/gpt-4o", "unknown"],
    ["GPT-4.1", "openai"],
  ])("and none for %s of %s", ([model, provider]) => {
    expect(findPrice(model!, provider!)).toBeUndefined();
  });
});

describe("a cost is estimated", () => {
  test("by the tokens of prompt and completion", () => {
    expect(costOf("gpt-4o", "openai", { prompt_tokens: 1000, completion_tokens: 100 })).toBeCloseTo(0.0035, 12);
  });

  test("with the tokens from a cache of OpenAI taken out of the prompt", () => {
    const usage = {
      "original_usage.prompt_tokens": 1000,
      "original_usage.completion_tokens": 100,
      "original_usage.prompt_tokens_details.cached_tokens": 400,
      prompt_tokens: 1,
    };
    expect(costOf("gpt-4o", "openai", usage)).toBeCloseTo(600 * 2.5e-6 + 100 * 1e-5 + 400 * 1.25e-6, 12);
    expect(costOf("gpt-4o", "openai", { prompt_tokens: 10, cache_read_input_tokens: 40 })).toBeCloseTo(
      40 * 1.25e-6,
      12,
    );
  });

  test("with the tokens of a cache of Anthropic besides the prompt", () => {
    const usage = {
      prompt_tokens: 1000,
      completion_tokens: 100,
      "original_usage.cache_read_input_tokens": 400,
      cache_creation_input_tokens: 200,
    };
    const cost = 1000 * 3e-6 + 100 * 1.5e-5 + 400 * 3e-7 + 200 * 3.75e-6;
    expect(costOf("claude-sonnet-4-5", "anthropic", usage)).toBeCloseTo(cost, 12);
  });

  test("with the tokens of Google's own names", () => {
    const usage = {
      "original_usage.prompt_token_count": 1000,
      "original_usage.cached_content_token_count": 400,
      "original_usage.candidates_token_count": 100,
    };
    expect(costOf("gemini-2.5-pro", "google_ai", usage)).toBeCloseTo(600 * 1.25e-6 + 100 * 1e-5 + 400 * 1.25e-7, 12);
  });

  test("with the tokens of Bedrock's own names", () => {
    const usage = { "original_usage.inputTokens": 1000, "original_usage.cacheReadInputTokens": 400 };
    const { price } = findPrice("anthropic.claude-opus-4-6-v1", "bedrock")!;
    const cost = 1000 * price.input + 400 * price.cacheRead;
    expect(costOf("anthropic.claude-opus-4-6-v1", "bedrock", usage)).toBeCloseTo(cost, 12);
  });

  test("by other prices above a number of tokens", () => {
    const usage = (prompt_tokens: number): object => ({ prompt_tokens, completion_tokens: 10 });
    expect(costOf("gemini-2.5-pro", "google_ai", usage(200_000))).toBeCloseTo(0.25 + 1e-4, 9);
    expect(costOf("gemini-2.5-pro", "google_ai", usage(200_001))).toBeCloseTo(0.5000025 + 1.5e-4, 9);
  });

  test("by metadata when there is no price", () => {
    const metadata = { cost: { currency: "USD", total_cost: 0.5 } };
    expect(costOf(null, null, undefined, metadata)).toBe(0.5);
    expect(costOf("no-model", "openai", { prompt_tokens: 1 }, metadata)).toBe(0.5);
    expect(costOf("gpt-4o", "openai", { prompt_tokens: 1000 }, metadata)).toBeCloseTo(0.0025, 12);
    expect(costOf(null, null, undefined, { cost: { currency: "EUR", total_cost: 0.5 } })).toBe(0);
    expect(costOf(null, null, undefined, { cost: { currency: "USD", total_cost: "much" } })).toBe(0);
    expect(costOf(null, null, undefined, { cost: null })).toBe(0);
  });

  test("as 0 when nothing is known", () => {
    expect(costOf("gpt-4o", "openai")).toBe(0);
    expect(costOf("gpt-4o", null, { prompt_tokens: 1 })).toBe(0);
    expect(costOf("gpt-4o", "openai", { prompt_tokens: null, other: 3 })).toBe(0);
  });
});
