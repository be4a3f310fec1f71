import { methodNotAllowed, type MethodRules } from "../../http/methods.ts";

/** What a preflight's answer depends on. */
const PREFLIGHT_VARY = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers";

/**
 * Methods as the real server's router treats them [strait 0.1]: `HEAD` and `OPTIONS` are
 * methods like others, which no path has. A preflight is answered first, and allows no origin, as a server does
 * on which none is configured.
 */
export const RUNS_METHODS: MethodRules = {
  headIsGet: false,
  triesOtherPaths: false,
  preflight: ({ req: { method, headers } }) =>
    method === "OPTIONS" && headers.get("access-control-request-method")
      ? { status: 200, headers: { vary: PREFLIGHT_VARY } }
      : undefined,
  answer: (_event, methods) => {
    throw methodNotAllowed(methods.join(", "));
  },
};
