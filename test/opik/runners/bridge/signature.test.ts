import { expect, test } from "vitest";
import { signBridge } from "../../../../src/opik/runners/bridge/signature.ts";
import { bridgeKey } from "../../../../src/opik/runners/pairing/activation.ts";

const ACTIVATION_KEY = Buffer.from(Array.from({ length: 32 }, (_, index) => index));
const KEY = bridgeKey(ACTIVATION_KEY, "00000000-0000-0000-0000-000000000001");

test("the bridge key is derived from the activation key and the session, as Opik's daemon does", () => {
  expect(KEY.toString("hex")).toBe("9647b7959765ecad68dfef02f31cfca7f7901a9076c15ebabb1f35d015f71198");
});

// Made with `opik.runner.bridge_auth.sign` of opik 2.1.24.
test.for([
  ["ReadFile", { path: "a.py" }, "nRPerf2U7Sk+VjI9oteW5q4oTzpc1OIk3AKd1zmL6gc="],
  [
    "EditFile",
    {
      ...{ path: "ä/😀.py", edits: [{ old_string: 'a\n"\\\t\u007f', new_string: "\u2028" }] },
      ...{ b: null, a: true, n: 3, "\uffff": 1, "😀": 2 },
    },
    "eeLCl6H87n5SdCQscM2JnYnMiH0e3aoav8XumB0KZwA=",
  ],
  ["Exec", {}, "3Llw+p9w9Nbz2Bey8W8xMDgXPQc3/hQ9iLlpUrKCngw="],
] as const)("a command is signed as Opik's daemon checks it: %s", ([type, args, expected]) => {
  expect(signBridge(KEY, type, args)).toBe(expected);
});
