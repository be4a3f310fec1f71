import { isList, LongList } from "./long-list.ts";
import { RawJson, stringifyJson, writeJson } from "./raw-json.ts";
import { nextTurn } from "./slices.ts";

/** The characters of a slice; the last one may have fewer. */
const SLICE_LENGTH = 1024 * 1024;

/** The parts of long lists after which a slice ends, however short it is: what is read may be much more than what is written. */
const PARTS_OF_SLICE = 2;

/** The items of the lists that are written at once. */
const FEW_ITEMS = 20;

/**
 * Writes JSON as `stringifyJson` does, if it is surely one slice: most answers are.
 * @returns `undefined` for what is to be written with `jsonSlices`
 */
export function shortJson(value: unknown): string | undefined {
  if (!isShort(value)) return undefined;
  if (typeof value === "object" && value !== null && !isList(value) && !(value instanceof RawJson)) {
    for (const field of value instanceof Map ? value.values() : Object.values(value)) {
      if (!isShort(field)) return undefined;
    }
  }
  const text = stringifyJson(value);
  return text.length < SLICE_LENGTH ? text : undefined;
}

function isShort(value: unknown): boolean {
  if (value instanceof RawJson) return value.text.length < SLICE_LENGTH / FEW_ITEMS;
  return !isList(value) || (Array.isArray(value) && value.length <= FEW_ITEMS);
}

/**
 * Writes JSON as `stringifyJson` does, in slices: a long list, or an object with long lists as its fields, need never
 * be in the memory as a whole, and a long raw part is cut into slices of its own text. Slices may be empty.
 */
export function* jsonSlices(value: unknown): Generator<string, void> {
  let slice = "";
  let parts = 0;
  for (const piece of pieces(value)) {
    if (piece === END_OF_PART) {
      parts += 1;
      if (parts < PARTS_OF_SLICE) continue;
      yield slice;
      slice = "";
      parts = 0;
    }
    let from = 0;
    while (slice.length + piece.length - from >= SLICE_LENGTH) {
      const to = endOfSlice(piece, from + SLICE_LENGTH - slice.length);
      yield slice + piece.slice(from, to);
      slice = "";
      parts = 0;
      from = to;
    }
    slice += piece.slice(from);
  }
  if (slice !== "") yield slice;
}

/** The two halves of a character beyond the BMP stay together, because slices are encoded one by one. */
function endOfSlice(text: string, end: number): number {
  const last = text.charCodeAt(end - 1);
  return last >= 0xd800 && last < 0xdc00 ? end - 1 : end;
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
          let slice = made.shift() ?? rest.next().value;
          while (slice === "") {
            await nextTurn();
            slice = rest.next().value;
          }
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

/** The piece behind each part of a long list. */
const END_OF_PART = "";

/** @param isInner whether it is in a list, so that short parts of its own lists are no reason to end a slice */
function* pieces(value: unknown, isInner = false): Generator<string, void> {
  if (isList(value)) {
    yield* piecesOfList(value, isInner);
    return;
  }
  if (typeof value !== "object" || value === null || value instanceof RawJson) {
    yield* piecesAtOnce(value);
    return;
  }
  let before = "{";
  for (const [key, field] of value instanceof Map ? value : Object.entries(value)) {
    if (field === undefined || field === null) continue;
    yield `${before}${JSON.stringify(key)}:`;
    if (isList(field)) yield* piecesOfList(field, isInner);
    else yield* piecesAtOnce(field);
    before = ",";
  }
  yield before === "{" ? "{}" : "}";
}

function* piecesOfList(list: readonly unknown[] | LongList<unknown>, isInner: boolean): Generator<string, void> {
  let before = "[";
  for (const part of list instanceof LongList ? list.parts() : [list]) {
    for (const item of part) {
      yield before;
      yield* hasLongList(item) ? pieces(item, true) : piecesAtOnce(item);
      before = ",";
    }
    if (list instanceof LongList && (!isInner || part.length >= FEW_ITEMS)) yield END_OF_PART;
  }
  yield before === "[" ? "[]" : "]";
}

/** Whether a field of an object is a list that is read as it is written. */
function hasLongList(value: unknown): boolean {
  if (typeof value !== "object" || value === null || value instanceof RawJson || value instanceof Map) return false;
  return Object.values(value).some((field) => field instanceof LongList);
}

function piecesAtOnce(value: unknown): string[] {
  const written: string[] = [];
  writeJson(value, (piece) => written.push(piece));
  return written;
}
