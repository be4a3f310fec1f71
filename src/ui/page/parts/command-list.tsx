import type { VNode } from "preact";
import type { Command } from "../api.ts";
import { duration, preview } from "../format.ts";
import { Id } from "./id.tsx";
import { Json } from "./json.tsx";
import { Status } from "./status.tsx";
import { Table } from "./table.tsx";
import { Time } from "./time.tsx";

/** Bridge commands of a runner with what they answered. */
export function CommandList({ commands }: { commands: readonly Command[] }): VNode {
  if (commands.length === 0) {
    return (
      <p class="faint">
        None yet. <code>opik-local bridge RUNNER exec "ls"</code> submits one.
      </p>
    );
  }
  return (
    <Table heads={["Status", "Command", "Answer", "Took", "Submitted", "Id"]}>
      {commands.map((command) => (
        <tr key={command.command_id}>
          <td>
            <Status value={command.status} />
          </td>
          <td class="cut">
            <details>
              <summary>
                {command.type} <span class="mono faint">{preview(withoutSignature(command.args), 40)}</span>
              </summary>
              <Json value={command.args} />
            </details>
          </td>
          <td class="cut">
            <Answer value={command.error ?? command.result} isOpen={command.completed_at === undefined} />
          </td>
          <td>{command.duration_ms === undefined ? "" : duration(command.duration_ms)}</td>
          <td>
            <Time value={command.submitted_at} />
          </td>
          <td>
            <Id value={command.command_id} />
          </td>
        </tr>
      ))}
    </Table>
  );
}

/** What a command answered. @param isOpen whether an answer may still come */
function Answer({ value, isOpen }: { value: unknown; isOpen: boolean }): VNode {
  if (value === undefined) return <span class="faint">{isOpen ? "not yet" : "none"}</span>;
  return (
    <details>
      <summary class="mono">{preview(value, 40)}</summary>
      <Json value={value} />
    </details>
  );
}

function withoutSignature(args: unknown): unknown {
  if (typeof args !== "object" || args === null) return args;
  return Object.fromEntries(Object.entries(args).filter(([name]) => name !== "_hmac"));
}
