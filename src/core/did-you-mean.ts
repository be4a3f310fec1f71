/**
 * The candidate that was probably meant.
 * @returns ` Did you mean X?`, or nothing when no candidate is close
 */
export function didYouMean(given: string, candidates: readonly string[]): string {
  const ranked = candidates
    .filter((candidate) => Math.abs(candidate.length - given.length) <= mostMistakes(candidate))
    .map((candidate) => ({ candidate, distance: editDistance(given.toLowerCase(), candidate.toLowerCase()) }))
    .toSorted((left, right) => left.distance - right.distance);
  const [best] = ranked;
  if (best === undefined || best.distance > mostMistakes(best.candidate)) return "";
  return ` Did you mean ${best.candidate}?`;
}

/** Two letters may be wrong or swapped, and a third of a long name; more is another word. */
function mostMistakes(candidate: string): number {
  return Math.max(2, Math.floor(candidate.length / 3));
}

/** Levenshtein's: how many letters have to be put in, taken out or replaced. */
function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [row, letter] of [...from].entries()) {
    const current = [row + 1];
    for (const [column, other] of [...to].entries()) {
      const replaced = (previous[column] ?? 0) + (letter === other ? 0 : 1);
      current.push(Math.min(replaced, (previous[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1));
    }
    previous = current;
  }
  return previous.at(-1) ?? 0;
}
