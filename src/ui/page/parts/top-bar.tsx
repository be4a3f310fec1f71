import type { VNode } from "preact";
import { useLocation } from "preact-iso";
import { chooseWorkspace, get, type State, workspace } from "../api.ts";
import { BASE } from "../base.ts";
import { useClock } from "../clock.ts";
import { connected } from "../feed.ts";
import { useLive } from "../live.ts";

/** The pages, each with the paths that belong to it. */
const LINKS = [
  ["/", "Overview", /^\/(?:$|jobs|runners|projects\/[^/]+$)/],
  ["/traces", "Traces", /^\/(?:traces|compare|projects\/[^/]+\/(?:traces|threads))/],
  ["/runs", "Executor runs", /^\/runs/],
  ["/library", "Library", /^\/(?:library|prompts|datasets|experiments|optimizations|projects\/[^/]+\/configuration)/],
  ["/requests", "Requests", /^\/requests/],
  ["/controls", "Controls", /^\/controls/],
  ["/help", "Help", /^\/help/],
] as const;

/** Where one is, where one can go, and whether what is shown is live. */
export function TopBar(): VNode {
  useClock();
  const { path } = useLocation();
  const below = path.slice(BASE.length) || "/";
  return (
    <header class="top">
      <a class="brand" href={`${BASE}/`}>
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <rect width="16" height="16" rx="4" fill="currentColor" class="busy" />
          <path d="M4 8.5 7 11l5-6" fill="none" stroke="var(--on-accent)" stroke-width="2" />
        </svg>
        opik-local
      </a>
      <nav aria-label="Pages">
        {LINKS.map(([to, label, paths]) => (
          <a key={to} href={BASE + to} aria-current={paths.test(below) ? "page" : undefined}>
            {label}
          </a>
        ))}
      </nav>
      {connected.value !== undefined && <Workspaces />}
      <Connection />
    </header>
  );
}

/** Chooses a workspace where there are several. */
function Workspaces(): VNode | null {
  const { value } = useLive(
    "workspaces",
    () => get<State>("/__local/state"),
    () => false,
  );
  const known = [...new Set([...(value?.workspaces ?? []), ...(value?.projects ?? []).map((one) => one.workspace)])];
  const names = known.filter((name) => name !== "any");
  if (names.length < 2) return null;
  return (
    <select
      aria-label="Workspace"
      value={workspace()}
      onChange={(event) => {
        chooseWorkspace(event.currentTarget.value);
        location.assign(`${BASE}/`);
      }}
    >
      {names.map((name) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </select>
  );
}

function Connection(): VNode {
  const isLive = connected.value === true;
  const waiting = connected.value === false ? "○ reconnecting …" : "○ connecting …";
  return (
    <span class={`connection ${isLive ? "good" : "waiting"}`} role="status">
      {isLive ? "● live" : waiting}
    </span>
  );
}
