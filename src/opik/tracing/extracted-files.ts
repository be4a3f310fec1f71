import { RawJson } from "../../core/json.ts";
import { LongList } from "../../core/long-list.ts";

/** A trace or a span that files belong to. */
export interface FileOwner {
  workspace: string;
  project_id: string;
  entity_type: "trace" | "span";
  entity_id: string;
}

/** Reads the files of traces and spans. */
export interface FileReader {
  /** The bytes of a file; `undefined` when there is none of this name. */
  read(owner: FileOwner, fileName: string): Uint8Array | undefined;
}

/** The place of a file that an SDK took out of the JSON of a record, with its name [opik 9.4]. */
const PLACE = /\[((?:input|output|metadata)-attachment-\d+-\d+(?:-sdk)?\.\w+)\]/g;

const FIELDS: ReadonlySet<string> = new Set(["input", "output", "metadata"]);

/** A record with the files that were taken out of it in their places, in base64; the same when there are none. */
export function withFiles<Shown extends object>(record: Shown, owner: FileOwner, files: FileReader): Shown {
  const changed = Object.entries(record).flatMap(([name, value]): Array<[string, RawJson]> => {
    if (!FIELDS.has(name) || !(value instanceof RawJson)) return [];
    const text = value.text.replaceAll(PLACE, (place, fileName: string) => {
      const bytes = files.read(owner, fileName);
      return bytes === undefined ? place : Buffer.from(bytes).toString("base64");
    });
    return text === value.text ? [] : [[name, new RawJson(text)]];
  });
  return changed.length === 0 ? record : { ...record, ...Object.fromEntries(changed) };
}

/**
 * What `change` makes of the items of a list. Items that it changes become parts of their own, because they may be much
 * larger than before.
 */
export function changedOneByOne<Item>(list: LongList<Item>, change: (item: Item) => Item): LongList<Item> {
  return new LongList(function* () {
    for (const part of list.parts()) {
      let unchanged: Item[] = [];
      for (const item of part) {
        const changed = change(item);
        if (changed === item) unchanged.push(item);
        else {
          yield unchanged;
          yield [changed];
          unchanged = [];
        }
      }
      yield unchanged;
    }
  });
}
