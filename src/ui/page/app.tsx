import type { VNode } from "preact";
import { ErrorBoundary, LocationProvider, lazy, Route, Router } from "preact-iso";
import { BASE } from "./base.ts";
import { ComparePage } from "./pages/compare.tsx";
import { ConfigurationPage } from "./pages/configuration.tsx";
import { ControlsPage } from "./pages/controls.tsx";
import { DatasetPage } from "./pages/dataset.tsx";
import { ExperimentPage } from "./pages/experiment.tsx";
import { JobPage } from "./pages/job.tsx";
import { LibraryPage } from "./pages/library.tsx";
import { MissingPage } from "./pages/missing.tsx";
import { OptimizationPage } from "./pages/optimization.tsx";
import { OverviewPage } from "./pages/overview.tsx";
import { ProjectPage } from "./pages/project.tsx";
import { PromptPage } from "./pages/prompt.tsx";
import { RequestsPage } from "./pages/requests.tsx";
import { RunPage } from "./pages/run.tsx";
import { RunnerPage } from "./pages/runner.tsx";
import { RunsPage } from "./pages/runs.tsx";
import { ThreadPage } from "./pages/thread.tsx";
import { TracePage } from "./pages/trace.tsx";
import { TracesPage } from "./pages/traces.tsx";
import { TopBar } from "./parts/top-bar.tsx";

/** Loaded when it is opened: it has the texts of `opik-local help` in it. */
const HelpPage = lazy(async () => (await import("./pages/help.tsx")).HelpPage);

/** The frame around all pages. */
export function App(): VNode {
  return (
    <LocationProvider scope={BASE}>
      <TopBar />
      <main>
        <ErrorBoundary>
          <Router>
            <Route path={`${BASE}/`} component={OverviewPage} />
            <Route path={`${BASE}/projects/:id`} component={ProjectPage} />
            <Route path={`${BASE}/projects/:id/traces`} component={TracesPage} />
            <Route path={`${BASE}/projects/:id/threads/:thread`} component={ThreadPage} />
            <Route path={`${BASE}/projects/:id/configuration`} component={ConfigurationPage} />
            <Route path={`${BASE}/runners/:id`} component={RunnerPage} />
            <Route path={`${BASE}/jobs/:id`} component={JobPage} />
            <Route path={`${BASE}/traces`} component={TracesPage} />
            <Route path={`${BASE}/traces/:id`} component={TracePage} />
            <Route path={`${BASE}/compare/:left/:right`} component={ComparePage} />
            <Route path={`${BASE}/runs`} component={RunsPage} />
            <Route path={`${BASE}/runs/:id`} component={RunPage} />
            <Route path={`${BASE}/library`} component={LibraryPage} />
            <Route path={`${BASE}/prompts/:id`} component={PromptPage} />
            <Route path={`${BASE}/datasets/:id`} component={DatasetPage} />
            <Route path={`${BASE}/experiments/:id`} component={ExperimentPage} />
            <Route path={`${BASE}/optimizations/:id`} component={OptimizationPage} />
            <Route path={`${BASE}/requests`} component={RequestsPage} />
            <Route path={`${BASE}/controls`} component={ControlsPage} />
            <Route path={`${BASE}/help`} component={HelpPage} />
            <Route path={`${BASE}/help/:topic`} component={HelpPage} />
            <Route default component={MissingPage} />
          </Router>
        </ErrorBoundary>
      </main>
    </LocationProvider>
  );
}
