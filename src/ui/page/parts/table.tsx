import type { ComponentChildren, VNode } from "preact";

/** The head of a column. An optional one, whose cells have the class `optional`, is left out where the window is narrow. */
export type Head = string | { optional: string };

/** A table that scrolls by itself where it is wider than the page. */
export function Table({ heads, children }: { heads: readonly Head[]; children: ComponentChildren }): VNode {
  return (
    <div class="scroll">
      <table>
        <thead>
          <tr>
            {heads.map((head) =>
              typeof head === "string" ? (
                <th key={head}>{head}</th>
              ) : (
                <th key={head.optional} class="optional">
                  {head.optional}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
