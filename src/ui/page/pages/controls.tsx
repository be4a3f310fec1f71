import type { VNode } from "preact";
import { get, type State } from "../api.ts";
import { useLive } from "../live.ts";
import { ClockControls } from "../parts/clock-controls.tsx";
import { FaultControls } from "../parts/fault-controls.tsx";
import { FixtureControls } from "../parts/fixture-controls.tsx";
import { Heading } from "../parts/heading.tsx";
import { Reset } from "../parts/reset.tsx";
import { Section } from "../parts/section.tsx";
import { Settings } from "../parts/settings.tsx";
import { Unread } from "../parts/unread.tsx";

/** Time, faults, fixtures, reset, settings. */
export function ControlsPage(): VNode {
  const { value, error, refresh } = useLive(
    "state",
    () => get<State>("/__local/state"),
    () => false,
  );
  if (value === undefined) return <Unread error={error} />;
  return (
    <>
      <Heading title="Controls" />
      <dl class="facts">
        <dt>Version</dt>
        <dd>{value.version}</dd>
        <dt>Data</dt>
        <dd>{value.database === ":memory:" ? "in memory" : value.database}</dd>
        <dt>Workspaces</dt>
        <dd>{value.workspaces.join(", ")}</dd>
        <dt>For machines</dt>
        <dd>
          <a href="/openapi.json">OpenAPI document</a> · <a href="/metrics">metrics</a>
        </dd>
      </dl>
      <Section title="Time">
        <ClockControls onMoved={refresh} />
      </Section>
      <Section title="Faults">
        <FaultControls />
      </Section>
      <Section title="Fixtures">
        <FixtureControls projects={value.projects.map(({ name }) => name)} />
      </Section>
      <Section title="Reset">
        <Reset />
      </Section>
      <Section title="Settings">
        <Settings />
      </Section>
    </>
  );
}
