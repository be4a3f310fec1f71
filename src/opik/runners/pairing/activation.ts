import { createHash, createHmac, hkdfSync, timingSafeEqual } from "node:crypto";

/**
 * Base64 as Java's decoder accepts it: the standard alphabet, complete or no padding, no whitespace. Node's decoder skips
 * unknown characters.
 */
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/;

/** The bytes behind a base64 text, or `undefined` when it is none. */
export function decodeBase64(text: string): Buffer | undefined {
  return BASE64.test(text) ? Buffer.from(text, "base64") : undefined;
}

/**
 * The proof that the client that activates a session knows its key [opik 5.1]: HMAC-SHA256 over the 16 bytes of the
 * session's id and the SHA-256 of the runner's name, exactly as sent.
 * @param key the activation key, 32 bytes
 * @returns 32 bytes
 */
export function activationHmac(key: Buffer, sessionId: string, runnerName: string): Buffer {
  return createHmac("sha256", key)
    .update(Buffer.from(sessionId.replaceAll("-", ""), "hex"))
    .update(createHash("sha256").update(runnerName, "utf8").digest())
    .digest();
}

/**
 * The key with which both sides sign bridge commands [opik 5.6]: HKDF-SHA256 of the activation key, with the session's
 * id as its salt.
 * @returns 32 bytes
 */
export function bridgeKey(activationKey: Buffer, sessionId: string): Buffer {
  const salt = Buffer.from(sessionId.replaceAll("-", ""), "hex");
  return Buffer.from(hkdfSync("sha256", activationKey, salt, "opik-bridge-v1", 32));
}

/** Compares a proof in base64 with the expected one, in constant time. */
export function isProof(given: string, expected: Buffer): boolean {
  const bytes = decodeBase64(given);
  return bytes?.length === expected.length && timingSafeEqual(bytes, expected);
}
