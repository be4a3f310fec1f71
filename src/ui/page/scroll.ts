/**
 * Keeps scroll positions for back, forward and reload. Browsers restore them before the page has been read again, when it
 * is too short.
 */

/** Positions of one address: of the window, unless it is at the top, and of boxes by their labels. */
interface Positions {
  window?: number;
  boxes: Record<string, number>;
}

const KEY = "opik-local-scroll";
/** After this the page stays where it is, though it may grow. */
const PATIENCE_MS = 3_000;
/** What a reader does who scrolls, so that the page must not move by itself any more. */
const SCROLLING = ["wheel", "touchstart", "pointerdown", "keydown"] as const;

const known = new Map<string, Positions>(readStored());
/** The positions of an address that was returned to, until they are restored. */
let wanted: Positions | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;

function readStored(): Array<[string, Positions]> {
  return JSON.parse(sessionStorage.getItem(KEY) ?? "[]") as Array<[string, Positions]>;
}

function positions(): Positions {
  const before = known.get(location.href) ?? { boxes: {} };
  known.set(location.href, before);
  return before;
}

/** Begins to restore the positions of the address. */
function returned(): void {
  wanted = structuredClone(known.get(location.href));
  clearTimeout(timer);
  timer = setTimeout(settled, PATIENCE_MS);
}

function settled(): void {
  wanted = undefined;
}

/** Scrolls to the wanted position, once the page is long enough. */
function restore(): void {
  if (wanted?.window === undefined) return;
  scrollTo(0, wanted.window);
  if (Math.abs(scrollY - wanted.window) <= 1) delete wanted.window;
}

/** Follows the positions of the window. Called once, before the first page is shown. */
export function keepScroll(): void {
  history.scrollRestoration = "manual";
  const [entry] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  if (entry?.type === "reload" || entry?.type === "back_forward") returned();
  addEventListener("popstate", returned);
  addEventListener("pagehide", () => sessionStorage.setItem(KEY, JSON.stringify([...known])));
  addEventListener("scroll", () => {
    if (wanted === undefined) positions().window = scrollY;
  });
  for (const name of SCROLLING) addEventListener(name, settled, { passive: true });
  new ResizeObserver(restore).observe(document.documentElement);
}

/** An address was opened by a link: it begins at its top, wherever it was left before. */
export function opened(): void {
  if (wanted === undefined) known.delete(location.href);
}

/** Remembers how far a box is scrolled. @param label the same when the page is shown again */
export function keepBox(label: string, position: number): void {
  if (wanted === undefined) positions().boxes[label] = position;
}

/** How far a box was scrolled when its address was left; `undefined` for a page that was opened by a link. */
export function boxPosition(label: string): number | undefined {
  return wanted?.boxes[label];
}
