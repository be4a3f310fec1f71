/** What is wrong with a JSON text, and where. */
export class JsonSyntaxError extends Error {
  readonly line: number;
  readonly column: number;

  constructor(reason: string, text: string, offset: number) {
    super(reason);
    let line = 1;
    let lineStart = 0;
    for (let end = text.indexOf("\n"); end !== -1 && end < offset; end = text.indexOf("\n", lineStart)) {
      line += 1;
      lineStart = end + 1;
    }
    this.line = line;
    this.column = offset - lineStart + 1;
  }
}

/** Objects and lists that are nested deeper than is read. */
export class JsonDepthError extends JsonSyntaxError {}

/** What Jackson says that it expects in the place of an unknown word. */
export const VALUES =
  "(JSON String, Number (or 'NaN'/'+INF'/'-INF'), Array, Object or token 'null', 'true' or 'false')";
/** What Jackson calls what ends with a bracket. */
export const NAMES = { "}": "Object", "]": "Array" } as const;
/** What Jackson calls the tokens that are no scalars. */
export const TOKENS: Readonly<Record<string, string>> = {
  "{": "START_OBJECT",
  "[": "START_ARRAY",
  "}": "END_OBJECT",
  "]": "END_ARRAY",
};
