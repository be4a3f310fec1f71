import type { VNode } from "preact";

/** For a path that has no page. */
export function MissingPage(): VNode {
  return (
    <>
      <h1>There is no such page</h1>
      <p>
        <a href="/__local/ui/">Go to the overview</a>
      </p>
    </>
  );
}
