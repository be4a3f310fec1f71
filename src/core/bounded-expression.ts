import { type Context, createContext, Script } from "node:vm";
import { errorCode } from "./errors.ts";

const SCRIPT = new Script("texts.map((text) => expression.test(text))");

/** Created with the first use: creating a context takes longer than most tests. */
let context: Context | undefined;

/**
 * Tests texts with an expression that a client or the author of a fixture has given: one such as `(a+)+$` can take for
 * ever, and nothing else is done meanwhile.
 * @returns for each text whether it matches; `undefined` when they all together took longer than `timeoutMs`
 */
export function testWithin(timeoutMs: number, expression: RegExp, texts: readonly string[]): boolean[] | undefined {
  context ??= createContext({});
  Object.assign(context, { expression, texts });
  try {
    return [...(SCRIPT.runInContext(context, { timeout: timeoutMs }) as boolean[])];
  } catch (error) {
    if (errorCode(error) === "ERR_SCRIPT_EXECUTION_TIMEOUT") return undefined;
    throw error;
  } finally {
    Object.assign(context, { expression: undefined, texts: undefined });
  }
}
