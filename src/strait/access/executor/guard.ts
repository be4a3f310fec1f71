import type { RequestEvent } from "../../../http/request-event.ts";
import type { AccessGuard } from "../../wire/route.ts";
import type { TokenHolder, TokenService } from "../tokens/service.ts";

/** What the handlers of executors' requests receive. */
export interface ExecutorSurface extends AccessGuard<TokenHolder> {
  /** Headers of every answer to a request with a valid token, also of errors [strait 1.1]. */
  headersIfAdmitted(event: RequestEvent): Readonly<Record<string, string>>;
}

/**
 * The access guard of `/sdk/v1/runs/{runId}`: admits the executor that has the run's token [strait 1.1].
 * @param onReport called for every request with a valid token
 */
export function createExecutorGuard(tokens: TokenService, onReport: (holder: TokenHolder) => void): ExecutorSurface {
  const admitted = new WeakSet<RequestEvent>();
  return {
    authenticate: async (event, path) => {
      const holder = await tokens.verify(event.req.headers.get("authorization"), path["runId"] ?? "");
      onReport(holder);
      admitted.add(event);
      return holder;
    },
    complete: (holder) => {
      tokens.recheck(holder);
      return holder;
    },
    headers: sdkHeaders,
    headersIfAdmitted: (event) => (admitted.has(event) ? sdkHeaders(event) : {}),
  };
}

function sdkHeaders(event: RequestEvent): Readonly<Record<string, string>> {
  const version = event.req.headers.get("x-sdk-version")?.trim() ?? "";
  return {
    "x-sdk-version-accepted": version || "legacy",
    "x-sdk-capabilities": majorOf(version) >= 2 ? "progress,checkpoint,usage" : "none",
  };
}

/** Reads a major version: `2`, `2.0.0` and `99999.0` have one; `v2` and words have none. */
function majorOf(version: string): number {
  return Number(/^\d+(?=\.|$)/.exec(version)?.[0] ?? 0);
}
