/** What is wrong with a JSON text, in the words of Go's scanner. */
class GoSyntaxFault extends Error {}

const QUOTE = 34;
const BACKSLASH = 92;
const SPACE = 32;
const LITERALS: Readonly<Record<string, string>> = { t: "true", f: "false", n: "null" };
/** More levels than any body that is read has. */
const MAX_DEPTH = 1_000;

/**
 * Finds the first mistake in the JSON value that a text begins with, as Go's decoder words it: `invalid character '}'
 * looking for beginning of object key string`, `unexpected EOF`. Only for texts that were refused: it reads one by one.
 * @returns `undefined` for a valid value
 */
export function findGoSyntaxFault(text: string): string | undefined {
  try {
    new GoScanner(Buffer.from(text)).value(0);
    return undefined;
  } catch (error) {
    if (error instanceof GoSyntaxFault) return error.message;
    throw error;
  }
}

/** One pass over the bytes of a text, one method per kind of value. */
class GoScanner {
  readonly #bytes: Buffer;
  #offset = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  value(depth: number): void {
    if (depth > MAX_DEPTH) throw new GoSyntaxFault("exceeded max depth");
    const first = this.#afterSpace();
    if (first === "{") this.#entries("}", "after object key:value pair", () => this.#field(depth));
    else if (first === "[") this.#entries("]", "after array element", () => this.value(depth + 1));
    else if (first === '"') this.#string();
    else if (/[-\d]/.test(first)) this.#number();
    else if (LITERALS[first] !== undefined) this.#literal(LITERALS[first]);
    else this.#fail("looking for beginning of value");
  }

  #field(depth: number): void {
    if (this.#afterSpace() !== '"') this.#fail("looking for beginning of object key string");
    this.#string();
    if (this.#afterSpace() !== ":") this.#fail("after object key");
    this.#offset += 1;
    this.value(depth + 1);
  }

  /** What stands between the bracket here and `end`. */
  #entries(end: string, context: string, readEntry: () => void): void {
    this.#offset += 1;
    let more = this.#afterSpace() !== end;
    while (more) {
      readEntry();
      const next = this.#afterSpace();
      if (next !== "," && next !== end) this.#fail(context);
      more = next === ",";
      if (more) this.#offset += 1;
    }
    this.#offset += 1;
  }

  #string(): void {
    this.#offset += 1;
    while (this.#byte() !== QUOTE) {
      if (this.#byte() < SPACE) this.#fail("in string literal");
      if (this.#byte() === BACKSLASH) this.#escape();
      else this.#offset += 1;
    }
    this.#offset += 1;
  }

  #escape(): void {
    this.#offset += 1;
    const letter = this.#character();
    if (!'bfnrt\\/"u'.includes(letter)) this.#fail("in string escape code");
    this.#offset += 1;
    if (letter !== "u") return;
    for (let digit = 0; digit < 4; digit += 1) {
      if (!/[\da-fA-F]/.test(this.#character())) this.#fail("in \\u hexadecimal character escape");
      this.#offset += 1;
    }
  }

  #number(): void {
    if (this.#character() === "-") this.#offset += 1;
    if (this.#character() === "0") this.#offset += 1;
    else this.#digits("in numeric literal");
    if (this.#peek() === ".") {
      this.#offset += 1;
      this.#digits("after decimal point in numeric literal");
    }
    if (!/^[eE]$/.test(this.#peek())) return;
    this.#offset += 1;
    if (/[-+]/.test(this.#character())) this.#offset += 1;
    this.#digits("in exponent of numeric literal");
  }

  #digits(context: string): void {
    if (!/\d/.test(this.#character())) this.#fail(context);
    while (/^\d$/.test(this.#peek())) this.#offset += 1;
  }

  #literal(word: string): void {
    for (const letter of word) {
      if (this.#character() !== letter) this.#fail(`in literal ${word} (expecting '${letter}')`);
      this.#offset += 1;
    }
  }

  /** The first character that is no white space. */
  #afterSpace(): string {
    while (" \t\r\n".includes(this.#character())) this.#offset += 1;
    return this.#character();
  }

  /** The character here, as Go names a byte; never the end. */
  #character(): string {
    return String.fromCharCode(this.#byte());
  }

  /** As `#character`; `""` at the end. */
  #peek(): string {
    return this.#offset < this.#bytes.length ? this.#character() : "";
  }

  #byte(): number {
    const byte = this.#bytes[this.#offset];
    if (byte === undefined) throw new GoSyntaxFault("unexpected EOF");
    return byte;
  }

  #fail(context: string): never {
    throw new GoSyntaxFault(`invalid character ${quote(this.#character())} ${context}`);
  }
}

/** As Go quotes a character: control characters by their escapes, others as they are. */
function quote(character: string): string {
  if (character === "'") return String.raw`'\''`;
  if (character === '"') return `'"'`;
  const escapes: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f" };
  const code = character.charCodeAt(0);
  const written = code < SPACE || code === 127 ? `\\x${code.toString(16).padStart(2, "0")}` : character;
  return `'${escapes[character] ?? (character === "\\" ? "\\\\" : written)}'`;
}
