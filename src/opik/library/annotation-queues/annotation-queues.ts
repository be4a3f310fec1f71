import type { Route } from "../../../http/route.ts";
import type { OpikContext } from "../../context.ts";
import type { DefineOpikRoute } from "../../wire/route.ts";
import { queueRoutes } from "./routes.ts";
import { QueueService, type QueueServiceDependencies } from "./service.ts";

/** Annotation queues: traces and threads that people are to score. */
export interface AnnotationQueues {
  services: { annotationQueues: QueueService };
  routes(route: DefineOpikRoute): Route[];
}

/** Creates service and routes of annotation queues. */
export function createAnnotationQueues(context: OpikContext, dependencies: QueueServiceDependencies): AnnotationQueues {
  const annotationQueues = new QueueService(context, dependencies);
  return { services: { annotationQueues }, routes: (route) => queueRoutes(route, annotationQueues) };
}
