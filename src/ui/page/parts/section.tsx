import type { ComponentChildren, VNode } from "preact";

/** A part of a page under a heading. */
export function Section(props: { title: string; aside?: ComponentChildren; children: ComponentChildren }): VNode {
  return (
    <section aria-label={props.title}>
      <header class="section-header">
        <h2>{props.title}</h2>
        {props.aside}
      </header>
      {props.children}
    </section>
  );
}
