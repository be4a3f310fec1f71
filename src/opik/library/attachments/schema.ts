import * as v from "valibot";
import { projectName } from "../../projects/schema.ts";
import { type Page, pageOf } from "../../wire/page.ts";
import { constrained, exactly, integer, list, notBlank, optional, required, string, uuid } from "../../wire/values.ts";

export const ENTITY_TYPES = ["trace", "span"] as const;
export type EntityType = (typeof ENTITY_TYPES)[number];

const entityType = required(exactly("EntityType", ENTITY_TYPES));

/** The kinds of records that have attachments. */
const entity = { project_name: projectName, entity_type: entityType, entity_id: required(uuid()) };

/** Body of `POST /attachment/upload-start`. */
export const startUploadRequest = v.object({
  ...entity,
  file_name: notBlank(),
  num_of_file_parts: required(integer()),
  mime_type: optional(string()),
  path: notBlank(),
});
export type UploadStart = v.InferOutput<typeof startUploadRequest>;

export const startedUpload = v.object({ upload_id: string(), pre_sign_urls: list(string()) });

/** Body of `POST /attachment/upload-complete`, which has no effect. */
export const completeUploadRequest = v.object({
  ...entity,
  file_name: notBlank(),
  file_size: required(integer("int64")),
  mime_type: optional(string()),
  upload_id: notBlank(),
  uploaded_file_parts: required(list(required(v.object({ e_tag: notBlank(), part_number: required(integer()) })))),
});

/** Body of `POST /attachment/delete`. */
export const deleteAttachmentsRequest = v.object({
  file_names: constrained(required(list(notBlank())), ({ length }) => length > 0, "must not be empty"),
  entity_type: entityType,
  entity_id: required(uuid()),
  container_id: required(uuid()),
});
export type AttachmentDeletion = v.InferOutput<typeof deleteAttachmentsRequest>;

const attachment = v.object({
  link: string({ format: "uri" }),
  file_name: string(),
  file_size: integer("int64"),
  mime_type: string(),
});
export type Attachment = v.InferOutput<typeof attachment>;

export const attachmentPage = pageOf(attachment);
export type AttachmentPage = Page<Attachment>;
