/** What `--fail-on` can look for. */
export const FINDING_KINDS = ["errors", "leftovers", "unmatched"] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];
