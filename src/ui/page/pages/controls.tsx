import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { get, post, type State } from "../api.ts";
import { useLive } from "../live.ts";
import { Failure } from "../parts/notice.tsx";
import { Section } from "../parts/section.tsx";

/** Time, fixtures and reset. */
export function ControlsPage(): VNode {
  const { value, error, refresh } = useLive(
    "state",
    () => get<State>("/__local/state"),
    () => false,
  );
  if (value === undefined) return <Failure error={error} />;
  return (
    <>
      <h1>Controls</h1>
      <dl class="facts">
        <dt>Version</dt>
        <dd>{value.version}</dd>
        <dt>Data</dt>
        <dd>{value.database === ":memory:" ? "in memory" : value.database}</dd>
        <dt>Time</dt>
        <dd>
          {value.now} ({value.clock} clock)
        </dd>
        <dt>Workspaces</dt>
        <dd>{value.workspaces.join(", ")}</dd>
      </dl>
      <Section title="Time">
        {value.clock === "virtual" ? (
          <Advance onDone={refresh} />
        ) : (
          <p class="faint">The clock is the computer's. Start the server with `--clock virtual` to move it.</p>
        )}
      </Section>
      <Section title="Fixtures">
        <LoadFixtures />
        <p>
          <a href="/__local/fixtures" download="opik-local.json">
            Save everything as a fixture
          </a>
        </p>
      </Section>
      <Section title="Reset">
        <Reset />
      </Section>
    </>
  );
}

function Advance({ onDone }: { onDone: () => void }): VNode {
  const [by, setBy] = useState("30s");
  const [error, setError] = useState<Error>();
  const submit = (event: Event): void => {
    event.preventDefault();
    post("/__local/clock/advance", { by }).then(onDone, setError);
  };
  return (
    <form class="toolbar" onSubmit={submit}>
      <input aria-label="Duration" value={by} onInput={(event) => setBy(event.currentTarget.value)} />
      <button type="submit">Advance</button>
      <Failure error={error} />
    </form>
  );
}

function LoadFixtures(): VNode {
  const [said, setSaid] = useState("");
  const [error, setError] = useState<Error>();
  const load = async (files: FileList | null): Promise<void> => {
    setSaid("");
    setError(undefined);
    const texts = await Promise.all(
      [...(files ?? [])].map(async (file) => ({ name: file.name, text: await file.text() })),
    );
    if (texts.length === 0) return;
    await post("/__local/fixtures", { files: texts }).then(() => setSaid("Loaded."), setError);
  };
  return (
    <label
      class="drop"
      onDragOver={(event) => event.preventDefault()}
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
      <span role="status">{said}</span>
      <Failure error={error} />
    </label>
  );
}

function Reset(): VNode {
  const [asked, setAsked] = useState(false);
  const [error, setError] = useState<Error>();
  if (!asked) {
    return (
      <button type="button" onClick={() => setAsked(true)}>
        Delete everything …
      </button>
    );
  }
  return (
    <p class="toolbar">
      Projects, runners, jobs, runs and traces are gone then.{" "}
      <button
        type="button"
        class="bad"
        onClick={() => void post("/__local/reset?all=true").then(() => setAsked(false), setError)}
      >
        Delete everything
      </button>{" "}
      <button type="button" onClick={() => setAsked(false)}>
        Keep it
      </button>
      <Failure error={error} />
    </p>
  );
}
