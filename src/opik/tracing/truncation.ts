import { RawJson } from "../../core/json.ts";

/** Longer JSON is cut; the real server's default [opik 7.11]. */
const MAX_LENGTH = 10_001;

/** An image that is written into the JSON, as a whole text or as a part of one. */
const IMAGE = /data:image\/[\w.+-]+;base64,[\w+/]+={0,2}/g;

const WITH_IMAGES: ReadonlySet<string> = new Set(["input", "output", "metadata"]);
const CUT: ReadonlySet<string> = new Set(["input", "output"]);

/** A field of a record without its images; long input and output become text that begins like it [opik 7.11]. */
export function truncated(field: string, json: RawJson): RawJson {
  if (!WITH_IMAGES.has(field)) return json;
  const text = json.text.replaceAll(IMAGE, "[image]");
  if (CUT.has(field) && text.length > MAX_LENGTH) return RawJson.of(text.slice(0, MAX_LENGTH));
  return text === json.text ? json : new RawJson(text);
}
