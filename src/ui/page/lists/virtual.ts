import {
  defaultRangeExtractor,
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
  type VirtualizerOptions,
} from "@tanstack/virtual-core";
import { useLayoutEffect, useReducer, useRef } from "preact/hooks";
import { isPrinting } from "../printing.ts";

type Options = Pick<
  VirtualizerOptions<HTMLElement, HTMLElement>,
  "count" | "getScrollElement" | "estimateSize" | "overscan" | "getItemKey"
>;

/** All rows, for paper. */
function allOf({ count }: { count: number }): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

/** Virtual rows for a component of ours: only those in view are in the document, unless the page is printed. */
export function useVirtual(options: Options): Virtualizer<HTMLElement, HTMLElement> {
  const [, render] = useReducer<number, void>((count) => count + 1, 0);
  const virtualizer = useRef<Virtualizer<HTMLElement, HTMLElement>>(undefined);
  const all: VirtualizerOptions<HTMLElement, HTMLElement> = {
    observeElementRect,
    observeElementOffset,
    scrollToFn: elementScroll,
    onChange: () => render(),
    rangeExtractor: isPrinting.value ? allOf : defaultRangeExtractor,
    ...options,
  };
  virtualizer.current ??= new Virtualizer(all);
  const { current } = virtualizer;
  current.setOptions(all);
  useLayoutEffect(() => current._didMount(), []);
  useLayoutEffect(() => current._willUpdate());
  return current;
}
