import { createContext, Script } from "node:vm";
import { errorCode } from "./errors.ts";

const SCRIPT = new Script("texts.map((text) => expression.test(text))");

/**
 * Tests texts with an expression that a client has given: one such as `(a+)+$` can take for ever, and nothing else is done
 * meanwhile.
 * @returns for each text whether it matches; `undefined` when they all together took longer than `timeoutMs`
 */
export function testWithin(timeoutMs: number, expression: RegExp, texts: readonly string[]): boolean[] | undefined {
  try {
    return [...(SCRIPT.runInContext(createContext({ expression, texts }), { timeout: timeoutMs }) as boolean[])];
  } catch (error) {
    if (errorCode(error) === "ERR_SCRIPT_EXECUTION_TIMEOUT") return undefined;
    throw error;
  }
}
