import type { JournalBody, JournalEntry } from "./entry.ts";
import { redactBody, redactHeaders, redactQuery } from "./redact.ts";
import type { JournaledRequest } from "./schema.ts";

/** A request of the journal as it is shown: secrets are redacted. */
export function toJournaledRequest(entry: JournalEntry): JournaledRequest {
  const { sequence, method, path, search, workspace, route, status, nearestRoute, reason, isRead, fault, isLost } =
    entry;
  const showBody = (body: JournalBody | undefined): { body?: { text: string; is_cut: boolean } } =>
    body === undefined ? {} : { body: { text: redactBody(body.text, path), is_cut: body.isCut } };
  return {
    sequence,
    received_at: new Date(entry.receivedAt).toISOString(),
    duration_ms: Math.round(entry.durationMs * 1_000) / 1_000,
    method,
    path,
    ...(search === "" ? {} : { query: redactQuery(search) }),
    workspace,
    headers: redactHeaders(pairsOf(entry.rawHeaders)),
    ...showBody(entry.body),
    matched: route !== undefined,
    ...(route === undefined ? {} : { operation: route.operation.id }),
    ...(nearestRoute === undefined ? {} : { nearest_route: nearestRoute }),
    status,
    ...(reason === undefined ? {} : { reason }),
    answer: { headers: redactHeaders(fieldsOf(entry.answerHeaders)), ...showBody(entry.answerBody) },
    ...(isRead === undefined ? {} : { delivered: isRead }),
    ...(fault === undefined ? {} : { fault }),
    ...(isLost ? { lost: true } : {}),
  };
}

function fieldsOf(headers: JournalEntry["answerHeaders"]): Iterable<readonly [string, string]> {
  return headers instanceof Headers ? headers : Object.entries(headers);
}

function* pairsOf(rawHeaders: readonly string[]): Generator<readonly [string, string]> {
  for (let index = 0; index < rawHeaders.length; index += 2)
    yield [rawHeaders[index] ?? "", rawHeaders[index + 1] ?? ""];
}
