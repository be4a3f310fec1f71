import { RawJson } from "../../core/json.ts";
import { jsonValue, type Schema } from "../../http/schema.ts";

/*
 * Numbers of answers, printed as Java does [opik 7.3]: JavaScript would leave out the fraction of
 * a whole one.
 */

/** Java's `Double.toString` writes numbers from here on with an exponent, and those below the other bound. */
const [FIRST_LARGE, FIRST_PLAIN] = [1e7, 1e-3];

/** A number in an answer; its text comes from `doubleOf` or `decimalOf`. */
export function printedNumber(): Schema<RawJson> {
  return jsonValue({ type: "number" }, (input) => input as RawJson);
}

/** A `double`: `1500` is `1500.0`, ten million is `1.0E7`. */
export function doubleOf(value: number): RawJson {
  if (!Number.isFinite(value)) return RawJson.of(String(value));
  const size = Math.abs(value);
  if (size !== 0 && (size < FIRST_PLAIN || size >= FIRST_LARGE)) {
    const [digits = "", exponent = ""] = value.toExponential().split("e");
    return new RawJson(`${withFraction(digits)}E${Number(exponent)}`);
  }
  return new RawJson(withFraction(Object.is(value, -0) ? "-0" : String(value)));
}

/** A `BigDecimal` of so many places, the rest of which is cut off: of twelve, `0.5` is `0.500000000000`. */
export function decimalOf(value: number, places: number): RawJson {
  if (!Number.isFinite(value)) return doubleOf(value);
  const { digits, isNegative } = scaled(value, places);
  const sign = isNegative ? "-" : "";
  const exponent = digits.length - 1 - places;
  // What `BigDecimal.toString` calls scientific notation.
  if (exponent < -6) {
    const [first = "", rest = ""] = [digits.slice(0, 1), digits.slice(1)];
    return new RawJson(`${sign}${first}${rest === "" ? "" : `.${rest}`}E${exponent}`);
  }
  const padded = digits.padStart(places + 1, "0");
  return new RawJson(`${sign}${padded.slice(0, -places)}.${padded.slice(-places)}`);
}

/** A number without its point, as its shortest decimal text has it. */
function scaled(value: number, places: number): { digits: string; isNegative: boolean } {
  const [mantissa = "", exponent = ""] = Math.abs(value).toExponential().split("e");
  const [whole = "", fraction = ""] = mantissa.split(".");
  const shift = Number(exponent) - fraction.length + places;
  const unscaled = BigInt(whole + fraction);
  const digits = shift >= 0 ? unscaled * 10n ** BigInt(shift) : unscaled / 10n ** BigInt(-shift);
  return { digits: String(digits), isNegative: value < 0 };
}

function withFraction(digits: string): string {
  return digits.includes(".") ? digits : `${digits}.0`;
}
