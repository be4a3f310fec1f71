/**
 * Suggests the candidate that was probably meant.
 * @returns ` Did you mean X?`, or nothing when no candidate is close
 */
export function didYouMean(given: string, candidates: readonly string[]): string {
  const meant = nearest(given, candidates);
  return meant === undefined ? "" : ` Did you mean ${meant}?`;
}

/**
 * The candidate that is closest to a name: with few wrong letters, else one that is the name with words added or left
 * out at the end (`queue` and `queue_name`).
 * @returns `undefined` when none is close
 */
export function nearest(given: string, candidates: readonly string[]): string | undefined {
  const ranked = candidates
    .filter((candidate) => Math.abs(candidate.length - given.length) <= mostMistakes(candidate))
    .map((candidate) => ({ candidate, distance: editDistance(given.toLowerCase(), candidate.toLowerCase()) }))
    .toSorted((left, right) => left.distance - right.distance);
  const [best] = ranked;
  if (best !== undefined && best.distance <= mostMistakes(best.candidate)) return best.candidate;
  return candidates
    .filter((candidate) => beginsWithWords(given, candidate) || beginsWithWords(candidate, given))
    .toSorted((left, right) => left.length - right.length)[0];
}

/** The limit of the edit distance: two letters, or a third of a long name. */
function mostMistakes(candidate: string): number {
  return Math.max(2, Math.floor(candidate.length / 3));
}

/** Whether a name goes on with another word after all of `beginning`. */
function beginsWithWords(name: string, beginning: string): boolean {
  if (beginning === "" || !name.toLowerCase().startsWith(beginning.toLowerCase())) return false;
  return /^(?:[_-]|[A-Z])/.test(name.slice(beginning.length));
}

/** The Levenshtein distance of two words. */
export function editDistance(from: string, to: string): number {
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
