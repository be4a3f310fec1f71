import * as v from "valibot";
import { jsonValue } from "../../../http/schema.ts";
import {
  environmentNameOf,
  hasEnvironmentCharacters,
  hasEnvironmentLength,
  OTHER_CHARACTERS,
  TOO_LONG,
} from "../../environments/schema.ts";
import { projectName } from "../../projects/schema.ts";
import { BATCH_SIZE, isBatch } from "../../wire/id-batch.ts";
import { type Page, pageOf } from "../../wire/page.ts";
import { textSet } from "../../wire/text-set.ts";
import {
  boolean,
  constrained,
  eachConstrained,
  exactly,
  freeForm,
  integer,
  isBlank,
  list,
  notBlank,
  optional,
  required,
  string,
  uuid,
} from "../../wire/values.ts";

export const PROMPT_TYPES = ["mustache", "jinja2", "python"] as const;
export type PromptType = (typeof PROMPT_TYPES)[number];

export const TEMPLATE_STRUCTURES = ["text", "chat"] as const;
export type TemplateStructure = (typeof TEMPLATE_STRUCTURES)[number];

const VERSION_TYPES = ["prompt_version", "mask"] as const;

const type = exactly("prompt type", PROMPT_TYPES);

/** Compared without case; unknown values count as `text`, as with the real server. */
const templateStructure = jsonValue<TemplateStructure>({ type: "string", enum: TEMPLATE_STRUCTURES }, (input) =>
  String(input).toLowerCase() === "chat" ? "chat" : "text",
);

const COMMIT = /^[a-zA-Z0-9]{8}$/;

/** The pattern of commits, as errors print it. */
export const COMMIT_PATTERN = "^[a-zA-Z0-9]{8}$";

/** Whether a text has the form of a commit. */
export function isCommit(text: string): boolean {
  return COMMIT.test(text);
}

const VERSION_NUMBER = /^v\d+$/;
const LONGEST_VERSION_NUMBER = 10;

/** Checks the number of a version, `v3`; returns the error's message. */
export function wrongVersionNumber(text: string): string | undefined {
  if (!VERSION_NUMBER.test(text)) return "must match v<N>";
  return text.length > LONGEST_VERSION_NUMBER ? `cannot exceed ${LONGEST_VERSION_NUMBER} characters` : undefined;
}

const description = constrained(
  constrained(optional(string({ maxLength: 255 })), (text) => !isBlank(text), "must not be blank"),
  ({ length }) => length <= 255,
  "cannot exceed 255 characters",
);

const notBlankIfGiven = constrained(optional(string()), (text) => !isBlank(text), "must not be blank");

/** At most 100 names of environments. */
const MAX_ENVIRONMENTS = 100;

const environmentNames = constrained(
  textSet(
    eachConstrained(
      eachConstrained(optional(list(string())), hasEnvironmentCharacters, OTHER_CHARACTERS),
      hasEnvironmentLength,
      TOO_LONG,
    ),
  ),
  ({ length }) => length <= MAX_ENVIRONMENTS,
  `cannot exceed ${MAX_ENVIRONMENTS} environments`,
);

/** Body of `POST /prompts`; with a template it also makes the first version. */
export const createPromptRequest = v.object({
  id: optional(uuid()),
  name: notBlank(),
  project_id: optional(uuid()),
  project_name: projectName,
  description,
  template: notBlankIfGiven,
  metadata: optional(freeForm()),
  change_description: optional(string()),
  type: optional(type),
  template_structure: optional(templateStructure),
  tags: textSet(optional(list(string()))),
});
export type NewPrompt = v.InferOutput<typeof createPromptRequest>;

/** Body of `PUT /prompts/{id}`: a description that is absent is removed, tags that are absent stay. */
export const updatePromptRequest = v.object({ name: notBlank(), description, tags: textSet(optional(list(string()))) });
export type PromptUpdate = v.InferOutput<typeof updatePromptRequest>;

const newVersion = v.object({
  id: optional(uuid()),
  commit: constrained(
    optional(string()),
    isCommit,
    "if present, the commit message must be 8 alphanumeric characters long",
  ),
  template: notBlank(),
  metadata: optional(freeForm()),
  type: optional(type),
  version_type: optional(exactly("version type", VERSION_TYPES)),
  environment: environmentNameOf(optional(string())),
  environments: environmentNames,
  change_description: optional(string()),
  tags: textSet(eachConstrained(optional(list(string())), (tag) => !isBlank(tag), "must not be blank")),
});
export type NewPromptVersion = v.InferOutput<typeof newVersion>;

/** Body of `POST /prompts/versions`. */
export const createVersionRequest = v.object({
  name: notBlank(),
  version: required(newVersion),
  template_structure: optional(templateStructure),
  project_id: optional(uuid()),
  project_name: projectName,
});
export type VersionCreation = v.InferOutput<typeof createVersionRequest>;

const versionNumber = constrained(
  constrained(optional(string()), (text) => VERSION_NUMBER.test(text), "must match v<N>"),
  ({ length }) => length <= LONGEST_VERSION_NUMBER,
  `cannot exceed ${LONGEST_VERSION_NUMBER} characters`,
);

const SELECTORS = ["commit", "environment", "version_number"] as const;

/** Body of `POST /prompts/versions/retrieve`: at most one of commit, environment and number, else the latest. */
export const retrieveVersionRequest = v.pipe(
  v.object({
    name: notBlank(),
    commit: optional(string()),
    environment: environmentNameOf(optional(string())),
    version_number: versionNumber,
    project_name: constrained(optional(string()), (name) => !isBlank(name), "must not be blank"),
  }),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const { value } = dataset;
    const given = SELECTORS.filter((name) => !isBlank(value[name] ?? ""));
    if (given.length < 2) return;
    addIssue({
      message: "commit, environment and version_number are mutually exclusive",
      // The name of the method that checks it in the real server, whose errors print it.
      path: [{ type: "object", origin: "value", input: value, key: "resolutionMutuallyExclusive", value: given }],
    });
  }),
);
export type VersionSelector = v.InferOutput<typeof retrieveVersionRequest>;

const MAX_TAGS = 50;
const MAX_TAG_LENGTH = 100;

const versionTags = eachConstrained(
  constrained(
    textSet(optional(list(string()))),
    ({ length }) => length <= MAX_TAGS,
    `Cannot have more than ${MAX_TAGS} tags`,
  ),
  ({ length }) => length <= MAX_TAG_LENGTH,
  `Tag cannot exceed ${MAX_TAG_LENGTH} characters`,
);

/** Ids of versions; none is answered twice, as the real server checks it with two constraints. */
const versionIds = v.pipe(
  v.nullish(list(required(uuid())), () => []),
  v.metadata({ required: true }),
  v.check(({ length }) => length > 0, "must not be empty"),
  v.check((given) => given.length === 0 || isBatch(given), BATCH_SIZE),
);

/** Body of `PATCH /prompts/versions`: tags replace the existing ones, or are added to them. */
export const updateVersionsRequest = v.object({
  ids: versionIds,
  update: required(v.object({ tags: versionTags })),
  merge_tags: optional(boolean()),
});
export type VersionsUpdate = v.InferOutput<typeof updateVersionsRequest>;

/** Body of `PATCH /prompts/versions/{id}/environments`. */
export const setEnvironmentsRequest = v.object({ environments: required(environmentNames) });

/** Body of `POST /prompts/versions/retrieve-by-ids`. */
export const versionIdsRequest = v.object({ ids: versionIds });

/** Body of `POST /prompts/retrieve-by-commits`. */
export const commitsRequest = v.object({
  commits: constrained(required(list(required(string()))), isBatch, BATCH_SIZE),
});

const version = {
  id: string({ format: "uuid" }),
  commit: string(),
  version_number: optional(string()),
  template: string(),
  metadata: optional(freeForm()),
  type,
  version_type: exactly("version type", VERSION_TYPES),
  environments: optional(list(string())),
  change_description: optional(string()),
  tags: optional(list(string())),
  template_structure: templateStructure,
  created_at: string({ format: "date-time" }),
  created_by: string(),
};

/** A version in lists. */
const listedVersion = v.object({ ...version, prompt_id: string({ format: "uuid" }) });
export type ListedVersion = v.InferOutput<typeof listedVersion>;

/** A version that is read by itself. */
export const promptVersion = v.object({ ...listedVersion.entries, variables: list(string()) });
export type PromptVersion = v.InferOutput<typeof promptVersion>;

const listedPrompt = v.object({
  id: string({ format: "uuid" }),
  name: string(),
  project_id: string({ format: "uuid" }),
  description: optional(string()),
  template_structure: templateStructure,
  tags: optional(list(string())),
  created_at: string({ format: "date-time" }),
  created_by: string(),
  last_updated_at: string({ format: "date-time" }),
  last_updated_by: string(),
  version_count: integer("int64"),
});
export type ListedPrompt = v.InferOutput<typeof listedPrompt>;

export const prompt = v.object({
  ...listedPrompt.entries,
  latest_version: optional(promptVersion),
  requested_version: optional(promptVersion),
});
export type Prompt = v.InferOutput<typeof prompt>;

/** A commit with its version and prompt, if there are any. */
const versionLink = v.object({
  commit: string(),
  prompt_version_id: optional(string({ format: "uuid" })),
  prompt_id: optional(string({ format: "uuid" })),
  prompt_name: optional(string()),
});
export type VersionLink = v.InferOutput<typeof versionLink>;
export const versionLinks = list(versionLink);

export const promptVersions = list(promptVersion);

export const promptPage = pageOf(listedPrompt);
export type PromptPage = Page<ListedPrompt>;

export const promptVersionPage = pageOf(listedVersion);
export type PromptVersionPage = Page<ListedVersion>;
