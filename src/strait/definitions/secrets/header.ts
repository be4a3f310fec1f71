import { validateHeaderName, validateHeaderValue } from "node:http";
import { StraitError } from "../../wire/errors.ts";

/**
 * The header with which a push carries a secret [strait 5.1]. Node writes a letter of a header as one byte: the value is
 * encoded as UTF-8.
 */
export function secretHeader(key: string, value: string): [name: string, value: string] {
  return [`x-secret-${key.toLowerCase()}`, Buffer.from(value, "utf8").toString("latin1")];
}

/** @throws StraitError 400 for a value that Node cannot send as a header */
export function checkHeader(key: string, value: string): void {
  const [name, sent] = secretHeader(key, value);
  if (throws(() => validateHeaderName(name))) {
    throw new StraitError(400, "secret_key must be usable in a header name: X-Secret-<key>");
  }
  if (throws(() => validateHeaderValue(name, sent))) {
    throw new StraitError(400, "value must not contain line breaks: it is sent as a header");
  }
}

function throws(check: () => void): boolean {
  try {
    check();
    return false;
  } catch {
    return true;
  }
}
