/** Types of run events that streams leave out: the use of memory and processor [strait 4.6]. */
export const UNPUBLISHED_TYPES = ["resource_sample", "resource.oom_risk"] as const;

/** Whether streams of a run send events of this type. */
export function isPublished(type: string): boolean {
  return !UNPUBLISHED_TYPES.some((unpublished) => unpublished === type);
}
