/** The parts of RFC 3339 as Go's layout names them, with what may stand there. */
const LAYOUT: ReadonlyArray<readonly [element: string, pattern: RegExp, name?: string, least?: number, most?: number]> =
  [
    ["2006", /^\d{4}/],
    ["-", /^-/],
    ["01", /^\d{2}/, "month", 1, 12],
    ["-", /^-/],
    ["02", /^\d{2}/, "day", 1, 31],
    ["T", /^T/],
    ["15", /^\d{2}/, "hour", 0, 23],
    [":", /^:/],
    ["04", /^\d{2}/, "minute", 0, 59],
    [":", /^:/],
    ["05", /^\d{2}(?:[.,]\d+)?/, "second", 0, 59.999_999_999],
    ["Z07:00", /^(?:Z|[-+]\d{2}:\d{2})/],
  ];

/** What Go says of a text that is not a time in RFC 3339. */
export function goTimeError(text: string): string {
  const parsing = `parsing time ${JSON.stringify(text)}`;
  let rest = text;
  for (const [element, pattern, name, least = 0, most = 0] of LAYOUT) {
    const found = pattern.exec(rest)?.[0];
    if (found === undefined)
      return `${parsing} as "2006-01-02T15:04:05Z07:00": cannot parse ${JSON.stringify(rest)} as "${element}"`;
    const value = Number(found);
    if (name !== undefined && (value < least || value > most)) return `${parsing}: ${name} out of range`;
    rest = rest.slice(found.length);
  }
  return rest === "" ? `${parsing}: day out of range` : `${parsing}: extra text: ${JSON.stringify(rest)}`;
}
