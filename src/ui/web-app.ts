import { existsSync } from "node:fs";
import { readFile, realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import { ConfigurationError } from "../core/errors.ts";
import type { RequestEvent } from "../http/request-event.ts";
import { RequestRefused } from "../http/route.ts";

/** First segments of paths of the APIs: an unknown one of them is an error of its API, and never a file or HTML. */
const RESERVED: ReadonlySet<string> = new Set([
  ...["api", "v1", "sdk", "__local", "mcp"],
  ...["health", "is-alive", "metrics", "openapi.json"],
]);

const TYPES: Readonly<Record<string, string>> = {
  ...{ html: "text/html; charset=utf-8", css: "text/css; charset=utf-8", txt: "text/plain; charset=utf-8" },
  ...{ js: "text/javascript; charset=utf-8", mjs: "text/javascript; charset=utf-8" },
  ...{ json: "application/json", map: "application/json", webmanifest: "application/manifest+json" },
  ...{ svg: "image/svg+xml", png: "image/png", jpg: "image/jpeg", gif: "image/gif", webp: "image/webp" },
  ...{ ico: "image/x-icon", woff: "font/woff", woff2: "font/woff2", ttf: "font/ttf", wasm: "application/wasm" },
};

const INDEX = "index.html";

/** Serves a built web application from a folder: its files, and its HTML for the paths that it reads itself. */
export interface WebApp {
  /** Whether a path without a route is for the application. */
  owns(pathname: string): boolean;
  /** @throws RequestRefused 404 for what looks like a file and is none */
  serve(event: RequestEvent): Promise<Response>;
}

/**
 * @param folder has `index.html` at its top
 * @throws ConfigurationError when it has not
 */
export function createWebApp(folder: string): WebApp {
  if (!existsSync(join(folder, INDEX))) {
    throw new ConfigurationError(
      `The web application (--web-app) needs a folder with ${INDEX}, but ${folder} has none.`,
    );
  }
  return {
    owns: (pathname) => !RESERVED.has(pathname.split("/")[1] ?? ""),
    serve: async (event) => {
      const segments = segmentsOf(event.url.pathname);
      const file = segments === undefined ? undefined : await findFile(folder, segments);
      if (file !== undefined) return answerWith(file, event);
      const last = segments?.at(-1) ?? "";
      if (segments === undefined || last.includes(".")) {
        throw new RequestRefused(404, "The web application has no such file.");
      }
      return answerWith(join(await realpath(folder), INDEX), event);
    },
  };
}

/**
 * The names in a path, decoded.
 * @returns `undefined` when one could lead elsewhere or is hidden: with a separator in it, or a dot at its beginning
 */
function segmentsOf(pathname: string): string[] | undefined {
  try {
    const segments = pathname.split("/").filter(Boolean).map(decodeURIComponent);
    return segments.some((segment) => /^\.|[/\\\0:]/.test(segment)) ? undefined : segments;
  } catch {
    return undefined;
  }
}

/** The file of that path inside of the folder, with links followed; none when a link leads out of it. */
async function findFile(folder: string, segments: readonly string[]): Promise<string | undefined> {
  try {
    const [root, path] = await Promise.all([realpath(folder), realpath(join(folder, ...segments))]);
    const isInside = path.startsWith(root + sep);
    return isInside && (await stat(path)).isFile() ? path : undefined;
  } catch {
    return undefined;
  }
}

async function answerWith(path: string, event: RequestEvent): Promise<Response> {
  const { size, mtimeMs } = await stat(path);
  const etag = `"${size.toString(36)}-${Math.round(mtimeMs).toString(36)}"`;
  const type = TYPES[path.split(".").at(-1)?.toLowerCase() ?? ""] ?? "application/octet-stream";
  const headers = { etag, "cache-control": "no-cache", "content-type": type, "x-content-type-options": "nosniff" };
  if (event.req.headers.get("if-none-match") === etag) return new Response(null, { status: 304, headers });
  const isHead = event.req.method === "HEAD";
  const length = { "content-length": String(size) };
  return new Response(isHead ? null : new Uint8Array(await readFile(path)), { headers: { ...headers, ...length } });
}
