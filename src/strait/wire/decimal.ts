import { RawJson } from "../../core/json.ts";

/**
 * A finite number as PostgreSQL writes it in JSONB: all its digits and no exponent, where JavaScript and Go write
 * `1e-7` [strait 2.3].
 */
export function decimal(value: number): RawJson {
  const [significand = "", exponent] = String(value).split("e");
  if (exponent === undefined) return new RawJson(significand);
  const [, sign = "", whole = "", fraction = ""] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(significand) ?? [];
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  if (point <= 0) return new RawJson(`${sign}0.${"0".repeat(-point)}${digits}`);
  return new RawJson(sign + digits.padEnd(point, "0"));
}
