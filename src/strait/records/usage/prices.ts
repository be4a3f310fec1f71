import prices from "./prices.json" with { type: "json" };

/** Millionths of a US dollar per token. */
interface Price {
  prompt: number;
  completion: number;
}

const PRICES: ReadonlyMap<string, Price> = new Map(Object.entries(prices.models));

/** What providers put behind a model's name: `gpt-4o-2024-08-06`, `claude-sonnet-4-20250514`. */
const RELEASE_DATE = /-(?:\d{4}-\d{2}-\d{2}|\d{8})$/;

/**
 * The cost of tokens of a model, in whole millionths of a US dollar (see `prices.json` for source and date).
 * @param model with or without its release date and the `provider/` in front
 * @returns 0 for a model whose price is not known
 */
export function costOf(model: string, tokens: { prompt: number; completion: number }): number {
  const name = model.slice(model.lastIndexOf("/") + 1);
  const price = PRICES.get(name) ?? PRICES.get(name.replace(RELEASE_DATE, ""));
  if (price === undefined) return 0;
  return Math.round(tokens.prompt * price.prompt + tokens.completion * price.completion);
}
