import type { Route } from "../../../http/route.ts";
import {
  queryChoice,
  queryInteger,
  queryPageSize,
  queryText,
  requiredQuery,
  requiredQueryText,
  requiredQueryUuid,
} from "../../wire/parameters.ts";
import type { DefineOpikRoute } from "../../wire/route.ts";
import { download } from "./download.ts";
import {
  attachmentPage,
  completeUploadRequest,
  deleteAttachmentsRequest,
  ENTITY_TYPES,
  startedUpload,
  startUploadRequest,
} from "./schema.ts";
import type { AttachmentService } from "./service.ts";

const ATTACHMENT = "/v1/private/attachment";
const tag = "Attachments";

const entity = { entity_type: requiredQuery(queryChoice(ENTITY_TYPES)), entity_id: requiredQueryUuid };

/** Upload, list, download and delete attachments. */
export function attachmentRoutes(route: DefineOpikRoute, attachments: AttachmentService): Route[] {
  return [
    route({
      method: "POST",
      path: `${ATTACHMENT}/upload-start`,
      id: "startMultiPartUpload",
      tag,
      summary: "Start attachment upload",
      body: startUploadRequest,
      responses: { 200: startedUpload },
      handle: ({ body }) => ({ status: 200, body: attachments.startUpload(body) }),
    }),
    route({
      method: "PUT",
      path: `${ATTACHMENT}/upload`,
      id: "uploadAttachment",
      tag,
      summary: "Upload attachment",
      query: { ...entity, file_name: requiredQueryText, mime_type: queryText, project_name: queryText },
      responses: { 204: undefined },
      anyMediaType: true,
      handle: async ({ owner, query, bytes }) => {
        await attachments.upload(owner, query, await bytes());
        return { status: 204 };
      },
    }),
    route({
      method: "POST",
      path: `${ATTACHMENT}/upload-complete`,
      id: "completeMultiPartUpload",
      tag,
      summary: "Complete attachment upload",
      body: completeUploadRequest,
      responses: { 204: undefined },
      handle: () => ({ status: 204 }),
    }),
    route({
      method: "GET",
      path: `${ATTACHMENT}/list`,
      id: "attachmentList",
      tag,
      summary: "Attachments of a trace or span",
      query: {
        ...entity,
        project_id: requiredQueryUuid,
        path: requiredQueryText,
        page: queryInteger(1, 1),
        size: queryPageSize(100),
      },
      responses: { 200: attachmentPage },
      handle: ({ owner, query }) => ({ status: 200, body: attachments.list(owner, query) }),
    }),
    route({
      method: "GET",
      path: `${ATTACHMENT}/download`,
      id: "downloadAttachment",
      tag,
      summary: "Download attachment",
      query: {
        ...entity,
        container_id: requiredQueryUuid,
        file_name: requiredQueryText,
        mime_type: requiredQueryText,
        workspace_name: queryText,
      },
      responses: { 200: undefined, 206: undefined, 416: undefined },
      anyMediaType: true,
      handle: ({ owner, query, headers }) => download(attachments.find(owner, query), headers.get("range")),
    }),
    route({
      method: "POST",
      path: `${ATTACHMENT}/delete`,
      id: "deleteAttachments",
      tag,
      summary: "Delete attachments",
      body: deleteAttachmentsRequest,
      responses: { 204: undefined },
      handle: ({ owner, body }) => {
        attachments.delete(owner, body);
        return { status: 204 };
      },
    }),
  ];
}
