import * as v from "valibot";
import { string } from "../../wire/values.ts";

export const sseToken = v.object({ token: string(), expires_at: string({ format: "date-time" }) });
export type SseToken = v.InferOutput<typeof sseToken>;
