import { isBlank } from "../../../wire/values.ts";
import type { OtelSpan } from "../request.ts";

/** The error of a record. */
export interface SpanError {
  exception_type: string;
  message: string | undefined;
  traceback: string;
}

const ERROR_STATUS = 2;
const UNNAMED = "Error";

/** The error of a span: its last exception, or else its status; nothing when it did not fail [opik 7.16]. */
export function errorOf({ events, status }: OtelSpan): SpanError | undefined {
  const exception = events.findLast(({ name }) => name === "exception");
  if (exception === undefined && status?.code !== ERROR_STATUS) return undefined;
  const textAt = (name: string): string | undefined =>
    exception?.attributes.find(({ key }) => key === name)?.value?.string_value;
  const message = exception === undefined ? textOf(status?.message?.trim()) : textAt("exception.message");
  return {
    exception_type: textOf(textAt("exception.type")) ?? UNNAMED,
    message,
    traceback: textOf(textAt("exception.stacktrace")) ?? textOf(message) ?? UNNAMED,
  };
}

function textOf(text: string | undefined): string | undefined {
  return text === undefined || isBlank(text) ? undefined : text;
}
