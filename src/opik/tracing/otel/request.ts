import { decodeJson } from "../../../core/json-encoding.ts";
import { parseJsonInSlices } from "../../../core/json.ts";
import { OpikError } from "../../wire/errors.ts";

/** A value of an attribute: the one that is set, or none. 64-bit numbers are text. */
export interface OtelValue {
  string_value?: string;
  bool_value?: boolean;
  int_value?: string;
  double_value?: number;
  array_value?: { values: OtelValue[] };
  kvlist_value?: { values: OtelAttribute[] };
  bytes_value?: Uint8Array;
}

export interface OtelAttribute {
  key?: string;
  value?: OtelValue;
}

export interface OtelEvent {
  /** Nanoseconds since the epoch. */
  time_unix_nano?: string;
  name?: string;
  attributes: OtelAttribute[];
}

export interface OtelSpan {
  trace_id?: Uint8Array;
  span_id?: Uint8Array;
  parent_span_id?: Uint8Array;
  name?: string;
  /** Nanoseconds since the epoch. */
  start_time_unix_nano?: string;
  end_time_unix_nano?: string;
  attributes: OtelAttribute[];
  events: OtelEvent[];
  /** The code 2 is an error. */
  status?: { code?: number; message?: string };
}

/** What an exporter of traces sends. */
export interface ExportRequest {
  resource_spans: Array<{ scope_spans: Array<{ scope?: { name?: string }; spans: OtelSpan[] }> }>;
}

const OBJECT_OPTIONS = { longs: String, enums: Number, arrays: true } as const;

/**
 * Reads what an exporter of traces sends: protobuf, or its JSON form, in which ids are base64 [opik 7.16]. Fields that
 * are not known are ignored.
 * @throws OpikError 400, JsonSyntaxError
 */
export async function readExportRequest(bytes: Buffer, isJson: boolean): Promise<ExportRequest> {
  // Loaded when they are needed, because few servers receive such requests.
  const { EXPORT_REQUEST } = await import("./messages.ts");
  const json = isJson ? await readJson(bytes) : undefined;
  const { fromJson } = (await import("protobufjs/ext/protojson.js")).default;
  try {
    const message = isJson
      ? fromJson(EXPORT_REQUEST, json, { ignoreUnknownFields: true })
      : EXPORT_REQUEST.decode(bytes);
    return EXPORT_REQUEST.toObject(message, OBJECT_OPTIONS) as ExportRequest;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw OpikError.message(400, `The body is not an ExportTraceServiceRequest: ${reason}`);
  }
}

/** JSON may be a text that holds JSON. */
async function readJson(bytes: Buffer): Promise<unknown> {
  const json = await parseJsonInSlices(decodeJson(bytes));
  return typeof json === "string" ? parseJsonInSlices(json) : json;
}
