import { track } from "opik";
import { approvals } from "./approvals.ts";

/** An agent of a shop's help desk, as its author writes it; `opik endpoint` starts it in production. */

const ORDERS: Readonly<Record<string, { item: string; price: number }>> = {
  "A-1": { item: "lamp", price: 40 },
  "A-2": { item: "desk", price: 250 },
};

class UnknownOrderError extends Error {
  override readonly name = "UnknownOrderError";
}

const findOrder = track({ name: "find_order", type: "tool" }, async (order: string) => {
  const found = ORDERS[order];
  if (found === undefined) throw new UnknownOrderError(`There is no order ${order}`);
  console.log(`found ${order}: ${found.item}`);
  return found;
});

const askModel = track(
  {
    name: "ask_model",
    type: "llm",
    enrichSpan: (reply: { text: string }) => ({
      model: "gpt-4o-mini",
      provider: "openai",
      usage: { prompt_tokens: 12, completion_tokens: reply.text.length, total_tokens: 12 + reply.text.length },
    }),
  },
  async (prompt: string) => ({ text: `About "${prompt}": we will help you.` }),
);

export const answer = track(
  { name: "answer", type: "general", entrypoint: true, params: [{ name: "question", type: "string" }] },
  async (question: string) => {
    console.log(`Question: ${question}`);
    const { text } = await askModel(question);
    if (question === "") console.error("The question is empty");
    return { reply: text, length: question.length };
  },
);

export const refund = track(
  {
    name: "refund",
    entrypoint: true,
    params: [
      { name: "order", type: "string" },
      { name: "share", type: "float", presence: "optional" },
    ],
  },
  async (order: string, share = 1) => {
    const { price } = await findOrder(order);
    if (share < 0 || share > 1) throw new RangeError(`A share of ${share} cannot be paid back`);
    return price * share;
  },
);

export const describe = track(
  {
    name: "describe",
    entrypoint: true,
    params: [
      { name: "text", type: "string" },
      { name: "count", type: "integer" },
      { name: "ratio", type: "float" },
      { name: "flag", type: "boolean" },
    ],
  },
  async (...inputs: unknown[]) => inputs,
);

export const approve = track(
  { name: "approve", entrypoint: true, params: [{ name: "order", type: "string" }] },
  async (order: string) => {
    console.log(`Waiting for an approval of ${order}`);
    const decision = await approvals.of(order);
    console.log(`${order} is decided: ${decision}`);
    return { order, decision };
  },
);
