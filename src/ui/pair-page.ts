import { createHash } from "node:crypto";
import { assetFolder } from "../core/assets.ts";
import type { Answer, Route } from "../http/route.ts";

/** Beside this file in the sources, and beside the bundle in the published package. */
const PAGES = assetFolder("assets", () => new URL("./assets/", import.meta.url));

/** Where Opik's command line points to, and the path without Opik's web prefix [opik 5.3]. */
const PATHS = { pairPage: "/opik/pair/v1", pairPageAtRoot: "/pair/v1" };

/**
 * The page that `opik connect` and `opik endpoint` send people to: it activates the pairing, so that both
 * work without Opik's own web application.
 */
export function pairPageRoutes(): Route[] {
  let page: Answer | undefined;
  return Object.entries(PATHS).map(([id, path]) => ({
    method: "GET",
    path,
    operation: { id, tag: "Pages", summary: "Pair a runner", responses: { 200: undefined } },
    handle: () => Promise.resolve((page ??= readPage())),
  }));
}

function readPage(): Answer {
  const html = PAGES.text("pair.html");
  // The link's fragment holds a key: nothing but this page's own script runs here, and it can send nothing elsewhere.
  const policy = [
    "default-src 'none'",
    "connect-src 'self'",
    `script-src ${hashOf("script", html)}`,
    `style-src ${hashOf("style", html)}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
  return {
    status: 200,
    text: html,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": policy,
      "referrer-policy": "no-referrer",
      "cache-control": "no-store",
    },
  };
}

/** The source of the one inline element of that name, as a content security policy allows it. */
function hashOf(tag: "script" | "style", html: string): string {
  const source = new RegExp(`<${tag}[^>]*>(.*?)</${tag}>`, "s").exec(html)?.[1] ?? "";
  return `'sha256-${createHash("sha256").update(source).digest("base64")}'`;
}
