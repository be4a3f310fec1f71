import type { VNode } from "preact";
import { ErrorBoundary, LocationProvider, Route, Router } from "preact-iso";
import { BASE } from "./base.ts";
import { connected } from "./live.ts";
import { ControlsPage } from "./pages/controls.tsx";
import { DatasetPage } from "./pages/dataset.tsx";
import { ExperimentPage } from "./pages/experiment.tsx";
import { JobPage } from "./pages/job.tsx";
import { LibraryPage } from "./pages/library.tsx";
import { MissingPage } from "./pages/missing.tsx";
import { OverviewPage } from "./pages/overview.tsx";
import { ProjectPage } from "./pages/project.tsx";
import { PromptPage } from "./pages/prompt.tsx";
import { RequestsPage } from "./pages/requests.tsx";
import { RunPage } from "./pages/run.tsx";
import { RunnerPage } from "./pages/runner.tsx";
import { RunsPage } from "./pages/runs.tsx";
import { TracePage } from "./pages/trace.tsx";
import { TracesPage } from "./pages/traces.tsx";

const LINKS = [
  ["/", "Overview"],
  ["/traces", "Traces"],
  ["/runs", "Executor runs"],
  ["/library", "Library"],
  ["/requests", "Requests"],
  ["/controls", "Controls"],
] as const;

/** The frame around all pages. */
export function App(): VNode {
  return (
    <LocationProvider scope={BASE}>
      <header class="top">
        <a class="brand" href={`${BASE}/`}>
          opik-local
        </a>
        <nav aria-label="Pages">
          {LINKS.map(([path, label]) => (
            <a key={path} href={BASE + path}>
              {label}
            </a>
          ))}
        </nav>
        <Connection />
      </header>
      <main>
        <ErrorBoundary>
          <Router>
            <Route path={`${BASE}/`} component={OverviewPage} />
            <Route path={`${BASE}/projects/:id`} component={ProjectPage} />
            <Route path={`${BASE}/projects/:id/traces`} component={TracesPage} />
            <Route path={`${BASE}/runners/:id`} component={RunnerPage} />
            <Route path={`${BASE}/jobs/:id`} component={JobPage} />
            <Route path={`${BASE}/traces`} component={TracesPage} />
            <Route path={`${BASE}/traces/:id`} component={TracePage} />
            <Route path={`${BASE}/runs`} component={RunsPage} />
            <Route path={`${BASE}/runs/:id`} component={RunPage} />
            <Route path={`${BASE}/library`} component={LibraryPage} />
            <Route path={`${BASE}/prompts/:id`} component={PromptPage} />
            <Route path={`${BASE}/datasets/:id`} component={DatasetPage} />
            <Route path={`${BASE}/experiments/:id`} component={ExperimentPage} />
            <Route path={`${BASE}/requests`} component={RequestsPage} />
            <Route path={`${BASE}/controls`} component={ControlsPage} />
            <Route default component={MissingPage} />
          </Router>
        </ErrorBoundary>
      </main>
    </LocationProvider>
  );
}

/** Whether what is shown is live. */
function Connection(): VNode {
  const isLive = connected.value === true;
  const waiting = connected.value === false ? "○ reconnecting …" : "○ connecting …";
  return (
    <span class={`connection ${isLive ? "good" : "waiting"}`} role="status">
      {isLive ? "● live" : waiting}
    </span>
  );
}
