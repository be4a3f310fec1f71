import { expect, test } from "vitest";
import { shellArguments } from "../../src/cli/commands/exec/windows.ts";

test.for<[[string, ...string[]], string]>([
  [["npm", "test"], `npm ^"test^"`],
  [["node", "-e", "two words"], `node ^"-e^" ^"two^ words^"`],
  [["C:/Program Files/node.exe", ""], String.raw`C:\Program^ Files\node.exe ^"^"`],
  [["node", 'say("hi")'], String.raw`node ^"say^(\^"hi\^"^)^"`],
  [["node", String.raw`C:\folder with\ `.trim()], String.raw`node ^"C:\folder^ with\\^"`],
  [["node", String.raw`a\"b`], String.raw`node ^"a\\\^"b^"`],
  [["node", "%PATH% & del"], `node ^"^%PATH^%^ ^&^ del^"`],
])("%j is written for cmd.exe", ([command, line]) => {
  expect(shellArguments(command)).toEqual(["/d", "/s", "/c", `"${line}"`]);
});
