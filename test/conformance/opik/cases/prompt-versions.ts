import { type ConformanceCase, type Step, textAt } from "../../case.ts";
import { inAnyOrder, TIMESTAMP, UUID } from "../../expected.ts";

const PROMPTS = "/v1/private/prompts";
const VERSIONS = `${PROMPTS}/versions`;
const RETRIEVE = `POST ${VERSIONS}/retrieve`;
const BY_IDS = `POST ${VERSIONS}/retrieve-by-ids`;
const VERSION_NOT_FOUND = "Prompt version not found";
const ENVIRONMENTS = "POST /v1/private/environments";

/** Adds a version to the prompt `greet` of the case's own project; it is called `<one>`, the prompt `<prompt>`. */
const greet = (name: string, version: { template: string; [field: string]: unknown }): Step => ({
  send: `POST ${VERSIONS}`,
  body: { name: "greet", version, project_name: "<projectname>" },
  status: 200,
  match: { template: version.template },
  remember: { [name]: textAt("id"), [`${name}commit`]: textAt("commit"), prompt: textAt("prompt_id") },
});

const latest = (template: string): Step => ({
  send: RETRIEVE,
  body: { name: "greet", project_name: "<projectname>" },
  status: 200,
  match: { template },
});

const filtered = (filters: object[]): string =>
  `GET ${PROMPTS}/<prompt>/versions?filters=${encodeURIComponent(JSON.stringify(filters))}`;

/** Versions of prompts [opik 9.2]. */
export const promptVersionCases: readonly ConformanceCase[] = [
  {
    name: "a version is read by its id and by its number",
    steps: [
      greet("one", { template: "{{a}}" }),
      ...[`GET ${VERSIONS}/<one>`, `GET ${PROMPTS}/<prompt>/versions/by-number/v1`].map((send) => ({
        send,
        status: 200,
        json: {
          id: "<one>",
          prompt_id: "<prompt>",
          commit: "<onecommit>",
          version_number: "v1",
          template: "{{a}}",
          type: "mustache",
          version_type: "prompt_version",
          template_structure: "text",
          variables: ["a"],
          created_at: TIMESTAMP,
          created_by: "admin",
        },
      })),
      ...[
        `GET ${VERSIONS}/<unknown>`,
        `GET ${PROMPTS}/<prompt>/versions/by-number/v2`,
        `GET ${PROMPTS}/<unknown>/versions/by-number/v1`,
      ].map((send) => ({ send, status: 404, json: { code: 404, message: VERSION_NOT_FOUND } })),
      {
        send: `GET ${PROMPTS}/<prompt>/versions/by-number/1`,
        status: 400,
        errors: ["path param versionNumber must match v<N>"],
      },
      {
        send: `GET ${PROMPTS}/<prompt>/versions/by-number/v1234567890`,
        status: 400,
        errors: ["path param versionNumber cannot exceed 10 characters"],
      },
    ],
  },
  {
    name: "a prompt is read by the commit of a version",
    steps: [
      greet("one", { template: "one" }),
      greet("two", { template: "two" }),
      {
        send: `GET ${PROMPTS}/by-commit/<onecommit>`,
        status: 200,
        match: {
          id: "<prompt>",
          name: "greet",
          latest_version: { id: "<two>", template: "two" },
          requested_version: { id: "<one>", template: "one", version_number: "v1" },
        },
      },
      { send: `GET ${PROMPTS}/by-commit/00000000`, status: 404, json: { code: 404, message: VERSION_NOT_FOUND } },
      {
        send: `GET ${PROMPTS}/by-commit/abc`,
        status: 400,
        errors: ['path param commit must match "^[a-zA-Z0-9]{8}$"'],
      },
      {
        send: `POST ${PROMPTS}/retrieve-by-commits`,
        body: { commits: ["<twocommit>", "00000000", "<onecommit>"] },
        status: 200,
        json: [
          { commit: "<twocommit>", prompt_version_id: "<two>", prompt_id: "<prompt>", prompt_name: "greet" },
          { commit: "00000000" },
          { commit: "<onecommit>", prompt_version_id: "<one>", prompt_id: "<prompt>", prompt_name: "greet" },
        ],
      },
      {
        send: `POST ${PROMPTS}/retrieve-by-commits`,
        body: {},
        status: 422,
        errors: ["commits must not be null"],
      },
    ],
  },
  {
    name: "a commit that several prompts have names none of them",
    alone: true,
    steps: [
      greet("one", { commit: "same1234", template: "one" }),
      {
        send: `POST ${VERSIONS}`,
        body: { name: "other", version: { commit: "same1234", template: "two" }, project_name: "<projectname>" },
        status: 200,
        match: { commit: "same1234" },
      },
      {
        send: `GET ${PROMPTS}/by-commit/same1234`,
        status: 409,
        json: { code: 409, message: "Ambiguous commit: multiple prompt versions found for commit 'same1234'" },
      },
    ],
  },
  {
    name: "a mask is a version that lists do not have",
    steps: [
      greet("one", { template: "one" }),
      greet("mask", { template: "masked", version_type: "mask" }),
      {
        send: `GET ${VERSIONS}/<mask>`,
        status: 200,
        match: { id: "<mask>", prompt_id: "<prompt>", template: "masked", version_type: "mask" },
        absent: ["version_number"],
      },
      latest("one"),
      {
        send: RETRIEVE,
        body: { name: "greet", commit: "<maskcommit>", project_name: "<projectname>" },
        status: 404,
        message: VERSION_NOT_FOUND,
      },
      { send: `GET ${PROMPTS}/by-commit/<maskcommit>`, status: 404, message: VERSION_NOT_FOUND },
      {
        send: `GET ${PROMPTS}/<prompt>/versions`,
        status: 200,
        match: { total: 1, content: [{ id: "<one>" }] },
      },
      { send: `GET ${PROMPTS}/<prompt>`, status: 200, match: { version_count: 1, latest_version: { id: "<one>" } } },
      {
        send: `GET ${PROMPTS}/<prompt>?mask_id=<mask>`,
        status: 200,
        match: {
          latest_version: { id: "<one>" },
          requested_version: { id: "<mask>", template: "masked", version_type: "mask" },
        },
      },
      ...["<one>", "<unknown>"].map((id) => ({
        send: `GET ${PROMPTS}/<prompt>?mask_id=${id}`,
        status: 404,
        json: { code: 404, message: VERSION_NOT_FOUND },
      })),
      greet("two", { template: "two" }),
      { send: `GET ${VERSIONS}/<two>`, status: 200, match: { version_number: "v2" } },
    ],
  },
  {
    name: "versions are listed, the newest first, in pages",
    steps: [
      greet("one", { template: "Good morning", change_description: "First light", metadata: { k: "v" } }),
      greet("two", { template: "Good night", type: "jinja2", tags: ["dark"] }),
      greet("three", { template: "Hello" }),
      {
        send: `GET ${PROMPTS}/<prompt>/versions?size=2`,
        status: 200,
        json: {
          page: 1,
          size: 2,
          total: 3,
          content: [
            {
              id: "<three>",
              prompt_id: "<prompt>",
              commit: "<threecommit>",
              version_number: "v3",
              template: "Hello",
              type: "mustache",
              version_type: "prompt_version",
              template_structure: "text",
              created_at: TIMESTAMP,
              created_by: "admin",
            },
            {
              id: "<two>",
              prompt_id: "<prompt>",
              commit: "<twocommit>",
              version_number: "v2",
              template: "Good night",
              type: "jinja2",
              version_type: "prompt_version",
              tags: ["dark"],
              template_structure: "text",
              created_at: TIMESTAMP,
              created_by: "admin",
            },
          ],
          sortable_by: ["id", "commit", "template", "change_description", "type", "tags", "created_at", "created_by"],
        },
      },
      {
        send: `GET ${PROMPTS}/<prompt>/versions?size=2&page=2`,
        status: 200,
        match: { page: 2, size: 1, total: 3, content: [{ id: "<one>", metadata: { k: "v" } }] },
      },
      {
        send: `GET ${PROMPTS}/<prompt>/versions?search=good`,
        status: 200,
        match: { total: 2, content: [{ id: "<two>" }, { id: "<one>" }] },
      },
      {
        send: `GET ${PROMPTS}/<prompt>/versions?search=LIGHT`,
        status: 200,
        match: { total: 1, content: [{ id: "<one>" }] },
      },
      {
        send: `GET ${PROMPTS}/<prompt>/versions?sorting=${encodeURIComponent('[{"field":"template","direction":"DESC"}]')}`,
        status: 200,
        match: { content: [{ id: "<three>" }, { id: "<two>" }, { id: "<one>" }] },
      },
      {
        send: `GET ${PROMPTS}/<prompt>/versions?sorting=${encodeURIComponent('[{"field":"id","direction":"ASC"}]')}`,
        status: 200,
        match: { content: [{ id: "<one>" }, { id: "<two>" }, { id: "<three>" }] },
      },
      ...[
        { field: "tags", operator: "contains", value: "dark" },
        { field: "type", operator: "=", value: "jinja2" },
        { field: "template", operator: "ends_with", value: "NIGHT" },
        { field: "version_number", operator: "=", value: "2" },
        { field: "commit", operator: "=", value: "<twocommit>" },
      ].map((filter) => ({
        send: filtered([filter]).replace(encodeURIComponent("<twocommit>"), "<twocommit>"),
        status: 200,
        match: { size: 1, total: 1, content: [{ id: "<two>" }] },
      })),
      {
        send: filtered([{ field: "metadata", key: "k", operator: "=", value: "v" }]),
        status: 200,
        match: { total: 1, content: [{ id: "<one>" }] },
      },
      { send: `GET ${PROMPTS}/<unknown>/versions`, status: 200, match: { page: 1, size: 0, total: 0, content: [] } },
    ],
  },
  {
    name: "tags of versions are replaced or added to",
    steps: [
      greet("one", { template: "one", tags: ["a"] }),
      greet("two", { template: "two" }),
      {
        send: `PATCH ${VERSIONS}`,
        body: { ids: ["<one>", "<two>", "<unknown>"], update: { tags: ["b"] }, merge_tags: true },
        status: 204,
        text: "",
      },
      { send: `GET ${VERSIONS}/<one>`, status: 200, match: { tags: inAnyOrder("a", "b") } },
      { send: `GET ${VERSIONS}/<two>`, status: 200, match: { tags: ["b"] } },
      { send: `PATCH ${VERSIONS}`, body: { ids: ["<one>"], update: { tags: ["c"] } }, status: 204, text: "" },
      { send: `GET ${VERSIONS}/<one>`, status: 200, match: { tags: ["c"] } },
      { send: `PATCH ${VERSIONS}`, body: { ids: ["<one>"], update: {} }, status: 204, text: "" },
      { send: `GET ${VERSIONS}/<one>`, status: 200, match: { tags: ["c"] } },
      { send: `PATCH ${VERSIONS}`, body: { ids: ["<one>"], update: { tags: [] } }, status: 204, text: "" },
      { send: `GET ${VERSIONS}/<one>`, status: 200, match: { tags: [] } },
      {
        send: `PATCH ${VERSIONS}`,
        body: {},
        status: 422,
        errors: ["ids must not be empty", "update must not be null"],
      },
      {
        send: `PATCH ${VERSIONS}`,
        body: { ids: ["<one>"], update: { tags: ["x".repeat(101)] } },
        status: 422,
        errors: ["update.tags[].<iterable element> Tag cannot exceed 100 characters"],
      },
      {
        send: `PATCH ${VERSIONS}`,
        body: { ids: ["<one>"], update: { tags: Array.from({ length: 51 }, (_, index) => `t${index}`) } },
        status: 422,
        errors: ["update.tags Cannot have more than 50 tags"],
      },
    ],
  },
  {
    name: "versions are read by their ids, those that exist",
    steps: [
      greet("one", { template: "one" }),
      greet("mask", { template: "masked", version_type: "mask" }),
      {
        send: BY_IDS,
        body: { ids: ["<mask>", "<unknown>", "<one>"] },
        status: 200,
        match: [
          { id: "<mask>", template: "masked", version_type: "mask" },
          { id: "<one>", template: "one", variables: [] },
        ],
      },
      { send: BY_IDS, body: { ids: [] }, status: 422, errors: ["ids must not be empty"] },
    ],
  },
  {
    name: "an old version is restored as a new one",
    steps: [
      greet("one", { template: "{{a}}", type: "python", metadata: { k: 1 }, tags: ["t"] }),
      greet("two", { template: "two" }),
      {
        send: `POST ${PROMPTS}/<prompt>/versions/<one>/restore`,
        status: 200,
        match: {
          id: UUID,
          prompt_id: "<prompt>",
          version_number: "v3",
          template: "{{a}}",
          type: "python",
          metadata: { k: 1 },
          change_description: "Restored from version <onecommit>",
        },
        absent: ["tags"],
      },
      latest("{{a}}"),
      {
        send: `POST ${PROMPTS}/<prompt>/versions/<unknown>/restore`,
        status: 404,
        json: { code: 404, message: VERSION_NOT_FOUND },
      },
      {
        send: `POST ${PROMPTS}/<unknown>/versions/<one>/restore`,
        status: 404,
        json: { code: 404, message: "Prompt version not found for the specified prompt" },
      },
    ],
  },
  {
    name: "an environment uses one version of a prompt",
    alone: true,
    steps: [
      { send: ENVIRONMENTS, body: { name: "staging" }, status: 201 },
      { send: ENVIRONMENTS, body: { name: "production" }, status: 201 },
      greet("one", { template: "one", environments: ["staging", "production"] }),
      { send: `GET ${VERSIONS}/<one>`, status: 200, match: { environments: inAnyOrder("production", "staging") } },
      greet("two", { template: "two", environment: "staging" }),
      { send: `GET ${VERSIONS}/<one>`, status: 200, match: { environments: ["production"] } },
      { send: `GET ${VERSIONS}/<two>`, status: 200, match: { environments: ["staging"] } },
      {
        send: `PATCH ${VERSIONS}/<two>/environments`,
        body: { environments: ["production", "production"] },
        status: 204,
        text: "",
      },
      { send: `GET ${VERSIONS}/<one>`, status: 200, match: { id: "<one>" }, absent: ["environments"] },
      { send: `GET ${VERSIONS}/<two>`, status: 200, match: { environments: ["production"] } },
      {
        send: `GET ${PROMPTS}/<prompt>?environment=production`,
        status: 200,
        match: { latest_version: { id: "<two>" }, requested_version: { id: "<two>" } },
      },
      {
        send: `GET ${PROMPTS}/<prompt>?environment=staging`,
        status: 404,
        json: { code: 404, message: VERSION_NOT_FOUND },
      },
      {
        send: `GET ${PROMPTS}/<prompt>?environment=production&mask_id=<two>`,
        status: 400,
        json: { code: 400, message: "mask_id and environment are mutually exclusive" },
      },
      {
        send: `GET ${PROMPTS}/<prompt>?environment=a%20b`,
        status: 400,
        errors: ["query param environment must match '^[A-Za-z0-9_-]+$'"],
      },
      {
        send: `GET ${PROMPTS}/<prompt>/versions`,
        status: 200,
        match: { content: [{ id: "<two>", environments: ["production"] }, { id: "<one>" }] },
      },
      { send: `PATCH ${VERSIONS}/<two>/environments`, body: { environments: [] }, status: 204, text: "" },
      { send: `GET ${VERSIONS}/<two>`, status: 200, match: { id: "<two>" }, absent: ["environments"] },
    ],
  },
  {
    name: "a version makes the environments that it names",
    alone: true,
    steps: [
      greet("one", { template: "one", environments: ["new-one", "new-two"] }),
      { send: `GET ${VERSIONS}/<one>`, status: 200, match: { environments: inAnyOrder("new-one", "new-two") } },
      {
        send: "GET /v1/private/environments",
        status: 200,
        match: { total: 2, content: [{ name: "new-one" }, { name: "new-two" }] },
      },
    ],
  },
  {
    name: "the environments of a version are checked",
    alone: true,
    steps: [
      { send: ENVIRONMENTS, body: { name: "staging" }, status: 201 },
      greet("one", { template: "one", environments: ["staging"] }),
      {
        send: `PATCH ${VERSIONS}/<one>/environments`,
        body: { environments: ["staging", "nowhere"] },
        status: 409,
        json: { code: 409, message: "Environments do not exist in the workspace: '[nowhere]'" },
      },
      { send: `GET ${PROMPTS}/<prompt>`, status: 200, match: { version_count: 1 } },
      {
        send: `PATCH ${VERSIONS}/<one>/environments`,
        body: {},
        status: 422,
        errors: ["environments must not be null"],
      },
      {
        send: `PATCH ${VERSIONS}/<one>/environments`,
        body: { environments: Array.from({ length: 101 }, (_, index) => `e${index}`) },
        status: 422,
        errors: ["environments cannot exceed 100 environments"],
      },
      {
        send: `PATCH ${VERSIONS}/<unknown>/environments`,
        body: { environments: ["staging"] },
        status: 404,
        json: { code: 404, message: VERSION_NOT_FOUND },
      },
      { send: `GET ${VERSIONS}/<one>`, status: 200, match: { environments: ["staging"] } },
    ],
  },
];
