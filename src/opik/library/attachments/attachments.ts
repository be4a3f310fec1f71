import type { Route } from "../../../http/route.ts";
import type { OpikContext } from "../../context.ts";
import type { DefineOpikRoute } from "../../wire/route.ts";
import { attachmentRoutes } from "./routes.ts";
import { AttachmentService, type AttachmentServiceDependencies } from "./service.ts";

/** Files of traces and spans. */
export interface Attachments {
  services: { attachments: AttachmentService };
  routes(route: DefineOpikRoute): Route[];
}

/** Puts service and routes of attachments together. */
export function createAttachments(context: OpikContext, dependencies: AttachmentServiceDependencies): Attachments {
  const attachments = new AttachmentService(context, dependencies);
  return { services: { attachments }, routes: (route) => attachmentRoutes(route, attachments) };
}
