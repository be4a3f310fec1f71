import type { VNode } from "preact";
import { Copy } from "./id.tsx";

/** What to do when no agent is connected yet. */
export function Setup(): VNode {
  const exports = [
    `export OPIK_URL_OVERRIDE="${location.origin}/api"`,
    'export OPIK_WORKSPACE="default"',
    'export OPIK_PROJECT_NAME="demo"',
  ].join("\n");
  const command = "opik endpoint --project demo -- python agent.py";
  return (
    <div class="setup">
      <h2>Connect your first agent</h2>
      <ol>
        <li>
          Point Opik's SDK at this server:
          <Snippet text={exports} />
        </li>
        <li>
          Start your agent as a runner, in Python or TypeScript:
          <Snippet text={command} />
        </li>
        <li>Open the link that it prints. The runner appears here by itself, with a form for each agent.</li>
      </ol>
      <p class="faint">
        Only want to look around? Load an example: <code>npx opik-local seed example:demo</code>
      </p>
    </div>
  );
}

function Snippet({ text }: { text: string }): VNode {
  return (
    <div class="snippet">
      <pre>{text}</pre>
      <Copy text={text} label="copy" />
    </div>
  );
}
