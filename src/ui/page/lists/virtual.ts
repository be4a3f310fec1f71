import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
  type VirtualizerOptions,
} from "@tanstack/virtual-core";
import { useLayoutEffect, useReducer, useRef } from "preact/hooks";

type Options = Pick<
  VirtualizerOptions<HTMLElement, HTMLElement>,
  "count" | "getScrollElement" | "estimateSize" | "overscan" | "getItemKey"
>;

/** Virtual rows for a component of ours: only those in view are in the document. */
export function useVirtual(options: Options): Virtualizer<HTMLElement, HTMLElement> {
  const [, render] = useReducer<number, void>((count) => count + 1, 0);
  const virtualizer = useRef<Virtualizer<HTMLElement, HTMLElement>>(undefined);
  const all: VirtualizerOptions<HTMLElement, HTMLElement> = {
    observeElementRect,
    observeElementOffset,
    scrollToFn: elementScroll,
    onChange: () => render(),
    ...options,
  };
  virtualizer.current ??= new Virtualizer(all);
  const { current } = virtualizer;
  current.setOptions(all);
  useLayoutEffect(() => current._didMount(), []);
  useLayoutEffect(() => current._willUpdate());
  return current;
}
