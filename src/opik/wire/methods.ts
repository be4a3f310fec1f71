import { methodNotAllowed, type MethodRules } from "../../http/methods.ts";
import type { Method } from "../../http/route.ts";

/** The order in which the real server lists methods: that of a hash table. */
const ORDER = ["DELETE", "POST", "GET", "OPTIONS", "PUT", "PATCH"];

/**
 * Methods as Opik's server treats them [opik 1.1]: a path that has no route for a method is tried
 * as another path, which mostly ends with a 404 for a word that is no id. `OPTIONS` is answered everywhere.
 */
export const OPIK_METHODS: MethodRules = {
  headIsGet: true,
  triesOtherPaths: true,
  answer: (event, methods) => {
    const listed = inOrder(methods);
    if (event.req.method !== "OPTIONS") throw methodNotAllowed(listed.join(","));
    const headers = { "content-type": "text/plain", allow: listed.join(",") };
    return { status: 200, text: listed.join(", "), headers };
  },
};

function inOrder(methods: readonly Method[]): string[] {
  return [...methods, "OPTIONS"].toSorted((one, other) => ORDER.indexOf(one) - ORDER.indexOf(other));
}
