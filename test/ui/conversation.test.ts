import { describe, expect, test } from "vitest";
import { messagesIn, textOf } from "../../src/ui/page/conversation.ts";

const user = { role: "user", text: "hi", calls: [], others: [] };

describe("messages of a conversation", () => {
  test.each([
    ["a list", [{ role: "user", content: "hi" }]],
    ["an object with messages", { messages: [{ role: "user", content: "hi" }], model: "x" }],
    ["one message", { role: "user", content: "hi" }],
    ["choices, as OpenAI answers", { choices: [{ index: 0, message: { role: "user", content: "hi" } }] }],
    ["parts, as Anthropic writes them", [{ role: "user", content: [{ type: "text", text: "hi" }] }]],
  ])("are found in %s", (_, value) => {
    expect(messagesIn(value)).toEqual([user]);
  });

  test.each([
    ["a text", "hi"],
    ["nothing", undefined],
    ["an empty list", []],
    ["a list of which one is none", [{ role: "user", content: "hi" }, 7]],
    ["an object with a role that is none of a message", { role: "admin" }],
  ])("are not found in %s", (_, value) => {
    expect(messagesIn(value)).toBeUndefined();
  });

  test("have the calls of tools of both providers, and what is no text", () => {
    const image = { type: "image_url", image_url: { url: "http://127.0.0.1:1/x.png" } };
    const messages = messagesIn([
      { role: "assistant", content: null, tool_calls: [{ function: { name: "a", arguments: "{}" } }] },
      { role: "assistant", content: [{ type: "tool_use", name: "b", input: { c: 1 } }, image] },
    ]);
    expect(messages).toEqual([
      { role: "assistant", text: "", calls: [{ name: "a", arguments: "{}" }], others: [] },
      { role: "assistant", text: "", calls: [{ name: "b", arguments: { c: 1 } }], others: [image] },
    ]);
  });
});

test("the text of a value is what it has and nothing else", () => {
  expect(textOf("a")).toBe("a");
  expect(textOf({ answer: "a" })).toBe("a");
  expect(textOf({ answer: "a", other: 1 })).toBeUndefined();
  expect(textOf({ city: "a" })).toBeUndefined();
  expect(textOf({ answer: 1 })).toBeUndefined();
});
