/** Types of events that those who follow a run are not sent: what it uses of its machine [strait 4.6]. */
export const UNPUBLISHED_TYPES = ["resource_sample", "resource.oom_risk"] as const;

/** Whether those who follow a run are sent its events of this type. */
export function isPublished(type: string): boolean {
  return !UNPUBLISHED_TYPES.some((unpublished) => unpublished === type);
}
