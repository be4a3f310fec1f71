import type { ComponentChildren, VNode } from "preact";

/** A table that scrolls by itself where it is wider than the page. */
export function Table({ heads, children }: { heads: readonly string[]; children: ComponentChildren }): VNode {
  return (
    <div class="scroll">
      <table>
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head}>{head}</th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
