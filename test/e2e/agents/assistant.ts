import { existsSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { track } from "opik";

/**
 * An agent as its author writes it, with the SDK from npm; `opik endpoint` would start it with the environment
 * that says which runner it is.
 */
track(
  { name: "echo", entrypoint: true, params: [{ name: "question", type: "string" }] },
  async (question: string): Promise<string> => {
    console.log(`thinking about ${question}`);
    return `${process.env["AGENT_NAME"]}: ${question}`;
  },
);

track(
  { name: "fail", entrypoint: true, params: [{ name: "reason", type: "string" }] },
  async (reason: string): Promise<string> => {
    throw new Error(reason);
  },
);

track(
  { name: "wait", entrypoint: true, params: [{ name: "file", type: "string" }] },
  async (file: string): Promise<string> => {
    while (!existsSync(file)) await pause(20);
    console.log("done waiting");
    return "waited";
  },
);

// The SDK's runner does not keep the process alive; real agents have a server in it that does.
setInterval(() => undefined, 2 ** 30);
