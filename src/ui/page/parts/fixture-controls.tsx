import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { LoadSummary } from "../../../fixtures/load/loader.ts";
import { describeSummary } from "../../../fixtures/summary.ts";
import { post } from "../api.ts";
import { download } from "../download.ts";
import { Act } from "./act.tsx";
import { Failure } from "./notice.tsx";

const FIXTURES = "/__local/fixtures";

/** Loads fixtures from files, and saves the state as one. */
export function FixtureControls({ projects }: { projects: readonly string[] }): VNode {
  return (
    <>
      <LoadFixtures />
      <div class="toolbar">
        <Act work={() => download(FIXTURES, "opik-local.json")}>Save everything as a fixture</Act>
        {projects.slice(0, 10).map((name) => (
          <Act key={name} work={() => download(`${FIXTURES}?project=${encodeURIComponent(name)}`, `${name}.json`)}>
            Save {name}
          </Act>
        ))}
      </div>
    </>
  );
}

function LoadFixtures(): VNode {
  const [said, setSaid] = useState("");
  const [isOver, setOver] = useState(false);
  const [error, setError] = useState<Error>();
  const load = async (files: FileList | null): Promise<void> => {
    setSaid("");
    setOver(false);
    setError(undefined);
    const texts = await Promise.all(
      [...(files ?? [])].map(async (file) => ({ name: file.name, text: await file.text() })),
    );
    if (texts.length === 0) return;
    await post<LoadSummary>(FIXTURES, { files: texts }).then(
      (summary) => setSaid(`Loaded: ${describeSummary(summary)}.`),
      setError,
    );
  };
  return (
    <label
      class={`drop ${isOver ? "over" : ""}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        void load(event.dataTransfer?.files ?? null);
      }}
    >
      Drop fixture files here, or choose them{" "}
      <input
        type="file"
        multiple
        accept=".yaml,.yml,.json"
        onChange={(event) => void load(event.currentTarget.files)}
      />
      <p role="status">{said}</p>
      <Failure error={error} />
    </label>
  );
}
