import type { Reply } from "../../support/call.ts";

/** Headers that say nothing of the API, or that follow from the body. */
const IGNORED_HEADERS: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "date",
  "keep-alive",
  "server",
  "transfer-encoding",
]);

/** What differs between two servers by nature, in the order in which it is looked for. */
const VARIABLE: ReadonlyArray<[kind: string, pattern: RegExp]> = [
  ["token", /\b[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}\b/g],
  // Go's chi numbers its requests: `host/random-000001`.
  ["request", /\b[\w.-]+\/[\w-]{10}-\d{6}\b/g],
  ["secret", /\besec_[0-9a-f]{64}\b/g],
  // In queries quotation marks are before it, as `%22`.
  [
    "id",
    /(?:(?<=%[0-9a-f]{2})|(?<![0-9a-f]))[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![0-9a-f])/gi,
  ],
  // In names of files hyphens take the place of colons.
  ["time", /(?<!\d)\d{4}-\d\d-\d\dT\d\d(?::|%3A|-)\d\d(?::|%3A|-)\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)/g],
  ["version", /\bver_[0-9a-z]{12}\b/g],
  ["key", /\bstrait_[0-9A-Za-z_]{4,}/g],
  ["hash", /\b[0-9a-f]{32,64}\b/g],
  // Of a version of a prompt or dataset.
  ["commit", /(?:(?<=%[0-9a-f]{2})|\b)[0-9a-f]{8}\b/gi],
  // Of an experiment that was given none.
  ["name", /\b[a-z]+_[a-z]+_\d{1,4}\b/g],
  ["project", /\bconformance-<id \d+>/g],
];

/** Of these, two values may be the same on one server and not on the other: a token has the second in which it was made. */
const UNNUMBERED: ReadonlySet<string> = new Set(["time", "token"]);

/** An answer as text in which ids, times and tokens of two servers are the same when they mean the same. */
export class NormalForm {
  readonly #names = new Map<string, string>();
  readonly #baseUrl: string;

  /** @param baseUrl of the server, which stands in its `Location` headers */
  constructor(baseUrl: string) {
    this.#baseUrl = new URL(baseUrl).origin;
  }

  /** Status, headers by name, and body; JSON with a line a field, in the order of the server. */
  of({ status, headers, text, json }: Reply): string {
    const lines = Object.entries(headers)
      .filter(([name]) => !IGNORED_HEADERS.has(name))
      .map(([name, value]) => `${name}: ${String(value)}`)
      .toSorted();
    const body = json === undefined ? text : JSON.stringify(json, undefined, 2);
    return this.#replaceAll([`status ${status}`, ...lines, "", body].join("\n"));
  }

  /** A request, with the ids of its server replaced. */
  ofRequest(request: string): string {
    return this.#replaceAll(request);
  }

  #replaceAll(text: string): string {
    let replaced = text.replaceAll(this.#baseUrl, "<server>");
    for (const [kind, pattern] of VARIABLE) {
      replaced = replaced.replace(pattern, (found) => (UNNUMBERED.has(kind) ? `<${kind}>` : this.#nameOf(kind, found)));
    }
    return replaced;
  }

  /** By the order of their first appearance: the third id of a case is the third on both servers. */
  #nameOf(kind: string, found: string): string {
    const known = this.#names.get(found);
    if (known !== undefined) return known;
    const name = `<${kind} ${[...this.#names.values()].filter((other) => other.startsWith(`<${kind} `)).length + 1}>`;
    this.#names.set(found, name);
    return name;
  }
}
