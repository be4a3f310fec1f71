import { signal } from "@preact/signals";

const media = matchMedia("print");

/**
 * Whether the page is printed: then everything is in the document that is folded or out of view on a screen. It changes
 * before the browser lays the page out for paper.
 */
export const isPrinting = signal(media.matches);

const follow = (): void => {
  isPrinting.value = media.matches;
};
media.addEventListener("change", follow);
addEventListener("beforeprint", () => {
  isPrinting.value = true;
});
addEventListener("afterprint", follow);
