/** The text that replaces a secret. */
const REDACTED = "[redacted]";

/** Headers of requests and answers that carry keys, tokens or signatures. */
const SECRET_HEADERS =
  /^(?:authorization|proxy-authorization|cookie|set-cookie|x-api-key|x-internal-secret|x-run-token|x-.*-signature)$/i;

const SECRET_FIELDS = [
  ...["api_key", "apiKey", "token", "run_token", "access_token", "refresh_token", "password", "secret"],
  ...["webhook_secret", "signing_secret", "endpoint_signing_secret", "client_secret", "activation_key", "bridge_key"],
];

/** Fields that are secret only under these paths. */
const SECRET_FIELDS_OF: ReadonlyArray<{ path: RegExp; fields: readonly string[] }> = [
  { path: /^\/v1\/secrets(?:\/|$)/, fields: ["value"] },
  { path: /^\/v1\/api-keys(?:\/|$)/, fields: ["key"] },
];

/** Parameters of a query that carry tokens. */
const SECRET_PARAMETERS = /([?&](?:token|api_key|key)=)[^&]+/gi;

/** Returns headers as an object with lower-case names, secrets redacted; values of repeated headers are joined. */
export function redactHeaders(headers: Iterable<readonly [name: string, value: string]>): Record<string, string> {
  const shown: Record<string, string> = {};
  for (const [name, value] of headers) {
    const key = name.toLowerCase();
    const text = SECRET_HEADERS.test(name) ? REDACTED : value;
    shown[key] = shown[key] === undefined ? text : `${shown[key]}, ${text}`;
  }
  return shown;
}

/**
 * Redacts the texts of secret fields in JSON, wherever they are in it. The rest stays as it was written; the JSON may be
 * cut off.
 * @param path of the request
 */
export function redactBody(json: string, path: string): string {
  const special = SECRET_FIELDS_OF.flatMap((rule) => (rule.path.test(path) ? rule.fields : []));
  const names = [...SECRET_FIELDS, ...special].join("|");
  const field = new RegExp(String.raw`("(?:${names})"\s*:\s*")(?:[^"\\]|\\.)*("|\\?$)`, "gi");
  return json.replace(field, (_, before: string, end: string) => `${before}${REDACTED}${end === '"' ? end : ""}`);
}

/** Redacts the tokens of a query. */
export function redactQuery(search: string): string {
  return search.replace(SECRET_PARAMETERS, `$1${REDACTED}`);
}
