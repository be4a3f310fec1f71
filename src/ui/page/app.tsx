import type { VNode } from "preact";
import { ErrorBoundary, LocationProvider, lazy, Route, Router } from "preact-iso";
import { useEffect, useRef } from "preact/hooks";
import { BASE } from "./base.ts";
import { connected } from "./feed.ts";
import { OverviewPage } from "./pages/overview.tsx";
import { Announcement } from "./parts/heading.tsx";
import { TopBar } from "./parts/top-bar.tsx";
import type * as restOfPagesModule from "./rest-of-pages.ts";
import { opened } from "./scroll.ts";

type RestOfPages = typeof restOfPagesModule;

/** The other pages are loaded so long after the start, unless one of them is opened before. */
const PRELOAD_MS = 1_000;

/** All pages but the overview, which is shown sooner without them. */
const restOfPages = (): Promise<RestOfPages> => import("./rest-of-pages.ts");

/** A page that is loaded when it is opened. */
function whenOpened<Page>(load: () => Promise<Page>): Page | typeof OutdatedPage {
  return lazy<Page | typeof OutdatedPage>(() => load().catch(() => OutdatedPage));
}

/** One of the other pages. */
function later<Name extends keyof RestOfPages>(name: Name): RestOfPages[Name] | typeof OutdatedPage {
  return whenOpened(async () => (await restOfPages())[name]);
}

/** Apart from the other pages, because it has the texts of `opik-local help` in it. */
const HelpPage = whenOpened(async () => (await import("./pages/help.tsx")).HelpPage);

const ComparePage = later("ComparePage");
const ConfigurationPage = later("ConfigurationPage");
const ControlsPage = later("ControlsPage");
const DatasetPage = later("DatasetPage");
const ExperimentPage = later("ExperimentPage");
const JobPage = later("JobPage");
const LibraryPage = later("LibraryPage");
const MissingPage = later("MissingPage");
const OptimizationPage = later("OptimizationPage");
const ProjectPage = later("ProjectPage");
const ProjectByNamePage = later("ProjectByNamePage");
const PromptPage = later("PromptPage");
const RequestsPage = later("RequestsPage");
const RunPage = later("RunPage");
const RunnerPage = later("RunnerPage");
const RunsPage = later("RunsPage");
const ThreadPage = later("ThreadPage");
const TracePage = later("TracePage");
const TracesPage = later("TracesPage");

/** The frame around all pages. */
export function App(): VNode {
  const main = useRef<HTMLElement>(null);
  useEffect(() => {
    const timer = setTimeout(() => void restOfPages().catch(() => undefined), PRELOAD_MS);
    return () => clearTimeout(timer);
  }, []);
  /** Begins at the top of another page, also with the keyboard: what had the focus is gone, or is the link to it. */
  const begin = (): void => {
    opened();
    const { activeElement } = document;
    if (activeElement === document.body || activeElement?.tagName === "A") main.current?.focus({ preventScroll: true });
  };
  return (
    <LocationProvider scope={BASE}>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <TopBar />
      <Announcement />
      <main id="main" tabIndex={-1} ref={main}>
        {connected.value !== undefined && <Pages onOpened={begin} />}
      </main>
    </LocationProvider>
  );
}

/** The page that the address names. @param onOpened called when it is another one */
function Pages({ onOpened }: { onOpened: () => void }): VNode {
  return (
    <ErrorBoundary>
      <Router onRouteChange={onOpened}>
        <Route path={`${BASE}/`} component={OverviewPage} />
        <Route path={`${BASE}/projects`} component={ProjectByNamePage} />
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
  );
}

/** For a page whose file the server does not have: it is down, or another version of it runs since this page was opened. */
function OutdatedPage(): VNode {
  return (
    <p class="notice problem" role="alert">
      This page could not be loaded: the server is not running, or is another version now.{" "}
      <button type="button" onClick={() => location.reload()}>
        Load again
      </button>
    </p>
  );
}
