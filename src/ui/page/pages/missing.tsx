import type { VNode } from "preact";
import { BASE } from "../base.ts";

/** For a path that has no page. */
export function MissingPage(): VNode {
  return (
    <>
      <h1>There is no such page</h1>
      <p>
        <a href={`${BASE}/`}>Go to the overview</a>
      </p>
    </>
  );
}
