import { findPrice, type Price, type PricedModel } from "./prices.ts";

/** The fields of a span from which its cost is computed. */
export interface PricedSpan {
  model: string | null;
  provider: string | null;
  usage_json: string | null;
  metadata_json: string | null;
}

/** The version of the computation of costs. */
export const COST_VERSION = "1.0";

/** Tokens by their kind. */
type Usage = Readonly<Record<string, number | null | undefined>>;

/** The tokens of a call, by the prices that they have. */
interface Billed {
  input: number;
  output: number;
  cacheWrite: number;
  cacheRead: number;
  /** All tokens of the prompt, by which the tier goes. */
  prompt: number;
}

/** Names of kinds of tokens in the usage of some providers, the one that counts first. */
interface Kinds {
  input: readonly string[];
  output: readonly string[];
  cacheWrite: readonly string[];
  cacheRead: readonly string[];
  /** Whether the tokens of the prompt include those that were read from a cache. */
  includesCache: boolean;
}

const OPENAI: Kinds = {
  input: ["original_usage.prompt_tokens", "prompt_tokens"],
  output: ["original_usage.completion_tokens", "completion_tokens"],
  cacheWrite: [],
  cacheRead: [
    "original_usage.prompt_tokens_details.cached_tokens",
    "original_usage.input_tokens_details.cached_tokens",
    "cache_read_input_tokens",
  ],
  includesCache: true,
};
const ANTHROPIC: Kinds = {
  input: ["original_usage.input_tokens", "prompt_tokens"],
  output: ["original_usage.output_tokens", "completion_tokens"],
  cacheWrite: ["original_usage.cache_creation_input_tokens", "cache_creation_input_tokens"],
  cacheRead: ["original_usage.cache_read_input_tokens", "cache_read_input_tokens"],
  includesCache: false,
};
const BEDROCK: Kinds = {
  input: ["original_usage.inputTokens", "prompt_tokens"],
  output: ["original_usage.outputTokens", "completion_tokens"],
  cacheWrite: ["original_usage.cacheWriteInputTokens", "cache_creation_input_tokens"],
  cacheRead: ["original_usage.cacheReadInputTokens", "cache_read_input_tokens"],
  includesCache: false,
};
const GOOGLE: Kinds = {
  input: ["original_usage.prompt_token_count", "prompt_tokens"],
  output: ["completion_tokens", "original_usage.candidates_token_count"],
  cacheWrite: [],
  cacheRead: ["original_usage.cached_content_token_count", "cache_read_input_tokens"],
  includesCache: true,
};
/** Of models whose caches have no price, and of providers whose caches are not known. */
const PLAIN: Kinds = {
  input: ["prompt_tokens"],
  output: ["completion_tokens"],
  cacheWrite: [],
  cacheRead: [],
  includesCache: false,
};

const KINDS: Readonly<Record<string, Kinds>> = {
  anthropic: ANTHROPIC,
  anthropic_vertexai: ANTHROPIC,
  azure: OPENAI,
  bedrock: BEDROCK,
  deepseek: OPENAI,
  fireworks_ai: OPENAI,
  google_ai: GOOGLE,
  google_vertexai: GOOGLE,
  moonshot: OPENAI,
  openai: OPENAI,
  xai: OPENAI,
};

/**
 * Estimates the cost of a span without one: by the prices of its model, or else from its metadata
 * [opik 7.17].
 * @returns US dollars; 0 when it is not known
 */
export function estimateCost({ model, provider, usage_json, metadata_json }: PricedSpan): number {
  const cost = model && provider && usage_json ? costOfUsage(model, provider, usage_json) : 0;
  return cost > 0 ? cost : costInMetadata(metadata_json);
}

function costOfUsage(model: string, provider: string, usageJson: string): number {
  const priced = findPrice(model, provider);
  if (priced === undefined) return 0;
  const billed = billedTokens(priced, JSON.parse(usageJson) as Usage);
  const kinds = ["input", "output", "cacheWrite", "cacheRead"] as const;
  return kinds.reduce((sum, kind) => sum + priceFor(priced, kind, billed.prompt) * billed[kind], 0);
}

function billedTokens({ provider, price }: PricedModel, usage: Usage): Billed {
  const hasCache = price.cacheWrite > 0 || price.cacheRead > 0;
  const kinds = (hasCache ? KINDS[provider] : undefined) ?? PLAIN;
  const input = tokensOf(usage, kinds.input);
  const output = tokensOf(usage, kinds.output);
  const cacheWrite = tokensOf(usage, kinds.cacheWrite);
  const cacheRead = tokensOf(usage, kinds.cacheRead);
  if (!kinds.includesCache) return { input, output, cacheWrite, cacheRead, prompt: input + cacheWrite + cacheRead };
  return { input: Math.max(0, input - cacheRead), output, cacheWrite, cacheRead, prompt: input };
}

function tokensOf(usage: Usage, names: readonly string[]): number {
  return names.map((name) => usage[name]).find((tokens) => typeof tokens === "number") ?? 0;
}

/** The price of one kind of token in a prompt of this length. */
function priceFor({ price, tiers }: PricedModel, kind: keyof Price, prompt: number): number {
  const tier = tiers.find(({ above, price: ofTier }) => prompt > above && ofTier[kind] > 0);
  return (tier?.price ?? price)[kind];
}

/** The total that metadata name: `{"cost":{"currency":"USD","total_cost":0.1}}`. */
function costInMetadata(metadataJson: string | null): number {
  if (metadataJson === null || !metadataJson.includes('"cost"')) return 0;
  const metadata = JSON.parse(metadataJson) as { cost?: { currency?: unknown; total_cost?: unknown } | null } | null;
  const cost = metadata?.cost;
  const total = cost?.currency === "USD" ? cost.total_cost : undefined;
  return typeof total === "number" && total > 0 ? total : 0;
}
