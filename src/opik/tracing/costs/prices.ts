import { assetFolder } from "../../../core/assets.ts";
import { lookUp } from "../../../core/look-up.ts";

/** The prices of a model for a token, in US dollars. */
export interface Price {
  input: number;
  output: number;
  /** Of tokens that are written to a cache; 0 without a price of their own. */
  cacheWrite: number;
  /** Of tokens that are read from a cache. */
  cacheRead: number;
}

/** A model of the table. */
export interface PricedModel {
  provider: string;
  price: Price;
  /** The prices of prompts with more tokens than this, the largest number first; 0 where the price stays. */
  tiers: ReadonlyArray<{ above: number; price: Price }>;
}

/** Prices, then for each tier its number of tokens and its prices. */
type ListedPrices = readonly [readonly number[], ...Array<readonly number[]>];

interface PriceTable {
  models: Readonly<Record<string, Readonly<Record<string, ListedPrices>>>>;
}

const FOLDER = assetFolder("prices", () => new URL("./prices/", import.meta.url));

/** Names of providers that clients use besides those of the table. */
const PROVIDERS: Readonly<Record<string, string>> = { gemini: "google_ai", "vertex-ai": "google_vertexai" };

/** The beginnings of names of models that name their provider, where it is called otherwise in the table. */
const PREFIXES: Readonly<Record<string, string>> = {
  gemini: "google_ai",
  bedrock_converse: "bedrock",
  microsoft: "azure",
  moonshotai: "moonshot",
  "z-ai": "zai",
};

const DATE = /-\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/;
const VERSION = /:\d+$/;

/** Read with the first model, because few starts need it. */
let table: PriceTable | undefined;

/**
 * Finds the prices of a model as the real server does: by its name, the name with hyphens instead of dots, the name
 * without its date or version, and by the provider that its name begins with [opik 7.17].
 */
export function findPrice(model: string, provider: string): PricedModel | undefined {
  const canonical = lookUp(PROVIDERS, provider) ?? provider;
  const [, prefix, rest] = /^([^/]*)\/(.*)$/s.exec(model) ?? [];
  const name = rest ?? model;
  const hyphenated = name.replaceAll(".", "-").toLowerCase();
  const names = [name, hyphenated];
  const shortened = [DATE, VERSION].flatMap((suffix) =>
    names.filter((given) => suffix.test(given)).map((given) => given.toLowerCase().replace(suffix, "")),
  );
  const candidates = [...names, ...shortened];
  for (const candidate of candidates) {
    const found = priceOf(canonical, candidate);
    if (found !== undefined) return found;
  }
  return prefix ? priceOf(lookUp(PREFIXES, prefix) ?? prefix, name) : undefined;
}

function priceOf(provider: string, model: string): PricedModel | undefined {
  table ??= JSON.parse(FOLDER.text("prices.json")) as PriceTable;
  const listed = lookUp(lookUp(table.models, provider) ?? {}, model);
  if (listed === undefined) return undefined;
  const [prices, ...tiers] = listed;
  return {
    provider,
    price: toPrice(prices),
    tiers: tiers.map(([above = 0, ...ofTier]) => ({ above, price: toPrice(ofTier) })),
  };
}

function toPrice([input = 0, output = 0, cacheWrite = 0, cacheRead = 0]: readonly number[]): Price {
  return { input, output, cacheWrite, cacheRead };
}
