import type { ComponentChildren, VNode } from "preact";
import { Status } from "./status.tsx";

/** The heading of a page about one thing with a status. @param children what can be done to it */
export function PageHeader(props: { title: string; status: string; children?: ComponentChildren }): VNode {
  return (
    <header class="page-header">
      <h1>
        {props.title}
        <Status value={props.status} />
      </h1>
      <span class="toolbar">{props.children}</span>
    </header>
  );
}
