import { StraitError } from "../../wire/errors.ts";
import type { Annotations } from "./schema.ts";

const MAX_ENTRIES = 50;
const MAX_KEY_BYTES = 128;
const MAX_VALUE_BYTES = 1_024;

/**
 * What the real server accepts as annotations of one request [strait 2.4].
 * @throws StraitError 422 for none, 400 for too many or too long ones
 */
export function checkAnnotations(annotations: Annotations | undefined): asserts annotations is Annotations {
  if (annotations === undefined || annotations.size === 0) {
    const tag = annotations === undefined ? "required" : "min";
    throw new StraitError(422, "validation failed", { details: [`annotations: failed on '${tag}'`] });
  }
  if (annotations.size > MAX_ENTRIES) throw new StraitError(400, "too many annotations (max 50)");
  for (const [key, value] of annotations) {
    if (key.trim() === "") throw new StraitError(400, "annotation keys must be non-empty");
    if (Buffer.byteLength(key) > MAX_KEY_BYTES) {
      throw new StraitError(400, "annotation key too long (max 128 characters)");
    }
    if (Buffer.byteLength(value) > MAX_VALUE_BYTES) {
      throw new StraitError(400, "annotation value too long (max 1024 characters)");
    }
  }
}
