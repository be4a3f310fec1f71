/**
 * Why a request was refused, in one sentence for people: the error's message, and the details that the API's answer has
 * besides it. Texts and things with a `message` are details.
 */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const details = "details" in error && Array.isArray(error.details) ? (error.details as unknown[]) : [];
  const texts = details.map(textOf).filter((text) => text !== "");
  return texts.length === 0 ? error.message : `${error.message}: ${texts.join(", ")}`;
}

function textOf(detail: unknown): string {
  if (typeof detail === "string") return detail;
  if (typeof detail !== "object" || detail === null || !("message" in detail)) return "";
  const path = "path" in detail && detail.path !== "" ? `${String(detail.path)}: ` : "";
  return `${path}${String(detail.message)}`;
}
