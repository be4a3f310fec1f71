import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/*
 * Creates the table of prices from LiteLLM's public list:
 *
 *     npm run prices -- path/to/model_prices_and_context_window.json 1.110.2 2026-11-28
 *
 * with the version of LiteLLM that the list is from, and the day on which it was taken.
 */

const OUTPUT = fileURLToPath(new URL("../opik/tracing/costs/prices/prices.json", import.meta.url));

/** A model of LiteLLM's list, as far as it is read. */
interface ListedModel {
  litellm_provider?: string;
  mode?: string;
  [price: string]: unknown;
}

/** LiteLLM's names of providers, and Opik's; models of others have no price there either [opik 7.17]. */
const PROVIDERS: Readonly<Record<string, string>> = {
  openai: "openai",
  "vertex_ai-language-models": "google_vertexai",
  gemini: "google_ai",
  anthropic: "anthropic",
  "vertex_ai-anthropic_models": "anthropic_vertexai",
  bedrock: "bedrock",
  bedrock_converse: "bedrock",
  groq: "groq",
  jina_ai: "jina_ai",
  elastic: "elastic",
  microsoft: "azure",
  azure: "azure",
  mistral: "mistral",
  xai: "xai",
  deepseek: "deepseek",
  perplexity: "perplexity",
  fireworks_ai: "fireworks_ai",
  moonshot: "moonshot",
  moonshotai: "moonshot",
  ai21: "ai21",
  morph: "morph",
  inception: "inception",
  meta: "meta",
  zai: "zai",
  "z-ai": "zai",
  sambanova: "sambanova",
  lambda_ai: "lambda_ai",
};

/** The kinds of models that are billed by tokens of text. */
const MODES: ReadonlySet<unknown> = new Set(["chat", "responses", "completion", "embedding", undefined]);

/** The numbers of tokens of a prompt above which other prices count; caches have such a price above one of them. */
const TIERS = [
  { above: 272_000, hasCache: false },
  { above: 200_000, hasCache: true },
  { above: 128_000, hasCache: false },
];

/** Input, output, written to a cache, read from a cache: US dollars for a token. Those at the end that are 0 are left out. */
function pricesOf(model: ListedModel, suffix: string, hasCache: boolean): number[] {
  const prices = [
    priceIn(model, `input_cost_per_token${suffix}`),
    priceIn(model, `output_cost_per_token${suffix}`),
    hasCache ? priceIn(model, `cache_creation_input_token_cost${suffix}`) : 0,
    hasCache ? priceIn(model, `cache_read_input_token_cost${suffix}`) : 0,
  ];
  return prices.slice(0, prices.findLastIndex((price) => price > 0) + 1);
}

function priceIn(model: ListedModel, name: string): number {
  const price = Number(model[name] ?? 0);
  return price > 0 ? price : 0;
}

const [path, version, date] = process.argv.slice(2);
if (path === undefined || version === undefined || date === undefined) {
  throw new Error("name LiteLLM's list, its version and the day on which it was taken");
}
const list = JSON.parse(readFileSync(path, "utf8")) as Record<string, ListedModel>;
const byProvider = new Map<string, Map<string, object>>();
for (const [name, model] of Object.entries(list)) {
  const provider = PROVIDERS[model.litellm_provider ?? ""];
  // Older models of Bedrock have a region in front of their name; the real server leaves them out.
  const isLeftOut = provider === "bedrock" && name.includes("/");
  if (provider === undefined || isLeftOut || !MODES.has(model.mode)) continue;
  const prices = pricesOf(model, "", true);
  if (prices.length === 0) continue;
  const tiers = TIERS.map(({ above, hasCache }) => [
    above,
    ...pricesOf(model, `_above_${above / 1_000}k_tokens`, hasCache),
  ]).filter(({ length }) => length > 1);
  const models = byProvider.get(provider) ?? new Map<string, object>();
  byProvider.set(provider, models.set(name.slice(name.indexOf("/") + 1), [prices, ...tiers]));
}
const table = {
  source: "model_prices_and_context_window.json of LiteLLM (github.com/BerriAI/litellm)",
  version,
  date,
  license: "MIT, Copyright (c) 2023 Berri AI; see LICENSE.txt",
  unit:
    "of each model: US dollars for a token of input, output, written to a cache, read from a cache; then, for prompts " +
    "with more tokens than the first number, the same again",
};
const models = [...byProvider].toSorted().map(([provider, ofProvider]) => {
  const lines = [...ofProvider]
    .toSorted()
    .map(([name, prices]) => `    ${JSON.stringify(name)}: ${JSON.stringify(prices)}`);
  return `  ${JSON.stringify(provider)}: {\n${lines.join(",\n")}\n  }`;
});
const head = Object.entries(table).map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`);
writeFileSync(OUTPUT, `{\n${head.join(",\n")},\n"models": {\n${models.join(",\n")}\n}\n}\n`);
