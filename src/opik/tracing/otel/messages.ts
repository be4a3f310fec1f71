import protobuf from "protobufjs/light.js";

/*
 * The messages of the OpenTelemetry protocol that carry spans (opentelemetry-proto 1.x): of each the fields that are
 * read, with their numbers. Others are skipped, as the protocol demands of receivers.
 */

const one = (type: string, id: number): protobuf.IField => ({ type, id });
const many = (type: string, id: number): protobuf.IField => ({ rule: "repeated", type, id });

const MESSAGES: protobuf.INamespace = {
  nested: {
    ExportTraceServiceRequest: { fields: { resource_spans: many("ResourceSpans", 1) } },
    ResourceSpans: { fields: { scope_spans: many("ScopeSpans", 2) } },
    ScopeSpans: { fields: { scope: one("InstrumentationScope", 1), spans: many("Span", 2) } },
    InstrumentationScope: { fields: { name: one("string", 1) } },
    Span: {
      fields: {
        trace_id: one("bytes", 1),
        span_id: one("bytes", 2),
        parent_span_id: one("bytes", 4),
        name: one("string", 5),
        start_time_unix_nano: one("fixed64", 7),
        end_time_unix_nano: one("fixed64", 8),
        attributes: many("KeyValue", 9),
        events: many("Event", 11),
        status: one("Status", 15),
      },
    },
    Event: { fields: { time_unix_nano: one("fixed64", 1), name: one("string", 2), attributes: many("KeyValue", 3) } },
    Status: { fields: { message: one("string", 2), code: one("StatusCode", 3) } },
    StatusCode: { values: { STATUS_CODE_UNSET: 0, STATUS_CODE_OK: 1, STATUS_CODE_ERROR: 2 } },
    KeyValue: { fields: { key: one("string", 1), value: one("AnyValue", 2) } },
    AnyValue: {
      oneofs: {
        value: {
          oneof: [
            "string_value",
            "bool_value",
            "int_value",
            "double_value",
            "array_value",
            "kvlist_value",
            "bytes_value",
          ],
        },
      },
      fields: {
        string_value: one("string", 1),
        bool_value: one("bool", 2),
        int_value: one("int64", 3),
        double_value: one("double", 4),
        array_value: one("ArrayValue", 5),
        kvlist_value: one("KeyValueList", 6),
        bytes_value: one("bytes", 7),
      },
    },
    ArrayValue: { fields: { values: many("AnyValue", 1) } },
    KeyValueList: { fields: { values: many("KeyValue", 1) } },
  },
};

/** The request of an exporter of traces. */
export const EXPORT_REQUEST = protobuf.Root.fromJSON(MESSAGES).lookupType("ExportTraceServiceRequest");
