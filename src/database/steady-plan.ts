/** A parameter that something is compared with, or that bounds a list. */
const LOOKED_AT = /(=|<|>|\b(?:LIMIT|OFFSET|BETWEEN|AND))\s+([?:])/g;

/**
 * Makes SQLite plan a statement once. It looks at the values of parameters when it plans (3.54.1), and therefore
 * prepares a statement with an order anew on each call: 5 to 70 microseconds where the call itself takes 1 to 5.
 * It does not look behind a plus, which changes neither the value of a parameter nor which index serves.
 */
export function withSteadyPlan(sql: string): string {
  return sql.replaceAll(LOOKED_AT, "$1 +$2");
}
