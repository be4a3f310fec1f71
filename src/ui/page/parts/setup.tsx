import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { create, post, workspace } from "../api.ts";
import { Act } from "./act.tsx";
import { Snippet } from "./snippet.tsx";
import { Tabs } from "./tabs.tsx";

const LANGUAGES = ["python", "typescript"] as const;
type Language = (typeof LANGUAGES)[number];

/** The smallest agent, to save and run. */
const AGENTS: Readonly<Record<Language, { file: string; install: string; code: string; run: string }>> = {
  python: {
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
  typescript: {
    file: "agent.ts",
    install: "npm install opik",
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

/** What to do when no agent is connected yet. @param project that of the agent; left out, it is made first */
export function Setup(props: { project: string | undefined }): VNode {
  const [name, setName] = useState("demo");
  const project = props.project ?? name;
  const [language, setLanguage] = useState<Language>("python");
  const agent = AGENTS[language];
  const exports = [
    `export OPIK_URL_OVERRIDE="${location.origin}/api"`,
    `export OPIK_WORKSPACE="${workspace()}"`,
    `export OPIK_PROJECT_NAME=${quoted(project)}`,
  ].join("\n");
  return (
    <div class="setup">
      <header class="section-header">
        <h2>Connect your first agent</h2>
        <Tabs label="Language" options={LANGUAGES} chosen={language} onChoose={setLanguage} />
      </header>
      <ol>
        {props.project === undefined && (
          <li>
            Create the project of the agent, which Opik's command line wants to be there:
            <p class="toolbar">
              <input aria-label="Project" value={name} onInput={(event) => setName(event.currentTarget.value)} />
              <Act class="main" work={() => create("/v1/private/projects", { name })}>
                Create the project
              </Act>
            </p>
          </li>
        )}
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
          <Snippet text={`opik endpoint --project ${quoted(project)} -- ${agent.run}`} />
        </li>
        <li>Open the link that it prints. The runner appears here by itself, with a form for each agent.</li>
      </ol>
      <p class="toolbar">
        Only want to look around? <Act work={loadExamples}>Load the examples</Act>
      </p>
    </div>
  );
}

/** A word for a shell, in quotation marks where it needs them. */
function quoted(text: string): string {
  return /^[\w.-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
