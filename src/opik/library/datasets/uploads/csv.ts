import { Readable } from "node:stream";
import { OpikError } from "../../../wire/errors.ts";

/** What Java's `trim` removes around a value. */
const SPACE_AROUND = /^[\0- ]+|[\0- ]+$/g;

/**
 * Reads the records of a CSV file, with the values trimmed as the real server trims them, also those in quotes. Empty
 * lines are left out.
 * @throws Error for a quote that is not closed
 */
async function* readCsvRecords(file: Blob): AsyncGenerator<string[], void> {
  // Loaded when it is needed: few servers ever read a file.
  const { parse } = await import("csv-parse");
  const options = { bom: true, skip_empty_lines: true, relax_column_count: true, relax_quotes: true };
  const parser = Readable.from(file.stream()).pipe(parse(options));
  for await (const record of parser as AsyncIterable<string[]>) {
    yield record.map((value) => value.replaceAll(SPACE_AROUND, ""));
  }
}

/**
 * The names of the columns of a CSV file.
 * @throws OpikError 400 for a file without them [opik 10.5]
 */
export async function readCsvHeader(file: Blob): Promise<string[]> {
  const header = await firstRecord(file);
  if (header === undefined) throw OpikError.message(400, "CSV file must contain headers");
  if (header.includes("")) {
    throw OpikError.message(400, "CSV contains empty header names. All column headers must have a name.");
  }
  return header;
}

async function firstRecord(file: Blob): Promise<string[] | undefined> {
  try {
    for await (const record of readCsvRecords(file)) return record;
    return undefined;
  } catch {
    throw OpikError.message(400, "Failed to read CSV file");
  }
}

/**
 * The items of a CSV file: each line after the first is one, whose data are texts.
 * @throws Error for a name of a column that is there twice, a line with too few values, and a file of no lines
 */
export async function* csvItems(file: Blob): AsyncGenerator<Record<string, string>, void> {
  let header: string[] | undefined;
  let count = 0;
  for await (const record of readCsvRecords(file)) {
    if (header === undefined) {
      if (new Set(record).size < record.length) throw new Error("a name of a column is there twice");
      header = record;
      continue;
    }
    if (record.length < header.length) throw new Error("a line has fewer values than the first line has names");
    count += 1;
    yield Object.fromEntries(header.map((name, index) => [name, record[index] ?? ""]));
  }
  if (count === 0) throw new Error("CSV file contains no data rows");
}
