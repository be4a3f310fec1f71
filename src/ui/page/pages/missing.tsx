import type { VNode } from "preact";
import { BASE } from "../base.ts";
import { Heading } from "../parts/heading.tsx";

/** For a path that has no page. */
export function MissingPage(): VNode {
  return (
    <>
      <Heading title="There is no such page" />
      <p>
        <a href={`${BASE}/`}>Go to the overview</a>
      </p>
    </>
  );
}
