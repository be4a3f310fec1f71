import type { Reactions } from "../core/events.ts";
import { queueOf } from "./definitions/jobs/job.ts";
import type { Dispatch } from "./dispatch/dispatch.ts";
import type { StraitChanges } from "./events.ts";
import type { StraitServices } from "./services.ts";
import type { WebhookSender } from "./webhooks/sender.ts";

export interface StraitReactionsDependencies {
  services: Pick<StraitServices, "waits" | "spawns">;
  dispatch: Dispatch["reacting"];
  sender: WebhookSender;
}

/**
 * What follows from each committed event, in this order. What must be as safe from crashes as the change itself is not
 * here but in its transaction (`RunService.onEnd`): a server that is killed between the two catches up at its start.
 */
export function straitReactions({ services, dispatch, sender }: StraitReactionsDependencies): Reactions<StraitChanges> {
  const { waits, spawns } = services;
  const { routing, timers, runHeartbeats, workers, pusher, dispatcher, schedules, alarm } = dispatch;
  return {
    "run:created": [
      ({ run }) => workers.follow(run),
      ({ run }) => dispatcher.follow(run),
      ({ run }) => timers.follow(run),
    ],
    "run:status:changed": [
      // First: the parts that assign runs read them from the queue to which they are routed.
      ({ run }) => routing.follow(run),
      ({ run, from }) => runHeartbeats.follow(run, from),
      ({ run, from }) => workers.follow(run, from),
      ({ run, from }) => pusher.follow(run, from),
      ({ run, from }) => dispatcher.follow(run, from),
      ({ run }) => waits.followRun(run),
      ({ run }) => spawns.follow(run),
      // Before `run:dispatched` pushes the run: of two timers that are due at once, the older one runs first.
      ({ run, job }) => timers.follow(run, job),
    ],
    "run:rescheduled": [({ run }) => timers.follow(run)],
    "run:dispatched": [({ run, job, endpoint_url }) => pusher.push(run, job, endpoint_url)],
    "run:wait:changed": [({ wait }) => waits.follow(wait)],
    "run:webhook:changed": [({ delivery }) => sender.follow(delivery)],
    "run:trigger:deferred": [({ fire_at }) => alarm.follow(fire_at)],
    "run:job:changed": [
      ({ job }) => routing.routeAll(job.id),
      ({ job }) => workers.wake(queueOf(job.definition)),
      ({ job }) => dispatcher.wake(job.id),
      ({ job }) => schedules.follow(job),
      ({ job }) => alarm.followJob(job),
    ],
    "run:job:deleted": [({ id }) => schedules.forget(id)],
  };
}
