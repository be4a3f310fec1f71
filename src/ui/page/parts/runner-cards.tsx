import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { State } from "../api.ts";
import { BASE } from "../base.ts";
import { counted } from "../format.ts";
import { Section } from "./section.tsx";
import { Status } from "./status.tsx";
import { Time } from "./time.tsx";

type Runner = State["runners"][number];

/** So many cards are shown until all are wanted. */
const FIRST = 12;

/** Runners with their state, those that are connected first. */
export function RunnerCards(props: { runners: readonly Runner[]; projects: State["projects"] }): VNode {
  const { runners, projects } = props;
  const [isWhole, setWhole] = useState(false);
  const sorted = runners.toSorted((a, b) => Number(b.status === "connected") - Number(a.status === "connected"));
  const shown = isWhole ? sorted : sorted.slice(0, FIRST);
  return (
    <Section
      title="Runners"
      aside={
        shown.length < sorted.length && (
          <button type="button" onClick={() => setWhole(true)}>
            all {sorted.length}
          </button>
        )
      }
    >
      <ul class="cards">
        {shown.map((runner) => (
          <li key={runner.id} class="card">
            <header>
              <a class="row-link" href={`${BASE}/runners/${runner.id}`}>
                <strong title={runner.name}>{runner.name}</strong>
              </a>
              <span>
                <Status value={runner.status} /> <Time value={runner.disconnected_at ?? runner.connected_at} />
              </span>
            </header>
            <p class="faint">
              {[projects.find(({ id }) => id === runner.project_id)?.name, ...describeWork(runner)].join(" · ")}
            </p>
            <p>{runner.agents.length === 0 ? "no agents yet" : runner.agents.join(", ")}</p>
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** Whether a connected runner takes jobs, and how many wait for it. */
function describeWork({ status, polls, jobs }: Runner): string[] {
  const pending = jobs["pending"] ?? 0;
  return [
    ...(status === "connected" ? [polls ? "waits for jobs" : "does not poll"] : []),
    ...(pending === 0 ? [] : [`${counted(pending, "job")} pending`]),
  ];
}
