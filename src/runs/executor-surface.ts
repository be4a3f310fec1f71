import type { H3Event } from "h3";
import type { TokenHolder, TokenService } from "./tokens/service.ts";
import type { Surface } from "./wire/route.ts";

/**
 * The surface of executors, under `/sdk/v1/runs/{runId}`: whoever holds the run's token (facts 1.1).
 * @param onReport told of every request with a good token
 */
export function createExecutorSurface(
  tokens: TokenService,
  onReport: (holder: TokenHolder) => void,
): Surface<TokenHolder> {
  return {
    authenticate: async (event, path) => {
      const holder = await tokens.verify(event.req.headers.get("authorization"), path["runId"] ?? "");
      onReport(holder);
      return holder;
    },
    complete: (holder) => {
      tokens.recheck(holder);
      return holder;
    },
    headers: (event) => {
      const version = sdkVersion(event);
      return {
        "x-sdk-version-accepted": version || "legacy",
        "x-sdk-capabilities": majorOf(version) >= 2 ? "progress,checkpoint,usage" : "none",
      };
    },
  };
}

function sdkVersion(event: H3Event): string {
  return event.req.headers.get("x-sdk-version")?.trim() ?? "";
}

/** `2`, `2.0.0` and `99999.0` have one; `v2` and words have none. */
function majorOf(version: string): number {
  return Number(/^\d+(?=\.|$)/.exec(version)?.[0] ?? 0);
}
