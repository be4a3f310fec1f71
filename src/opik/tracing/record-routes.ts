import type { Route } from "../../http/route.ts";
import type { Schema } from "../../http/schema.ts";
import { pathUuid, queryBoolean } from "../wire/parameters.ts";
import type { DefineOpikRoute } from "../wire/route.ts";
import type { BatchUpdate } from "./batch.ts";
import type { CommonColumns } from "./fields.ts";
import type { RecordService } from "./record-service.ts";
import type { RecordUpdate, RecordWrite } from "./schema.ts";

/** A kind of record on the wire. */
export interface RecordWire<Write, Update, Shown extends object> {
  path: string;
  /** The singular and the plural in the OpenAPI document. */
  names: { one: "Trace" | "Span"; several: "Traces" | "Spans" };
  batch: Schema<Write[]>;
  write: Schema<Write>;
  update: Schema<Update>;
  batchUpdate: Schema<BatchUpdate<Update>>;
  shown: Schema<Shown>;
}

const pathParameters = { id: pathUuid };

/** Write records one by one or in batches, update and get them. */
export function recordRoutes<Write extends RecordWrite, Update extends RecordUpdate, Shown extends object>(
  route: DefineOpikRoute,
  wire: RecordWire<Write, Update, Shown>,
  records: RecordService<CommonColumns, Write, Update, Shown>,
): Route[] {
  const { path: base, names } = wire;
  const tag = names.several;
  const noun = names.one.toLowerCase();
  return [
    route({
      method: "POST",
      path: `${base}/batch`,
      id: `create${names.several}`,
      tag,
      summary: `Create ${noun}s`,
      body: wire.batch,
      responses: { 204: undefined },
      handle: ({ owner, body }) => {
        records.createBatch(owner, body);
        return { status: 204 };
      },
    }),
    route({
      method: "POST",
      path: base,
      id: `create${names.one}`,
      tag,
      summary: `Create ${noun}`,
      body: wire.write,
      responses: { 201: undefined },
      handle: ({ owner, body, origin }) => {
        const id = records.create(owner, body);
        return { status: 201, headers: { location: `${origin}${base}/${id}` } };
      },
    }),
    route({
      method: "PATCH",
      path: `${base}/batch`,
      id: `batchUpdate${names.several}`,
      tag,
      summary: `Batch update ${noun}s`,
      body: wire.batchUpdate,
      responses: { 204: undefined },
      handle: ({ owner, body }) => {
        records.updateBatch(owner, body);
        return { status: 204 };
      },
    }),
    route({
      method: "PATCH",
      path: `${base}/:id`,
      id: `update${names.one}`,
      tag,
      summary: `Update ${noun} by id`,
      pathParameters,
      body: wire.update,
      responses: { 204: undefined },
      handle: ({ owner, path, body }) => {
        records.update(owner, path.id, body);
        return { status: 204 };
      },
    }),
    route({
      method: "GET",
      path: `${base}/:id`,
      id: `get${names.one}ById`,
      tag,
      summary: `Get ${noun} by id`,
      pathParameters,
      query: { strip_attachments: queryBoolean },
      responses: { 200: wire.shown },
      handle: ({ owner, path, query }) => ({ status: 200, body: records.get(owner, path.id, query) }),
    }),
  ];
}
