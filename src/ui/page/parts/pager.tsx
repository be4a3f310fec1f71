import type { VNode } from "preact";

/** Goes through pages that are counted from 0. */
export function Pager(props: {
  page: number;
  size: number;
  total: number;
  onPage: (page: number) => void;
}): VNode | null {
  const { page, size, total, onPage } = props;
  const last = Math.max(0, Math.ceil(total / size) - 1);
  if (last === 0) return null;
  return (
    <nav class="pager" aria-label="Pages of the list">
      <button type="button" disabled={page === 0} onClick={() => onPage(page - 1)}>
        newer
      </button>
      <span>
        {page * size + 1}–{Math.min(total, (page + 1) * size)} of {total}
      </span>
      <button type="button" disabled={page >= last} onClick={() => onPage(page + 1)}>
        older
      </button>
    </nav>
  );
}
