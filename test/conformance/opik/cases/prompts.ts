import { type ConformanceCase, idInLocation, textAt } from "../../case.ts";
import { COMMIT, inAnyOrder, TIMESTAMP, UUID } from "../../expected.ts";
import { newIds } from "../given.ts";

const PROMPTS = "/v1/private/prompts";
const CREATE = `POST ${PROMPTS}`;
const VERSIONS = `POST ${PROMPTS}/versions`;
const RETRIEVE = `POST ${PROMPTS}/versions/retrieve`;
const NOT_FOUND = "Prompt not found";
const VERSION_NOT_FOUND = "Prompt version not found";
const TAKEN = "Prompt id or name already exists";
const STAMPS = { created_at: TIMESTAMP, created_by: "admin", last_updated_at: TIMESTAMP, last_updated_by: "admin" };
const NO_VERSION_7 = "0190babc-62a0-41d2-832a-0feffa4676eb";

/** A prompt in the case's own project. */
const inProject = { project_name: "<projectname>" };

/** Adds a version to the prompt `greet` of the case's own project. */
const greet = (version: object): { send: string; body: object } => ({
  send: VERSIONS,
  body: { name: "greet", version, ...inProject },
});

const listed = (filters: object[], rest = ""): string =>
  `GET ${PROMPTS}?project_id=<project>&filters=${encodeURIComponent(JSON.stringify(filters))}${rest}`;

/** Prompts [opik 9.2]. */
export const promptCases: readonly ConformanceCase[] = [
  {
    name: "a prompt is made with its first version, and read",
    given: [newIds("chosen")],
    steps: [
      {
        send: CREATE,
        body: {
          id: "<chosen>",
          name: "greet",
          description: "Says hello",
          template: "Hello {{name}}",
          metadata: { b: 1, a: [1.5] },
          change_description: "First",
          type: "mustache",
          template_structure: "text",
          tags: ["x", "x", "y"],
          ...inProject,
        },
        status: 201,
        text: "",
        answerHeaders: { location: /^https?:\/\/[^/]+\/(?:api\/)?v1\/private\/prompts\/[0-9a-f-]{36}$/ },
        remember: { made: idInLocation },
      },
      {
        send: `GET ${PROMPTS}/<chosen>`,
        status: 200,
        json: {
          id: "<made>",
          name: "greet",
          project_id: "<project>",
          description: "Says hello",
          template_structure: "text",
          tags: inAnyOrder("x", "y"),
          ...STAMPS,
          version_count: 1,
          latest_version: {
            id: UUID,
            prompt_id: "<chosen>",
            commit: COMMIT,
            version_number: "v1",
            template: "Hello {{name}}",
            metadata: { b: 1, a: [1.5] },
            type: "mustache",
            version_type: "prompt_version",
            change_description: "First",
            template_structure: "text",
            variables: ["name"],
            created_at: TIMESTAMP,
            created_by: "admin",
          },
        },
        remember: {
          commit: ({ json }) => (json as { latest_version: { commit: string } }).latest_version.commit,
        },
      },
      {
        send: RETRIEVE,
        body: { name: "greet", commit: "<commit>", ...inProject },
        status: 200,
        match: { commit: "<commit>", version_number: "v1" },
      },
    ],
  },
  {
    name: "a prompt without a template has no version",
    steps: [
      {
        send: CREATE,
        body: { name: "empty", template_structure: "CHAT", ...inProject },
        status: 201,
        remember: { made: idInLocation },
      },
      {
        send: `GET ${PROMPTS}/<made>`,
        status: 200,
        json: {
          id: "<made>",
          name: "empty",
          project_id: "<project>",
          template_structure: "chat",
          ...STAMPS,
          version_count: 0,
        },
      },
      { send: RETRIEVE, body: { name: "empty", ...inProject }, status: 404, message: VERSION_NOT_FOUND },
      {
        send: CREATE,
        body: { name: "other", template_structure: "novel", ...inProject },
        status: 201,
        remember: { other: idInLocation },
      },
      { send: `GET ${PROMPTS}/<other>`, status: 200, match: { template_structure: "text" } },
    ],
  },
  {
    name: "a prompt is checked before it is made",
    steps: [
      { send: CREATE, body: {}, status: 422, errors: ["name must not be blank"] },
      {
        send: CREATE,
        body: { name: " ", description: " ", template: "", project_name: " " },
        status: 422,
        errors: [
          "name must not be blank",
          "description must not be blank",
          "template must not be blank",
          "projectName must not be blank",
        ],
      },
      {
        send: CREATE,
        body: { name: "a", description: "x".repeat(256) },
        status: 422,
        errors: ["description cannot exceed 255 characters"],
      },
      { send: CREATE, body: { name: "a", type: "MUSTACHE" }, status: 400, message: /^Unable to process JSON\. / },
      {
        send: CREATE,
        body: { id: NO_VERSION_7, name: "a" },
        status: 400,
        json: { code: 400, message: "Invalid UUID for id", details: "prompt id must be a version 7 UUID" },
      },
      { send: CREATE, body: { name: "a", project_id: "<unknown>" }, status: 404, errors: ["Project not found"] },
      { send: `GET ${PROMPTS}?project_id=<project>`, status: 200, match: { total: 0 } },
    ],
  },
  {
    name: "the name of a prompt is taken in its project, whatever its case",
    given: [newIds("chosen")],
    steps: [
      { send: CREATE, body: { id: "<chosen>", name: "Greet", ...inProject }, status: 201 },
      {
        send: CREATE,
        body: { name: "greet ", ...inProject },
        status: 409,
        json: { code: 409, message: TAKEN },
      },
      { send: CREATE, body: { id: "<chosen>", name: "other", ...inProject }, status: 409, message: TAKEN },
      { send: CREATE, body: { name: "greet", project_name: "<projectname> two" }, status: 201 },
      { send: `GET ${PROMPTS}?project_id=<project>`, status: 200, match: { total: 1 } },
    ],
  },
  {
    name: "a prompt is updated: what is absent is removed, except for tags",
    steps: [
      {
        send: CREATE,
        body: { name: "<projectname> before", description: "Before", tags: ["a"], ...inProject },
        status: 201,
        remember: { made: idInLocation },
      },
      { send: CREATE, body: { name: "other", ...inProject }, status: 201 },
      { send: `PUT ${PROMPTS}/<made>`, body: { name: "greeting", description: "After" }, status: 204, text: "" },
      {
        send: `GET ${PROMPTS}/<made>`,
        status: 200,
        match: { name: "greeting", description: "After", tags: ["a"] },
      },
      { send: `PUT ${PROMPTS}/<made>`, body: { name: "Greeting", tags: [] }, status: 204, text: "" },
      {
        send: `GET ${PROMPTS}/<made>`,
        status: 200,
        match: { name: "Greeting", tags: [] },
        absent: ["description"],
      },
      // Looked for in all projects of the workspace.
      { send: RETRIEVE, body: { name: "<projectname> before", ...inProject }, status: 404, message: NOT_FOUND },
      { send: `PUT ${PROMPTS}/<made>`, body: { name: "OTHER" }, status: 409, message: TAKEN },
      { send: `PUT ${PROMPTS}/<made>`, body: {}, status: 422, errors: ["name must not be blank"] },
      { send: `PUT ${PROMPTS}/<unknown>`, body: { name: "x" }, status: 404, message: NOT_FOUND },
      { send: `GET ${PROMPTS}/<made>`, status: 200, match: { name: "Greeting" } },
    ],
  },
  {
    name: "a prompt is deleted with its versions",
    steps: [
      {
        ...greet({ template: "one" }),
        status: 200,
        match: { version_number: "v1" },
        remember: {
          version: textAt("id"),
          prompt: textAt("prompt_id"),
          commit: textAt("commit"),
        },
      },
      { send: `DELETE ${PROMPTS}/<prompt>`, status: 204, text: "" },
      { send: `GET ${PROMPTS}/<prompt>`, status: 404, message: NOT_FOUND },
      { send: `GET ${PROMPTS}/versions/<version>`, status: 404, message: VERSION_NOT_FOUND },
      { send: `GET ${PROMPTS}/by-commit/<commit>`, status: 404, message: VERSION_NOT_FOUND },
      { send: `DELETE ${PROMPTS}/<prompt>`, status: 404, message: NOT_FOUND },
    ],
  },
  {
    name: "prompts are deleted, silently where there are none",
    steps: [
      { send: CREATE, body: { name: "a", ...inProject }, status: 201, remember: { made: idInLocation } },
      { send: CREATE, body: { name: "b", ...inProject }, status: 201 },
      { send: `${CREATE}/delete`, body: { ids: ["<made>", "<unknown>"] }, status: 204, text: "" },
      { send: `${CREATE}/delete`, body: {}, status: 422, errors: ["ids must not be null"] },
      {
        send: `GET ${PROMPTS}?project_id=<project>`,
        status: 200,
        match: { total: 1, content: [{ name: "b" }] },
      },
    ],
  },
  {
    name: "prompts are listed, the newest first, in pages",
    steps: [
      ...["one", "Two", "three"].map((name) => ({
        send: CREATE,
        body: { name, description: `The ${name}`, template: "x", ...inProject },
        status: 201,
      })),
      {
        send: `GET ${PROMPTS}?project_id=<project>&size=2`,
        status: 200,
        json: {
          page: 1,
          size: 2,
          total: 3,
          content: ["three", "Two"].map((name) => ({
            id: UUID,
            name,
            project_id: "<project>",
            description: `The ${name}`,
            template_structure: "text",
            ...STAMPS,
            version_count: 1,
          })),
          sortable_by: [
            "id",
            "name",
            "description",
            "created_at",
            "last_updated_at",
            "created_by",
            "last_updated_by",
            "tags",
          ],
        },
      },
      {
        send: `GET ${PROMPTS}?project_id=<project>&size=2&page=2`,
        status: 200,
        match: { page: 2, size: 1, total: 3, content: [{ name: "one" }] },
      },
      {
        send: `GET ${PROMPTS}?project_id=<project>&page=3`,
        status: 200,
        match: { page: 3, size: 0, total: 3, content: [] },
      },
      {
        send: `GET ${PROMPTS}?project_id=<project>&name=T_`,
        status: 200,
        match: { total: 2, content: [{ name: "three" }, { name: "Two" }] },
      },
      {
        send: `GET ${PROMPTS}?project_id=<project>&sorting=${encodeURIComponent('[{"field":"name","direction":"ASC"}]')}`,
        status: 200,
        match: { content: [{ name: "one" }, { name: "three" }, { name: "Two" }] },
      },
      {
        send: `GET ${PROMPTS}?project_id=<project>&sorting=${encodeURIComponent('[{"field":"id","direction":"ASC"}]')}`,
        status: 200,
        match: { content: [{ name: "one" }, { name: "Two" }, { name: "three" }] },
      },
      { send: `GET ${PROMPTS}?project_id=<unknown>`, status: 200, match: { total: 0, content: [] } },
    ],
  },
  {
    name: "prompts are filtered",
    steps: [
      { send: CREATE, body: { name: "common one", tags: ["alpha", "beta"], ...inProject }, status: 201 },
      { send: CREATE, body: { name: "Common two", tags: ["alpha"], template: "x", ...inProject }, status: 201 },
      {
        send: CREATE,
        body: { name: "other", description: "common", template_structure: "chat", ...inProject },
        status: 201,
      },
      {
        send: listed([{ field: "name", operator: "contains", value: "COMMON", key: "", type: "string" }]),
        status: 200,
        match: { size: 2, total: 2, content: [{ name: "Common two" }, { name: "common one" }] },
      },
      {
        send: listed([
          { field: "tags", operator: "contains", value: "alpha" },
          { field: "tags", operator: "contains", value: "beta" },
        ]),
        status: 200,
        match: { total: 1, content: [{ name: "common one" }] },
      },
      ...[
        { field: "template_structure", operator: "=", value: "chat" },
        { field: "name", operator: "=", value: "Other" },
        { field: "description", operator: "starts_with", value: "com" },
      ].map((filter) => ({ send: listed([filter]), status: 200, match: { total: 1, content: [{ name: "other" }] } })),
      {
        send: listed([{ field: "version_count", operator: ">", value: "0" }]),
        status: 200,
        match: { total: 1, content: [{ name: "Common two" }] },
      },
      {
        send: listed([{ field: "created_at", operator: ">", value: "2000-01-01T00:00:00Z" }]),
        status: 200,
        match: { total: 3 },
      },
      {
        send: listed([{ field: "created_at", operator: "<", value: "2000-01-01T00:00:00Z" }]),
        status: 200,
        match: { total: 0 },
      },
      {
        send: listed([{ field: "colour", operator: "=", value: "red" }]),
        status: 400,
        message: /^Invalid filters query parameter '.*colour.*'$/,
      },
      {
        send: listed([{ field: "version_count", operator: "contains", value: "1" }]),
        status: 400,
        message: "Invalid operator 'contains' for field 'version_count' of type 'NUMBER'",
      },
    ],
  },
  {
    name: "a version adds the prompt that it names, and counts",
    steps: [
      {
        send: VERSIONS,
        body: {
          name: "greet",
          version: {
            template: "{{#people}}{{first}} {{{last}}}{{/people}} {{&more}} {{! no }}",
            metadata: { model: "m" },
            type: "mustache",
            change_description: "Why",
            tags: ["t"],
          },
          template_structure: "chat",
          ...inProject,
        },
        status: 200,
        json: {
          id: UUID,
          prompt_id: UUID,
          commit: COMMIT,
          version_number: "v1",
          template: "{{#people}}{{first}} {{{last}}}{{/people}} {{&more}} {{! no }}",
          metadata: { model: "m" },
          type: "mustache",
          version_type: "prompt_version",
          change_description: "Why",
          tags: ["t"],
          variables: inAnyOrder("first", "last", "more"),
          template_structure: "chat",
          created_at: TIMESTAMP,
          created_by: "admin",
        },
        remember: { prompt: textAt("prompt_id") },
      },
      {
        send: VERSIONS,
        body: {
          name: "GREET",
          version: { template: "{b} {{c}} {b}", type: "python", metadata: null },
          template_structure: "text",
          ...inProject,
        },
        status: 200,
        match: { prompt_id: "<prompt>", version_number: "v2", variables: ["b"], template_structure: "chat" },
        absent: ["metadata", "tags", "change_description", "environments"],
      },
      {
        ...greet({ template: "{{ x }}", type: "jinja2" }),
        status: 200,
        match: { version_number: "v3", type: "jinja2", variables: [] },
      },
      { ...greet({ template: "{{#open}}{{x}}" }), status: 200, match: { type: "mustache", variables: [] } },
      {
        send: `GET ${PROMPTS}/<prompt>`,
        status: 200,
        match: { name: "greet", version_count: 4, latest_version: { version_number: "v4" } },
      },
    ],
  },
  {
    name: "a version without a project goes to the default project, or to the prompt that has the name",
    steps: [
      { ...greet({ template: "one" }), status: 200, match: { version_type: "prompt_version" } },
      {
        send: VERSIONS,
        body: { name: "<project> alone", version: { template: "one" }, ...inProject },
        status: 200,
        match: { template: "one" },
        remember: { prompt: textAt("prompt_id") },
      },
      {
        send: VERSIONS,
        body: { name: "<project> alone", version: { template: "two" } },
        status: 200,
        match: { prompt_id: "<prompt>", version_number: "v2" },
      },
      {
        send: VERSIONS,
        body: { name: "<project> new", version: { template: "one" } },
        status: 200,
        match: { template: "one" },
        remember: { prompt: textAt("prompt_id") },
      },
      {
        send: "POST /v1/private/projects/retrieve",
        body: { name: "Default Project" },
        status: 200,
        match: { name: "Default Project" },
        remember: { default: textAt("id") },
      },
      { send: `GET ${PROMPTS}/<prompt>`, status: 200, match: { project_id: "<default>" } },
      {
        send: VERSIONS,
        body: { name: "a", version: { template: "one" }, project_id: "<unknown>" },
        status: 404,
        errors: ["Project not found"],
      },
    ],
  },
  {
    name: "a version is checked before it is made",
    given: [newIds("chosen")],
    steps: [
      {
        send: VERSIONS,
        body: {},
        status: 422,
        errors: ["name must not be blank", "version must not be null"],
      },
      {
        send: VERSIONS,
        body: { name: "greet", version: { commit: "abc", tags: [" "], environments: ["a b"] } },
        status: 422,
        errors: [
          "version.template must not be blank",
          "version.commit if present, the commit message must be 8 alphanumeric characters long",
          "version.tags[].<iterable element> must not be blank",
          "version.environments[].<iterable element> must match '^[A-Za-z0-9_-]+$'",
        ],
      },
      {
        ...greet({ template: "x", version_type: "masque" }),
        status: 400,
        message: /^Unable to process JSON\. .*masque/,
      },
      {
        ...greet({ id: NO_VERSION_7, template: "x" }),
        status: 400,
        json: { code: 400, message: "Invalid UUID for id", details: "prompt version id must be a version 7 UUID" },
      },
      { ...greet({ id: "<chosen>", template: "x" }), status: 200, match: { id: "<chosen>", version_number: "v1" } },
      {
        ...greet({ id: "<chosen>", template: "x" }),
        status: 409,
        json: { code: 409, message: "Prompt version already exists" },
      },
      { ...greet({ commit: "Abcdef12", template: "x" }), status: 200, match: { commit: "Abcdef12" } },
      { ...greet({ commit: "Abcdef12", template: "x" }), status: 409, message: "Prompt version already exists" },
      { ...greet({ template: "y" }), status: 200, match: { version_number: "v3" } },
    ],
  },
  {
    name: "a version is retrieved by commit, number or environment, by default the latest",
    alone: true,
    steps: [
      { send: "POST /v1/private/environments", body: { name: "staging" }, status: 201 },
      {
        ...greet({ commit: "aaaaaaaa", template: "one", environment: "staging" }),
        status: 200,
        match: { version_type: "prompt_version" },
      },
      {
        ...greet({ commit: "bbbbbbbb", template: "two" }),
        status: 200,
        match: { template: "two" },
        remember: { second: textAt("id") },
      },
      {
        send: RETRIEVE,
        body: { name: "greet", commit: null, environment: null, version_number: null, ...inProject },
        status: 200,
        json: {
          id: "<second>",
          prompt_id: UUID,
          commit: "bbbbbbbb",
          version_number: "v2",
          template: "two",
          type: "mustache",
          version_type: "prompt_version",
          template_structure: "text",
          variables: [],
          created_at: TIMESTAMP,
          created_by: "admin",
        },
        answerHeaders: { "x-opik-deprecation": undefined },
      },
      ...[{ commit: "aaaaaaaa" }, { environment: "staging" }, { version_number: "v1" }].map((selector) => ({
        send: RETRIEVE,
        body: { name: "Greet", ...selector, ...inProject },
        status: 200,
        match: { template: "one", environments: ["staging"] },
      })),
      ...[{ commit: "cccccccc" }, { environment: "other" }, { version_number: "v3" }].map((selector) => ({
        send: RETRIEVE,
        body: { name: "greet", ...selector, ...inProject },
        status: 404,
        json: { code: 404, message: VERSION_NOT_FOUND },
      })),
      {
        send: RETRIEVE,
        body: { name: "<projectname> greeting", ...inProject },
        status: 404,
        json: { code: 404, message: NOT_FOUND },
      },
      {
        send: RETRIEVE,
        body: { name: "greet", commit: "aaaaaaaa", version_number: "v1" },
        status: 422,
        errors: ["resolutionMutuallyExclusive commit, environment and version_number are mutually exclusive"],
      },
      {
        send: RETRIEVE,
        body: { environment: "a b", version_number: "3", project_name: " " },
        status: 422,
        errors: [
          "name must not be blank",
          "environment must match '^[A-Za-z0-9_-]+$'",
          "versionNumber must match v<N>",
          "projectName must not be blank",
          "resolutionMutuallyExclusive commit, environment and version_number are mutually exclusive",
        ],
      },
      {
        send: RETRIEVE,
        body: { name: "greet", version_number: `v${"1".repeat(10)}` },
        status: 422,
        errors: ["versionNumber cannot exceed 10 characters"],
      },
    ],
  },
  {
    name: "a prompt of another project is found with a warning",
    steps: [
      {
        send: VERSIONS,
        body: { name: "<project> greet", version: { template: "mine" }, ...inProject },
        status: 200,
        match: { template: "mine" },
      },
      {
        send: RETRIEVE,
        body: { name: "<project> greet", project_name: "<projectname> two" },
        status: 200,
        match: { template: "mine" },
        answerHeaders: {
          "x-opik-deprecation":
            /^Prompt '.*greet' was found via workspace-wide search\. In a future version, you will need to specify the project explicitly\.$/,
        },
      },
      {
        send: RETRIEVE,
        body: { name: "<project> greet" },
        status: 200,
        match: { template: "mine" },
        answerHeaders: { "x-opik-deprecation": undefined },
      },
      {
        send: VERSIONS,
        body: {
          name: "<project> greet",
          version: { template: "yours" },
          project_name: "<projectname> two",
        },
        status: 200,
        match: { version_number: "v1" },
      },
      {
        send: RETRIEVE,
        body: { name: "<project> greet", project_name: "<projectname> two" },
        status: 200,
        match: { template: "yours" },
        answerHeaders: { "x-opik-deprecation": undefined },
      },
      {
        send: RETRIEVE,
        body: { name: "<project> greet", ...inProject },
        status: 200,
        match: { template: "mine" },
        answerHeaders: { "x-opik-deprecation": undefined },
      },
    ],
  },
];
