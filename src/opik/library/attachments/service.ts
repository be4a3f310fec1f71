import type { Background } from "../../../core/background.ts";
import { type AttachedFiles, openAttachedFiles } from "../../../database/attached-files.ts";
import type { Owner } from "../../access/owner.ts";
import type { OpikContext } from "../../context.ts";
import type { ProjectService } from "../../projects/service.ts";
import type { FileOwner, FileReader } from "../../tracing/extracted-files.ts";
import { OpikError } from "../../wire/errors.ts";
import { offsetOf } from "../../wire/page.ts";
import { mimeTypeOf } from "./mime-types.ts";
import type { AttachmentDeletion, AttachmentPage, EntityType, UploadStart } from "./schema.ts";
import { type AttachmentOwner, type AttachmentRow, ATTACHMENTS, AttachmentStore } from "./store.ts";

export interface AttachmentServiceDependencies {
  projects: ProjectService;
}

/** A file of a trace or span, as it is uploaded. */
export interface Upload {
  file_name: string;
  mime_type?: string | undefined;
  project_name?: string | undefined;
  entity_type: EntityType;
  entity_id: string;
}

/** Which attachments. Pages count from 1. */
export interface AttachmentFilter {
  project_id: string;
  entity_type: EntityType;
  entity_id: string;
  /** The address of the server as the client knows it, in base64. */
  path: string;
  page: number;
  size: number;
}

/** The file that is requested. */
export interface WantedFile {
  container_id: string;
  entity_type: EntityType;
  entity_id: string;
  file_name: string;
}

/** An attachment and how to read it. */
export interface FoundFile {
  row: AttachmentRow;
  read: (start: number, end: number) => ReadableStream<Uint8Array>;
}

/** The upload id that makes the SDKs send a file to this server, instead of in parts to S3 [opik 9.4]. */
const DIRECT_UPLOAD = "BEMinIO";

const PATH = "v1/private/attachment";

const UUID_LENGTH = 36;

/** The number of expired attachments that are deleted at once. */
const EXPIRED_AT_ONCE = 100;

/** Files of traces and spans. */
export class AttachmentService implements Background, FileReader {
  readonly #context: OpikContext;
  readonly #store: AttachmentStore;
  readonly #files: AttachedFiles;
  readonly #projects: ProjectService;
  /** The ids of files that are written but have no row yet. */
  readonly #unfinished = new Set<string>();
  /** Ends the subscriptions of a started service. */
  #unsubscribe: ReadonlyArray<() => void> = [];

  constructor(context: OpikContext, dependencies: AttachmentServiceDependencies) {
    this.#context = context;
    this.#store = new AttachmentStore(context.database);
    this.#files = openAttachedFiles(context.database.paths[0], "attachments");
    this.#projects = dependencies.projects;
  }

  /** Deletes the attachments of traces and spans with these from now on. */
  start(): void {
    const { events } = this.#context;
    this.#unsubscribe = [
      events.on("traces:deleted", ({ ids, workspace }) => this.#deleteOf(workspace, "trace", ids)),
      events.on("spans:deleted", ({ ids, workspace }) => this.#deleteOf(workspace, "span", ids)),
    ];
    this.sweep();
  }

  stop(): void {
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
  }

  /** Deletes files that have no row: after a crash, or a reset. */
  sweep(): void {
    const isWanted = (name: string): boolean => {
      const id = name.slice(0, UUID_LENGTH);
      return this.#unfinished.has(id) || this.#store.hasFile(id);
    };
    this.#files.sweep(isWanted).catch(this.#context.reportError);
  }

  /**
   * Returns the URL for an upload: of this server, under the address that the client uses.
   * @throws OpikError 400 for an address that is no URL in base64
   */
  startUpload(upload: UploadStart): { upload_id: string; pre_sign_urls: string[] } {
    const query: Record<string, string> = {
      file_name: upload.file_name,
      mime_type: upload.mime_type ?? mimeTypeOf(upload.file_name),
      entity_type: upload.entity_type,
      entity_id: upload.entity_id,
    };
    if (upload.project_name !== undefined) query["project_name"] = upload.project_name;
    return { upload_id: DIRECT_UPLOAD, pre_sign_urls: [urlUnder(upload.path, "upload", query)] };
  }

  /** Stores a file, in place of the one of the same name. The trace or span need not exist yet. */
  async upload(owner: Owner, upload: Upload, bytes: Uint8Array): Promise<void> {
    const fileId = this.#context.ids.uuid();
    this.#unfinished.add(fileId);
    try {
      await this.#files.write(fileId, bytes);
      this.#deleteFiles(this.#replace(owner, upload, { fileId, size: bytes.length }));
    } finally {
      this.#unfinished.delete(fileId);
    }
  }

  /** Writes the row of a file. Returns the ids of the files that it replaces. */
  #replace(owner: Owner, upload: Upload, { fileId, size }: { fileId: string; size: number }): string[] {
    const { clock, database, events } = this.#context;
    return database.transaction(() => {
      const row = ATTACHMENTS.row({
        workspace: owner.workspace,
        project_id: this.#projects.getOrCreate(owner, upload.project_name),
        entity_type: upload.entity_type,
        entity_id: upload.entity_id,
        file_name: upload.file_name,
        mime_type: upload.mime_type ?? mimeTypeOf(upload.file_name),
        size,
        file_id: fileId,
        created_at: clock.now(),
      });
      const before = this.#store.delete(row, row.file_name);
      this.#store.save(row);
      events.emit("attachments:written", {
        entity_type: row.entity_type,
        entity_id: row.entity_id,
        workspace: owner.workspace,
      });
      return before;
    });
  }

  /**
   * One page of the attachments of a trace or span, by file name.
   * @throws OpikError 400 for an address that is no URL in base64
   */
  list({ workspace }: Owner, filter: AttachmentFilter): AttachmentPage {
    const { project_id, entity_type, entity_id, page } = filter;
    const owner: AttachmentOwner = { workspace, project_id, entity_type, entity_id };
    const { total, rows } = this.#store.page(owner, filter.size, offsetOf(filter));
    const content = rows.map(({ file_name, mime_type, size }) => ({
      link: urlUnder(filter.path, "download", {
        workspace_name: workspace,
        container_id: project_id,
        file_name,
        mime_type,
        entity_type,
        entity_id,
      }),
      file_name,
      file_size: size,
      mime_type,
    }));
    return { page, size: content.length, total, content, sortable_by: [] };
  }

  /** @throws OpikError 404 */
  find({ workspace }: Owner, { container_id: project_id, entity_type, entity_id, file_name }: WantedFile): FoundFile {
    const row = this.#store.find({ workspace, project_id, entity_type, entity_id }, file_name);
    if (row === undefined) throw OpikError.message(404, `Attachment '${file_name}' not found`);
    return { row, read: (start, end) => this.#files.read(row.file_id, { start, end }) };
  }

  /** The bytes of a file that belongs to a record; `undefined` when there is none of this name. */
  read(owner: FileOwner, fileName: string): Uint8Array | undefined {
    const row = this.#store.find(owner, fileName);
    return row && this.#files.readNow(row.file_id);
  }

  /** Deletes attachments of a trace or span; ignores those that do not exist. */
  delete({ workspace }: Owner, deletion: AttachmentDeletion): void {
    const { container_id: project_id, entity_type, entity_id, file_names } = deletion;
    const owner: AttachmentOwner = { workspace, project_id, entity_type, entity_id };
    const deleted = this.#context.database.transaction(() => {
      const files = file_names.flatMap((name) => this.#store.delete(owner, name));
      if (files.length > 0) this.#context.events.emit("attachments:written", { entity_type, entity_id, workspace });
      return files;
    });
    this.#deleteFiles(deleted);
  }

  /**
   * Deletes the attachments that are kept no longer than traces.
   * @returns whether there may be more to delete
   */
  deleteExpired(): boolean {
    const { clock, config } = this.#context;
    const deleted = this.#store.deleteCreated(clock.now() - config.traceTtlMs, EXPIRED_AT_ONCE);
    this.#deleteFiles(deleted);
    return deleted.length === EXPIRED_AT_ONCE;
  }

  #deleteOf(workspace: string, type: EntityType, ids: readonly string[]): void {
    const deleted = this.#context.database.transaction(() =>
      ids.flatMap((id) => this.#store.deleteOf(workspace, type, id)),
    );
    this.#deleteFiles(deleted);
  }

  #deleteFiles(ids: readonly string[]): void {
    for (const id of ids) this.#files.delete(id).catch(this.#context.reportError);
  }
}

/** @throws OpikError 400 */
function urlUnder(path: string, action: string, query: Readonly<Record<string, string>>): string {
  const base = Buffer.from(path, "base64url").toString();
  if (!URL.canParse(base)) throw OpikError.message(400, `'${path}' is not a URL in base64`);
  return `${base.replace(/\/$/, "")}/${PATH}/${action}?${new URLSearchParams(query).toString()}`;
}
