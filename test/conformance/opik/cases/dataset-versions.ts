import type { Reply } from "../../../support/call.ts";
import type { ConformanceCase, Step } from "../../case.ts";
import { HASH, TIMESTAMP, UUID } from "../../expected.ts";
import { dataset, datasetItems, newIds } from "../given.ts";

const DATASETS = "/v1/private/datasets";
const ITEMS = `${DATASETS}/items`;
const VERSIONS = `${DATASETS}/<dataset>/versions`;
const CHANGES = `POST ${DATASETS}/<dataset>/items/changes`;
const OCTETS = { "content-type": "application/octet-stream" };

interface Version {
  id: string;
  version_hash: string;
}

/** The newest version of a list. */
const newest = (reply: Reply): Version => (reply.json as { content: Version[] }).content[0]!;

/** `<version>` and `<hash>`: the latest version of `<dataset>`. */
const latest: Step = {
  send: `GET ${VERSIONS}?size=1`,
  status: 200,
  match: { size: 1, content: [{ is_latest: true }] },
  remember: { version: (reply) => newest(reply).id, hash: (reply) => newest(reply).version_hash },
};

/** Says which items the latest version has, as they are listed. */
const has = (...names: string[]): Step => ({
  send: `GET ${DATASETS}/<dataset>/items`,
  status: 200,
  match: { total: names.length, content: names.map((name) => ({ id: `<${name}>` })) },
});

const write = (group: string | undefined, ...items: object[]): Step => ({
  send: `PUT ${ITEMS}`,
  body: { dataset_id: "<dataset>", batch_group_id: group, items },
  status: 204,
});

const item = (name: string, data: object = { q: name }): object => ({ id: `<${name}>`, source: "sdk", data });

/** Versions of datasets [opik 10.3]. */
export const datasetVersionCases: readonly ConformanceCase[] = [
  {
    name: "a version is made for each group of requests",
    given: [dataset(), datasetItems("one"), newIds("two", "three", "four", "next")],
    steps: [
      {
        send: `GET ${VERSIONS}`,
        status: 200,
        json: {
          page: 1,
          size: 1,
          total: 1,
          content: [
            {
              id: UUID,
              dataset_id: "<dataset>",
              version_hash: HASH,
              version_name: "v1",
              tags: ["latest"],
              is_latest: true,
              items_total: 1,
              items_added: 1,
              items_modified: 0,
              items_deleted: 0,
              change_description: "Auto-created from SDK batch operation",
              created_at: TIMESTAMP,
              created_by: "admin",
              last_updated_at: TIMESTAMP,
              last_updated_by: "admin",
            },
          ],
        },
      },
      write("<group>", item("two")),
      write("<next>", item("three"), item("one", { q: "new" })),
      write("<next>", item("four")),
      {
        send: `POST ${ITEMS}/delete`,
        body: { item_ids: ["<two>"], batch_group_id: "<next>" },
        status: 204,
      },
      {
        send: `GET ${VERSIONS}`,
        status: 200,
        match: {
          total: 2,
          content: [
            {
              version_name: "v2",
              tags: ["latest"],
              items_total: 3,
              items_added: 2,
              items_modified: 1,
              items_deleted: 1,
            },
            { version_name: "v1", tags: [], is_latest: false, items_total: 2, items_added: 2, items_modified: 0 },
          ],
        },
      },
      has("four", "three", "one"),
    ],
  },
  {
    name: "what a late request of a group writes is in its version only",
    given: [dataset(), datasetItems("one"), newIds("two", "late", "next")],
    steps: [
      latest,
      write("<next>", item("two")),
      write("<group>", item("late"), item("one", { q: "late" })),
      has("two", "one"),
      { send: `GET ${ITEMS}/<one>`, status: 200, match: { data: { q: "one" } } },
      {
        send: `GET ${DATASETS}/<dataset>/items?version=<hash>`,
        status: 200,
        match: { total: 2, content: [{ id: "<late>" }, { id: "<one>", data: { q: "late" } }] },
      },
    ],
  },
  {
    name: "a deletion of a new group makes a version, and the one before keeps the items",
    given: [dataset(), datasetItems("one", "two"), newIds("next", "third")],
    steps: [
      latest,
      { send: `POST ${ITEMS}/delete`, body: { item_ids: ["<one>"], batch_group_id: "<next>" }, status: 204 },
      has("two"),
      {
        send: `GET ${DATASETS}/<dataset>/items?version=<hash>`,
        status: 200,
        match: { total: 2, content: [{ id: "<two>" }, { id: "<one>" }] },
      },
      {
        send: `POST ${ITEMS}/stream`,
        body: { dataset_name: "<datasetname>", dataset_version: "<hash>", steam_limit: 1, last_retrieved_id: "<two>" },
        status: 200,
        match: { id: "<one>" },
        answerHeaders: OCTETS,
      },
      { send: `POST ${ITEMS}/delete`, body: { dataset_id: "<dataset>", batch_group_id: "<third>" }, status: 204 },
      {
        send: `GET ${VERSIONS}?size=2`,
        status: 200,
        match: {
          total: 3,
          content: [
            { version_name: "v3", items_total: 0, items_deleted: 1, change_description: "Deleted 1 item" },
            { version_name: "v2", items_total: 1, items_deleted: 1 },
          ],
        },
      },
    ],
  },
  {
    name: "a version is found by its name",
    given: [dataset(), datasetItems("one")],
    steps: [
      latest,
      {
        send: `POST ${VERSIONS}/retrieve`,
        body: { version_name: "v1" },
        status: 200,
        json: {
          id: "<version>",
          dataset_id: "<dataset>",
          version_hash: "<hash>",
          version_name: "v1",
          tags: ["latest"],
          is_latest: true,
          items_total: 1,
          items_added: 1,
          items_modified: 0,
          items_deleted: 0,
          change_description: "Auto-created from SDK batch operation",
          created_at: TIMESTAMP,
          created_by: "admin",
          last_updated_at: TIMESTAMP,
          last_updated_by: "admin",
        },
      },
      {
        send: `POST ${VERSIONS}/retrieve`,
        body: { version_name: "v2" },
        status: 404,
        message: "Version 'v2' not found for dataset '<dataset>'",
      },
      ...["", "two", "v"].map((name) => ({
        send: `POST ${VERSIONS}/retrieve`,
        body: { version_name: name },
        status: 422,
        errors: [
          ...(name === "" ? ["versionName must not be blank"] : []),
          "versionName must be in format 'vN' (e.g., 'v1', 'v373')",
        ],
      })),
    ],
  },
  {
    name: "versions have descriptions and tags, each tag once in a dataset",
    given: [dataset(), datasetItems("one")],
    steps: [
      latest,
      { send: `GET ${VERSIONS}/hash/<hash>`, status: 200, match: { id: "<version>", version_hash: "<hash>" } },
      {
        send: `GET ${VERSIONS}/hash/unknown1`,
        status: 404,
        message: "Version with hash not found hash='unknown1' datasetId='<dataset>'",
      },
      {
        send: `PATCH ${VERSIONS}/hash/<hash>`,
        body: { change_description: "First", tags_to_add: ["base", "base"] },
        status: 200,
        match: { id: "<version>", change_description: "First", tags: ["latest", "base"] },
      },
      { send: `POST ${VERSIONS}/hash/<hash>/tags`, body: { tag: "more" }, status: 204 },
      {
        send: `GET ${DATASETS}/<dataset>/items?version=more`,
        status: 200,
        match: { total: 1, content: [{ id: "<one>" }] },
      },
      { send: `DELETE ${VERSIONS}/<hash>/tags/base`, status: 204 },
      {
        send: `GET ${VERSIONS}`,
        status: 200,
        match: { content: [{ change_description: "First", tags: ["latest", "more"] }] },
      },
      { send: `DELETE ${VERSIONS}/<hash>/tags/base`, status: 204 },
      ...["more", "latest"].map((tag) => ({
        send: `POST ${VERSIONS}/hash/<hash>/tags`,
        body: { tag },
        status: 409,
        errors: [`Tag already exists for this dataset, tag='${tag}'`],
      })),
      {
        send: `PATCH ${VERSIONS}/hash/<hash>`,
        body: { tags_to_add: ["more"] },
        status: 409,
        errors: ["One or more tags already exist for this dataset"],
      },
      {
        send: `DELETE ${VERSIONS}/<hash>/tags/latest`,
        status: 400,
        errors: ["Cannot delete 'latest' tag - it is automatically managed"],
      },
      { send: `POST ${VERSIONS}/hash/<hash>/tags`, body: {}, status: 422, errors: ["tag must not be blank"] },
      {
        send: `POST ${VERSIONS}/hash/<hash>/tags`,
        body: { tag: "t".repeat(101) },
        status: 422,
        errors: ["tag cannot exceed 100 characters"],
      },
      ...[
        { send: `POST ${VERSIONS}/hash/none/tags`, body: { tag: "x" } },
        { send: `PATCH ${VERSIONS}/hash/none`, body: {} },
      ].map((request) => ({
        ...request,
        status: 404,
        message: "Version with hash not found hash='none' datasetId='<dataset>'",
      })),
    ],
  },
  {
    name: "a version is restored as a new one",
    given: [dataset(), datasetItems("one", "two"), newIds("three", "next")],
    steps: [
      latest,
      { send: `POST ${VERSIONS}/restore`, body: { version_ref: "latest" }, status: 200, match: { version_name: "v1" } },
      write("<next>", item("three"), item("one", { q: "new" })),
      {
        send: `POST ${VERSIONS}/restore`,
        body: { version_ref: "<hash>" },
        status: 200,
        match: {
          version_name: "v3",
          items_total: 2,
          items_added: 0,
          items_modified: 1,
          items_deleted: 1,
          change_description: "Restored from version: <hash>",
        },
      },
      has("two", "one"),
      { send: `GET ${ITEMS}/<one>`, status: 200, match: { data: { q: "one" } } },
      {
        send: `POST ${VERSIONS}/restore`,
        body: { version_ref: "none" },
        status: 404,
        message: "Version not found for dataset hash='none' datasetId='<dataset>'",
      },
      { send: `POST ${VERSIONS}/restore`, body: {}, status: 422, errors: ["versionRef must not be blank"] },
    ],
  },
  {
    name: "the draft is the latest version",
    given: [dataset()],
    steps: [
      {
        send: `GET ${VERSIONS}/diff`,
        status: 404,
        message: "Version not found for dataset hash='latest' datasetId='<dataset>'",
      },
      write(undefined, { source: "sdk", data: { a: 1 } }, { source: "sdk", data: { b: 1 } }),
      {
        send: `GET ${VERSIONS}/diff`,
        status: 200,
        json: {
          from_version: "latest",
          to_version: "draft",
          statistics: { items_added: 0, items_modified: 0, items_deleted: 0, items_unchanged: 2 },
        },
      },
    ],
  },
  {
    name: "a list of changes makes a version",
    given: [dataset(), datasetItems("one", "two", "three")],
    steps: [
      latest,
      {
        send: `${CHANGES}`,
        body: {
          base_version: "<version>",
          added_items: [{ source: "manual", data: { q: "added" } }],
          edited_items: [{ id: "<one>", data: { q: "edited" }, tags: ["t"] }, { id: "<unknown>" }],
          deleted_ids: ["<two>"],
          tags: ["mine"],
          change_description: "Mine",
          metadata: { a: "b" },
          evaluators: [{ name: "judge", type: "llm_judge", config: { a: 1 } }],
          execution_policy: { runs_per_item: 2, pass_threshold: 1 },
        },
        status: 201,
        json: {
          id: UUID,
          dataset_id: "<dataset>",
          version_hash: HASH,
          version_name: "v2",
          tags: ["latest", "mine"],
          is_latest: true,
          items_total: 3,
          items_added: 1,
          items_modified: 1,
          items_deleted: 1,
          change_description: "Mine",
          metadata: { a: "b" },
          evaluators: [{ name: "judge", type: "llm_judge", config: { a: 1 } }],
          execution_policy: { runs_per_item: 2, pass_threshold: 1 },
          created_at: TIMESTAMP,
          created_by: "admin",
          last_updated_at: TIMESTAMP,
          last_updated_by: "admin",
        },
      },
      { send: `GET ${ITEMS}/<one>`, status: 200, match: { data: { q: "edited" }, tags: ["t"] } },
      latest,
      {
        send: CHANGES,
        body: { base_version: "<version>", clear_execution_policy: true, deleted_ids: ["<one>", "<three>"] },
        status: 201,
        match: { version_name: "v3", items_total: 1, evaluators: [{ name: "judge" }] },
        absent: ["execution_policy", "metadata"],
      },
      {
        send: `GET ${DATASETS}/<dataset>/items`,
        status: 200,
        match: { total: 1, content: [{ source: "manual", data: { q: "added" } }] },
      },
    ],
  },
  {
    name: "changes begin with the latest version, unless they are forced",
    given: [dataset(), datasetItems("one"), newIds("two", "next")],
    steps: [
      latest,
      write("<next>", item("two")),
      {
        send: CHANGES,
        body: { base_version: "<version>" },
        status: 409,
        errors: ["Version conflict: baseVersion is not the latest. Use override=true to force creation."],
      },
      {
        send: `${CHANGES}?override=true`,
        body: { base_version: "<version>" },
        status: 201,
        match: { version_name: "v3", items_total: 1, items_added: 0, items_deleted: 0 },
      },
      has("one"),
      {
        send: CHANGES,
        body: {},
        status: 400,
        message: "baseVersion is required. Use override=true to create the first version without a base.",
      },
      {
        send: `${CHANGES}?override=true`,
        body: {},
        status: 400,
        message: "baseVersion is required when the dataset already has versions.",
      },
      {
        send: CHANGES,
        body: { base_version: "<unknown>" },
        status: 404,
        message: "Version not found for dataset hash='<unknown>' datasetId='<dataset>'",
      },
      {
        send: CHANGES,
        body: { base_version: "<version>", copy_from_version_id: "<version>" },
        status: 400,
        message: "copy_from_dataset_id and copy_from_version_id must be provided together",
      },
      {
        send: `POST ${DATASETS}/<unknown>/items/changes`,
        body: {},
        status: 404,
        errors: ["Dataset not found"],
      },
    ],
  },
  {
    name: "the first version can be made without items",
    given: [dataset()],
    steps: [
      {
        send: `${CHANGES}?override=true`,
        body: { added_items: [{ source: "sdk", data: { a: 1 } }] },
        status: 400,
        message: "addedItems, editedItems, and deletedIds must be empty when baseVersion is null.",
      },
      {
        send: `${CHANGES}?override=true`,
        body: { change_description: "Suite", execution_policy: { runs_per_item: 2, pass_threshold: 1 } },
        status: 201,
        match: { version_name: "v1", items_total: 0, execution_policy: { runs_per_item: 2, pass_threshold: 1 } },
      },
    ],
  },
  {
    name: "a version begins with the items of another dataset",
    given: [dataset(), datasetItems("one", "two"), dataset("second"), newIds("three")],
    steps: [
      latest,
      {
        send: `PUT ${ITEMS}`,
        body: {
          dataset_id: "<second>",
          items: [item("three")],
          batch_group_id: "<group>",
          copy_from_dataset_id: "<dataset>",
          copy_from_version_id: "<version>",
        },
        status: 204,
      },
      {
        send: `GET ${DATASETS}/<second>/items`,
        status: 200,
        match: { total: 3, content: [{ id: "<three>" }, { id: "<two>" }, { id: "<one>", dataset_id: "<second>" }] },
      },
      {
        send: `PUT ${ITEMS}`,
        body: {
          dataset_id: "<second>",
          items: [item("three")],
          batch_group_id: "<three>",
          copy_from_dataset_id: "<dataset>",
          copy_from_version_id: "<unknown>",
        },
        status: 404,
        message: "Version not found for dataset hash='<unknown>' datasetId='<dataset>'",
      },
    ],
  },
];
