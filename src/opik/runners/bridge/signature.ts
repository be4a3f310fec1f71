import { createHmac } from "node:crypto";

/** Any JSON value. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/**
 * Signs a bridge command or its result [opik 5.6]: HMAC-SHA256 over the type of the command, or the status of the
 * result, and its JSON as Python prints it with sorted keys and without spaces.
 * @param key the bridge key of the runner
 * @param kind `ReadFile`, or `completed`
 * @returns base64, for the field `_hmac`
 */
export function signBridge(key: Buffer, kind: string, body: Json): string {
  return createHmac("sha256", key).update(kind, "utf8").update(printLikePython(body), "utf8").digest("base64");
}

/** `json.dumps(value, sort_keys=True, separators=(",", ":"))`. Fractions are not printed in the same way in every case. */
function printLikePython(value: Json): string {
  if (typeof value === "string") return toAscii(JSON.stringify(value));
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (isList(value)) return `[${value.map(printLikePython).join(",")}]`;
  const fields = Object.entries(value).toSorted(([a], [b]) => compareCodePoints(a, b));
  return `{${fields.map(([name, field]) => `${toAscii(JSON.stringify(name))}:${printLikePython(field)}`).join(",")}}`;
}

function isList(value: object): value is readonly Json[] {
  return Array.isArray(value);
}

/** Escapes what is not printable ASCII, as Python does. */
function toAscii(text: string): string {
  return text.replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** Python sorts texts by code points, JavaScript by UTF-16 units. */
function compareCodePoints(a: string, b: string): number {
  const [left, right] = [[...a], [...b]];
  for (let index = 0; index < Math.min(left.length, right.length); index += 1) {
    const difference = (left[index]?.codePointAt(0) ?? 0) - (right[index]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
