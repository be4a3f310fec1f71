import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";

const CONTROLS = "a, button, input, select, textarea";

/**
 * Moves the focus into a part of the page that was opened by a control, and back to that control when it closes.
 * @param close called for the key Escape
 * @param content what is shown in it: with other content, it gets the focus again
 * @returns the element of the opened part
 */
export function useOpened<Box extends HTMLElement>(close: () => void, content?: unknown): RefObject<Box | null> {
  const box = useRef<Box>(null);
  const opener = useRef<Element | null>(null);
  const onClose = useRef(close);
  onClose.current = close;
  useEffect(() => {
    const { activeElement } = document;
    if (box.current?.contains(activeElement) === false) opener.current = activeElement;
    box.current?.querySelector<HTMLElement>(CONTROLS)?.focus();
  }, [content]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === "Escape") onClose.current();
    };
    box.current?.addEventListener("keydown", onKey);
    return () => {
      if (opener.current instanceof HTMLElement) opener.current.focus();
    };
  }, []);
  return box;
}
