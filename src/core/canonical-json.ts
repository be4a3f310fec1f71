const QUOTE = 34;
const BACKSLASH = 92;
const SPACES: ReadonlySet<number> = codesOf(" \t\n\r");
const BRACKETS_AND_SEPARATORS: ReadonlySet<number> = codesOf("{}[]:,");

/** The same JSON text without the space between its tokens. */
export function compactJson(text: string): string {
  return tokensOf(text).join("");
}

/**
 * Returns the canonical text of a JSON value: no space, object keys sorted, the last of equal keys, strings in their
 * shortest form. Numbers keep their text, so that big ones and `1.0` survive.
 * @param text valid JSON
 */
export function canonicalJson(text: string): string {
  return new CanonicalWriter(tokensOf(text)).value();
}

/** One pass over the tokens, one method per kind of value. */
class CanonicalWriter {
  readonly #tokens: readonly string[];
  #position = 0;

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  value(): string {
    const token = this.#next();
    if (token === "{") return this.#object();
    if (token === "[") return this.#array();
    return token.startsWith('"') ? JSON.stringify(JSON.parse(token)) : token;
  }

  #object(): string {
    const fields = new Map<string, string>();
    this.#entries("}", () => {
      const key = this.value();
      this.#next();
      fields.set(key, this.value());
    });
    const sorted = [...fields].toSorted(([left], [right]) => (left < right ? -1 : 1));
    return `{${sorted.map(([key, value]) => `${key}:${value}`).join(",")}}`;
  }

  #array(): string {
    const items: string[] = [];
    this.#entries("]", () => items.push(this.value()));
    return `[${items.join(",")}]`;
  }

  #entries(end: "}" | "]", readEntry: () => void): void {
    while (this.#tokens[this.#position] !== end) {
      readEntry();
      if (this.#tokens[this.#position] === ",") this.#position += 1;
    }
    this.#position += 1;
  }

  #next(): string {
    const token = this.#tokens[this.#position] ?? "null";
    this.#position += 1;
    return token;
  }
}

/** The tokens of a valid JSON text. By hand: a pattern runs out of stack in a string of millions of escapes. */
function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  let offset = 0;
  while (offset < text.length) {
    const start = offset;
    const code = text.charCodeAt(start);
    if (code === QUOTE) offset = endOfString(text, start);
    else if (SPACES.has(code) || BRACKETS_AND_SEPARATORS.has(code)) offset += 1;
    else offset = endOfScalar(text, start);
    if (!SPACES.has(code)) tokens.push(text.slice(start, offset));
  }
  return tokens;
}

function endOfString(text: string, start: number): number {
  let end = start + 1;
  for (let code = text.charCodeAt(end); code !== QUOTE; code = text.charCodeAt(end)) {
    end += code === BACKSLASH ? 2 : 1;
    if (end >= text.length) return text.length;
  }
  return end + 1;
}

function endOfScalar(text: string, start: number): number {
  let end = start + 1;
  while (end < text.length && !isBoundary(text.charCodeAt(end))) end += 1;
  return end;
}

function isBoundary(code: number): boolean {
  return code === QUOTE || SPACES.has(code) || BRACKETS_AND_SEPARATORS.has(code);
}

function codesOf(characters: string): Set<number> {
  return new Set([...characters].map((character) => character.charCodeAt(0)));
}
