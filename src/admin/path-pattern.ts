const MANY = "**";

/**
 * Creates a test for paths. In a pattern `*`, `:name` and `{name}` stand for one segment and `**` for any number of them;
 * all else stands for itself. Opik's API is served under `/` and `/api`: a pattern fits a path with and without `/api`.
 * @param pattern `/v1/private/jobs/*`
 */
export function createPathTest(pattern: string): (path: string) => boolean {
  const source = pattern
    .split("/")
    .map((segment) => {
      if (segment === MANY) return ".*";
      if (/^:[\w-]+$/.test(segment) || /^\{[\w-]+\}$/.test(segment)) return "[^/]+";
      return segment.split("*").map(escape).join("[^/]*");
    })
    .join("/");
  const expression = new RegExp(`^${source}/?$`);
  return (path) => expression.test(path) || (path.startsWith("/api/") && expression.test(path.slice("/api".length)));
}

function escape(text: string): string {
  return text.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`);
}
