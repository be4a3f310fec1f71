import { describe, expect, test } from "vitest";
import { activationHmac, decodeBase64, isProof } from "../../../../src/opik/runners/pairing/activation.ts";

const KEY_00_TO_1F = Buffer.from(Array.from({ length: 32 }, (_, index) => index));

describe("the proof that activates a session", () => {
  // The two vectors of Opik's tests and of its command line [opik 5.1].
  test.for([
    [
      KEY_00_TO_1F,
      "00000000-0000-0000-0000-000000000001",
      "test-runner",
      "127a99c794575e17cfe04628f23eef16155fdb2c5534ac54c7c780d611d86645",
    ],
    [
      Buffer.alloc(32, 0xa1),
      "550e8400-e29b-41d4-a716-446655440000",
      "devbox-01",
      "081d9cb7963ef516ae705fe8658464901a445de154ae0f8ff7284253296585f0",
    ],
  ] as const)("is made of the key, the session and the name (%#)", ([key, sessionId, name, expected]) => {
    expect(activationHmac(key, sessionId, name).toString("hex")).toBe(expected);
  });

  test("is taken with and without padding, and in no other spelling", () => {
    const proof = activationHmac(KEY_00_TO_1F, "00000000-0000-0000-0000-000000000001", "test-runner");
    const text = "EnqZx5RXXhfP4EYo8j7vFhVf2yxVNKxUx8eA1hHYZkU=";
    expect(isProof(text, proof)).toBe(true);
    expect(isProof(text.slice(0, -1), proof)).toBe(true);
    for (const wrong of [
      text.replaceAll("+", "-").replace("EnqZ", "EnqY"),
      `${text.slice(0, -2)}A=`,
      `${text} `,
      `\n${text}`,
      text.toLowerCase(),
      "",
    ]) {
      expect(isProof(wrong, proof), wrong).toBe(false);
    }
  });
});

test.for([
  ["", 0],
  ["AAAA", 3],
  ["AA==", 1],
  ["AA", 1],
  ["AAA=", 2],
  ["AAA", 2],
  ["AB==", 1],
  ["A", undefined],
  ["AA=", undefined],
  ["AAAA=", undefined],
  ["AA==AA==", undefined],
  ["A-_A", undefined],
  ["AA AA", undefined],
] as const)("%j is the base64 of %s bytes", ([text, size]) => {
  expect(decodeBase64(text)?.length).toBe(size);
});
