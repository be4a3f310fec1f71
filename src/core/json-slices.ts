import { RawJson, stringifyJson } from "./json.ts";
import { isList, type LongList } from "./long-list.ts";
import { nextTurn } from "./slices.ts";

/** A slice ends behind the first item with which it has this many characters. */
const SLICE_LENGTH = 1024 * 1024;

/**
 * Writes JSON as `stringifyJson` does, in slices: a long list, or an object with long lists as its fields, need never
 * be in the memory as a whole.
 */
export function* jsonSlices(value: unknown): Generator<string, void> {
  let slice = "";
  for (const piece of pieces(value)) {
    slice += piece;
    if (slice.length < SLICE_LENGTH) continue;
    yield slice;
    slice = "";
  }
  if (slice !== "") yield slice;
}

/**
 * Slices as the bytes of a stream, each of them made in a turn of its own when the reader is ready for it.
 * @param first slices that are made already
 * @param rest is given up with `return` when the reader leaves
 * @param onError takes what goes wrong; the stream is cut off then
 */
export function streamOf(
  first: readonly string[],
  rest: Generator<string, void>,
  onError: (error: unknown) => void,
): ReadableStream<Uint8Array> {
  const made = [...first];
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        await nextTurn();
        try {
          const slice = made.shift() ?? rest.next().value;
          if (slice === undefined) controller.close();
          else controller.enqueue(Buffer.from(slice));
        } catch (error) {
          onError(error);
          throw error;
        }
      },
      cancel: () => void rest.return(),
    },
    { highWaterMark: 0 },
  );
}

function* pieces(value: unknown): Generator<string, void> {
  if (isList(value)) {
    yield* piecesOfList(value);
    return;
  }
  if (typeof value !== "object" || value === null || value instanceof RawJson) {
    yield stringifyJson(value);
    return;
  }
  let before = "{";
  for (const [key, field] of value instanceof Map ? value : Object.entries(value)) {
    if (field === undefined || field === null) continue;
    yield `${before}${JSON.stringify(key)}:`;
    if (isList(field)) yield* piecesOfList(field);
    else yield stringifyJson(field);
    before = ",";
  }
  yield before === "{" ? "{}" : "}";
}

function* piecesOfList(list: readonly unknown[] | LongList<unknown>): Generator<string, void> {
  let before = "[";
  for (const item of list) {
    yield before;
    yield stringifyJson(item);
    before = ",";
  }
  yield before === "[" ? "[]" : "]";
}
