import { signal } from "@preact/signals";

const QUERY = "screen and (max-width: 700px)";
const media = matchMedia(QUERY);

/** Whether the window is too narrow for all columns of a list. */
export const isNarrow = signal(media.matches);
media.addEventListener("change", ({ matches }) => {
  isNarrow.value = matches;
});
