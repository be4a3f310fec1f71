import type { VNode } from "preact";
import type { Message } from "../conversation.ts";
import { jsonOrText } from "../format.ts";
import { Json } from "./json.tsx";
import { Markdown } from "./markdown.tsx";

const ROLES = new Set(["assistant", "tool", "system", "user"]);

/** Messages with a model, one below the other. */
export function Conversation({ messages }: { messages: readonly Message[] }): VNode {
  return (
    <div class="conversation">
      {messages.map((message, index) => (
        <div key={index} class={`message ${ROLES.has(message.role) ? message.role : ""}`}>
          <div class="message-role">{message.role}</div>
          {message.text !== "" && <Markdown text={message.text} />}
          {message.calls.map((call, position) => (
            <div key={position}>
              calls <code>{call.name}</code>{" "}
              <Json
                value={typeof call.arguments === "string" ? jsonOrText(call.arguments) : call.arguments}
                level={1}
              />
            </div>
          ))}
          {message.others.length > 0 && <Json value={message.others} level={2} />}
        </div>
      ))}
    </div>
  );
}
