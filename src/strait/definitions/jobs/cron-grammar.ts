/*
 * The notation of cron schedules, as the real server reads it: robfig/cron v3, five fields, no descriptors [strait 4.7]
 * (`getRange` and `dayMatches` of its parser.go and spec.go). Other libraries read
 * another dialect: they refuse `5/15` and a step above the range, and take `L`, `W`, `#` and 7 for Sunday.
 */

interface Bounds {
  min: number;
  max: number;
  names?: readonly string[];
}

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/** Minute, hour, day of month, month, day of week. */
const FIELDS: readonly Bounds[] = [
  { min: 0, max: 59 },
  { min: 0, max: 23 },
  { min: 1, max: 31 },
  { min: 1, max: 12, names: MONTHS },
  { min: 0, max: 6, names: DAYS },
];

/** The greatest number that can be written: Go reads 64 bits, and no field needs more than this. */
const MAX_NUMBER = Number.MAX_SAFE_INTEGER;

/**
 * Reads a schedule and writes it in the part of the notation that all cron libraries agree on: `*` and lists of
 * numbers. A field that is free stays `*`, because only then does the other one of the two day fields count alone.
 * @returns the five fields; `undefined` when the text is no schedule. A field without a value (`,`) becomes empty:
 * such a schedule never fires.
 */
export function readSchedule(expression: string): string[] | undefined {
  const fields = expression.trim().split(/\s+/);
  if (fields.length !== FIELDS.length) return undefined;
  const read = FIELDS.map((bounds, index) => readField(fields[index] ?? "", bounds));
  return read.every((field) => field !== undefined) ? read : undefined;
}

function readField(text: string, bounds: Bounds): string | undefined {
  const values = new Set<number>();
  let isFree = false;
  for (const part of text.split(",").filter((part) => part !== "")) {
    const range = readRange(part, bounds);
    if (range === undefined) return undefined;
    isFree ||= range.isFree;
    for (let value = range.first; value <= range.last; value += range.step) values.add(value);
  }
  return isFree ? "*" : [...values].toSorted((left, right) => left - right).join(",");
}

/** `*`, `5`, `1-5`, each also with a step: `5/15` goes on to the end of the range. */
function readRange(
  text: string,
  bounds: Bounds,
): { first: number; last: number; step: number; isFree: boolean } | undefined {
  const [range = "", stepText, ...moreSteps] = text.split("/");
  const [low = "", high, ...moreBounds] = range.split("-");
  if (moreSteps.length > 0) return undefined;
  const isWhole = low === "*" || low === "?";
  if (!isWhole && moreBounds.length > 0) return undefined;
  const step = stepText === undefined ? 1 : readNumber(stepText);
  const first = isWhole ? bounds.min : readValue(low, bounds);
  if (step === undefined || step === 0 || first === undefined) return undefined;
  const last = isWhole || (high === undefined && stepText !== undefined) ? bounds.max : readLast(high, first, bounds);
  if (last === undefined || first < bounds.min || last > bounds.max || first > last) return undefined;
  return { first, last, step, isFree: isWhole && step === 1 };
}

function readLast(high: string | undefined, first: number, bounds: Bounds): number | undefined {
  return high === undefined ? first : readValue(high, bounds);
}

function readValue(text: string, { min, names = [] }: Bounds): number | undefined {
  const index = names.indexOf(text.toLowerCase());
  return index === -1 ? readNumber(text) : index + min;
}

function readNumber(text: string): number | undefined {
  if (!/^\+?\d+$/.test(text)) return undefined;
  const number = Number(text);
  return number > MAX_NUMBER ? undefined : number;
}
