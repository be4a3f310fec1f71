import { gunzipSync } from "node:zlib";
import { type AssetFolder, assetFolder } from "../core/assets.ts";
import { acceptsGzip } from "../http/compression.ts";
import type { RequestEvent } from "../http/request-event.ts";
import { type Answer, RequestRefused, type Route } from "../http/route.ts";

/** Where the page lives. */
export const PAGE_PATH = "/__local/ui";

/** The names of the built files have a hash of their content: they never change. */
const UNCHANGING = "public, max-age=31536000, immutable";

const TYPES: Readonly<Record<string, string>> = {
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
};

/** Only files of this server, no inline script or style, and requests only to this server. */
const POLICY = [
  "default-src 'none'",
  "connect-src 'self'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const HEADERS = {
  "content-security-policy": POLICY,
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

/** The page: its files, and its HTML for every path below, because the page itself reads the path. */
export function pageRoutes(): Route[] {
  const files = createFiles();
  const operation = (id: string, summary: string): Route["operation"] => ({
    ...{ id, tag: "Pages", summary },
    responses: { 200: undefined },
  });
  const html = (): Promise<Answer> => Promise.resolve(files.html());
  return [
    { method: "GET", path: PAGE_PATH, operation: operation("page", "The page"), handle: html },
    { method: "GET", path: `${PAGE_PATH}/**`, operation: operation("pageBelow", "A view of the page"), handle: html },
    {
      method: "GET",
      path: `${PAGE_PATH}/assets/:file`,
      operation: {
        ...operation("pageFile", "A file of the page"),
        parameters: [{ name: "file", in: "path", required: true, schema: { type: "string" } }],
      },
      handle: (event) => Promise.resolve(files.file(event)),
    },
  ];
}

interface PageFiles {
  html(): Answer;
  file(event: RequestEvent): Response;
}

/** Files are read once, when they are first asked for. The build has compressed them. */
function createFiles(): PageFiles {
  const folder = assetFolder("ui", builtFolder);
  const assets = assetFolder("ui/assets", () => new URL("assets/", builtFolder()));
  const known = new Map<string, Buffer>();
  let page: string | undefined;
  return {
    html: () => {
      page ??= pageIn(folder);
      const headers = { ...HEADERS, "content-type": "text/html; charset=utf-8", "cache-control": "no-cache" };
      if (page === undefined) throw new RequestRefused(404, "The page is not built: run `npm run build`.");
      return { status: 200, text: page, headers };
    },
    file: (event) => {
      const name = event.context.params?.["file"] ?? "";
      const type = TYPES[name.split(".").at(-1) ?? ""];
      const path = `${name}.gz`;
      // Only names that exist are ever joined to a path.
      const isThere = type !== undefined && assets.names().includes(path);
      if (!isThere) throw new RequestRefused(404, `The page has no file ${name}.`);
      const compressed = known.get(path) ?? assets.bytes(path);
      known.set(path, compressed);
      const isCompressed = acceptsGzip(event.req.headers.get("accept-encoding"));
      const bytes = isCompressed ? compressed : gunzipSync(compressed);
      return new Response(new Uint8Array(bytes), {
        headers: {
          ...HEADERS,
          "content-type": type,
          "cache-control": UNCHANGING,
          vary: "Accept-Encoding",
          "content-length": String(bytes.byteLength),
          ...(isCompressed ? { "content-encoding": "gzip" } : {}),
        },
      });
    },
  };
}

/** @returns `undefined` in sources that were not built */
function pageIn(folder: AssetFolder): string | undefined {
  try {
    return folder.text("index.html");
  } catch {
    return undefined;
  }
}

/** Beside the bundle in the package; for the sources, where the build of the repository puts it. */
function builtFolder(): URL {
  return new URL(import.meta.url.endsWith(".ts") ? "../../dist/page/" : "./page/", import.meta.url);
}
