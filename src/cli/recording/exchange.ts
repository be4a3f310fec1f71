import type { ExchangeInput } from "../../fixtures/format/input/exchanges.ts";

/** In answers' headers, stands for where the server listens. */
export const ORIGIN = "{origin}";

/** A request and its answer as they are recorded: an entry of `exchanges`. Secrets are redacted. */
export type RecordedExchange = Readonly<ExchangeInput>;

/** A part of an answer that was streamed. */
export type RecordedPart = NonNullable<ExchangeInput["parts"]>[number];
