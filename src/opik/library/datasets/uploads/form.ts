import { isUuid } from "../../../../core/ids.ts";
import { OpikError } from "../../../wire/errors.ts";

/** The fields of an uploaded form besides its file. */
export interface UploadForm {
  file: Blob;
  datasetId: string;
  /** The field `format`, if it is there. */
  format: string | undefined;
}

/**
 * Reads a form (`multipart/form-data`) with a file and the dataset that it is for.
 * @throws OpikError 400 for a form that cannot be read or lacks a field
 */
export async function readUploadForm(bytes: Buffer, contentType: string | null): Promise<UploadForm> {
  const form = await formOf(bytes, contentType ?? "");
  const file = form.get("file");
  if (file === null) throw OpikError.errors(400, "file must not be null");
  const datasetId = form.get("dataset_id");
  if (datasetId === null) throw OpikError.errors(400, "dataset_id must not be null");
  if (typeof datasetId !== "string" || !isUuid(datasetId)) throw OpikError.message(400, "HTTP 400 Bad Request");
  const format = form.get("format");
  return {
    file: typeof file === "string" ? new Blob([file]) : file,
    datasetId: datasetId.toLowerCase(),
    format: typeof format === "string" ? format : undefined,
  };
}

async function formOf(bytes: Buffer, contentType: string): Promise<FormData> {
  try {
    return await new Response(new Uint8Array(bytes), { headers: { "content-type": contentType } }).formData();
  } catch {
    throw OpikError.message(400, "HTTP 400 Bad Request");
  }
}
