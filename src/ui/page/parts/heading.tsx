import { signal } from "@preact/signals";
import type { ComponentChildren, VNode } from "preact";
import { useEffect } from "preact/hooks";
import { Status } from "./status.tsx";

const SITE = "opik-local";

/** The title of the page that is shown; `undefined` until the first one has been set. */
const shown = signal<string | undefined>(undefined);

/**
 * The heading of a page, which is also the title of the tab.
 * @param title what the page is about
 * @param status of what the page is about, shown beside it
 */
export function Heading({ title, status }: { title: string; status?: string }): VNode {
  const whole = status === undefined ? title : `${title} ${status.replaceAll("_", " ")}`;
  useEffect(() => {
    shown.value = whole;
    document.title = `${whole} · ${SITE}`;
  }, [whole]);
  return (
    <h1>
      {title}
      {status !== undefined && <Status value={status} />}
    </h1>
  );
}

/** The heading of a page about one thing with a status. @param children what can be done to it */
export function PageHeader(props: { title: string; status: string; children?: ComponentChildren }): VNode {
  return (
    <header class="page-header">
      <Heading title={props.title} status={props.status} />
      <span class="toolbar">{props.children}</span>
    </header>
  );
}

/**
 * Lets screen readers announce another page, and another status of what the page is about. Browsers announce the title of a
 * document only when it is loaded.
 */
export function Announcement(): VNode {
  return (
    <p class="unseen" role="status">
      {shown.value}
    </p>
  );
}
