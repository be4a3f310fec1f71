import { isIP } from "node:net";
import { hostname } from "node:os";
import { allowOrigin, preflightAnswer } from "./cors.ts";
import type { RequestEvent } from "./request-event.ts";
import { type Answer, RequestRefused } from "./route.ts";

export interface GuardOptions {
  /** Names under which the server may be called, besides loopback and IP addresses. */
  allowedHosts: readonly string[];
  /** Origins of web pages that may call the server, besides its own: `http://localhost:3000`. */
  allowedOrigins: readonly string[];
}

/** Methods that change nothing. */
const READING_METHODS = new Set(["GET", "HEAD"]);

/**
 * Refuses requests that only a hostile web page would send. A bridge command can execute things on the developer's
 * machine, and every page in a browser can reach a server on localhost: by a request of another origin, which carries a
 * foreign `Origin` or `Sec-Fetch-Site`, or by DNS rebinding, which carries a foreign `Host`. A page of another port of
 * this machine is foreign, too. An IP address as `Host` is accepted: no rebinding can cause it.
 * @returns a guard that throws RequestRefused 403, and answers the preflight request of an allowed origin
 */
export function createGuard(options: GuardOptions): (event: RequestEvent) => Answer | undefined {
  const allowedHosts = options.allowedHosts.map((name) => name.toLowerCase());
  const names = new Set(["localhost", hostname().toLowerCase(), ...allowedHosts]);
  const allowedOrigins = new Set(options.allowedOrigins);
  const isNamed = (name: string): boolean => names.has(name) || name.endsWith(".localhost");
  /** The host that was accepted last: nearly all requests name the same one. */
  let acceptedHost: string | null = null;
  return (event) => {
    const { headers, method } = event.req;
    const host = headers.get("host");
    if (host !== acceptedHost && host !== null) {
      if (!isNamed(nameOf(host)) && isIP(nameOf(host)) === 0) {
        throw new RequestRefused(403, `The host ${host} is not one of this server's. Allow it with --allowed-hosts.`);
      }
      acceptedHost = host;
    }
    const origin = headers.get("origin");
    if (origin !== null && allowedOrigins.has(origin)) {
      allowOrigin(event, origin);
      return preflightAnswer(event);
    }
    const site = headers.get("sec-fetch-site");
    const isForeign = origin === null ? site === "same-site" && !READING_METHODS.has(method) : !isOwn(origin, host);
    if (isForeign || site === "cross-site") {
      throw new RequestRefused(
        403,
        `Requests from web pages of other origins are refused (origin ${origin ?? "unknown"}). Allow it with --allowed-origins.`,
      );
    }
    return undefined;
  };
}

/** Whether an origin is the host and port of the request; a proxy may serve it by HTTPS. */
function isOwn(origin: string, calledHost: string | null): boolean {
  if (calledHost === null || !URL.canParse(origin)) return false;
  const { protocol, host } = new URL(origin);
  const called = `${protocol}//${calledHost}`;
  return URL.canParse(called) && new URL(called).host === host;
}

/** A host without its port, and without the brackets of an IPv6 address. */
function nameOf(host: string): string {
  return host
    .toLowerCase()
    .replace(/:\d+$/, "")
    .replace(/^\[|\]$/g, "");
}
