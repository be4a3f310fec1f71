import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { shellWord } from "../../../core/shell-word.ts";
import { hasApiKey, post, workspace } from "../api.ts";
import { Act } from "./act.tsx";
import { Snippet } from "./snippet.tsx";
import { Tabs } from "./tabs.tsx";

const LANGUAGES = ["Python", "TypeScript"] as const;
type Language = (typeof LANGUAGES)[number];

/** The smallest agent, to save and run. */
const AGENTS: Readonly<Record<Language, { file: string; install: string; code: string; run: string }>> = {
  Python: {
    file: "agent.py",
    install: "pip install opik",
    code: `import threading

import opik

@opik.track(entrypoint=True)
def echo(text: str) -> str:
    """Answers what it was asked."""
    return f"You said: {text}"

threading.Event().wait()  # a real agent has a server that keeps it running`,
    run: "python agent.py",
  },
  TypeScript: {
    file: "agent.ts",
    install: "npm install opik tsx\npip install opik  # for the command that starts it",
    code: `import { track } from "opik";

export const echo = track(
  { name: "echo", entrypoint: true, params: [{ name: "text", type: "string" }] },
  async (text: string) => \`You said: \${text}\`,
);

setInterval(() => {}, 60_000); // a real agent has a server that keeps it running`,
    run: "npx tsx agent.ts",
  },
};

/** Loads the fixtures that ship. Their texts are a file of their own, because few need them. */
async function loadExamples(): Promise<void> {
  const { EXAMPLES } = await import("../examples.ts");
  await post("/__local/fixtures", { files: EXAMPLES });
}

/** What to do when no agent is connected yet. @param project that of the agent; `opik endpoint` makes it if need be */
export function Setup({ project = "demo" }: { project: string | undefined }): VNode {
  const [language, setLanguage] = useState<Language>("Python");
  const agent = AGENTS[language];
  const exports = [
    `export OPIK_URL_OVERRIDE="${location.origin}/api"`,
    `export OPIK_WORKSPACE="${workspace()}"`,
    `export OPIK_API_KEY="${hasApiKey() ? "<the key that you chose>" : "opik-local"}"`,
    `export OPIK_PROJECT_NAME=${shellWord(project)}`,
  ].join("\n");
  return (
    <div class="setup">
      <header class="section-header">
        <h2>Connect your first agent</h2>
        <Tabs label="Language" options={LANGUAGES} chosen={language} onChoose={setLanguage} />
      </header>
      <ol>
        <li>
          Point Opik's SDK at this server, in a terminal:
          <Snippet text={`${agent.install}\n${exports}`} />
        </li>
        <li>
          No agent at hand? Save this one as <code>{agent.file}</code>:
          <Snippet text={agent.code} />
        </li>
        <li>
          Start it as a runner, in the same terminal:
          <Snippet text={`opik endpoint --headless --project ${shellWord(project)} -- ${agent.run}`} />
        </li>
        <li>The runner appears here by itself, with a form for each agent.</li>
      </ol>
      <p class="toolbar">
        Only want to look around? <Act work={loadExamples}>Load the examples</Act>
      </p>
    </div>
  );
}
