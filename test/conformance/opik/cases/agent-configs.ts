import { type ConformanceCase, type Expectation, idInLocation, type Step, textAt } from "../../case.ts";
import { inAnyOrder, TIMESTAMP, UUID } from "../../expected.ts";
import { newIds } from "../given.ts";

const BLUEPRINTS = "/v1/private/agent-configs/blueprints";
const CREATE = `POST ${BLUEPRINTS}`;
const UPDATE = `PATCH ${BLUEPRINTS}`;
const REMOVE = `POST ${BLUEPRINTS}/remove-keys`;
const ENVIRONMENTS = `POST ${BLUEPRINTS}/environments`;
const LATEST = `GET ${BLUEPRINTS}/latest/projects/<project>`;
const STAMPS = { created_at: TIMESTAMP, created_by: "admin", last_updated_at: TIMESTAMP, last_updated_by: "admin" };
const LOCATION = /^https?:\/\/[^/]+\/(?:api\/)?v1\/private\/agent-configs\/blueprints\/[0-9a-f-]{36}$/;

const TEMPERATURE = { key: "temperature", value: "0.5", type: "float" };
const MODEL = { key: "model", value: "small", type: "string", description: "Which one" };

const blueprint = (values: object[], rest: object = {}): object => ({
  project_id: "<project>",
  blueprint: { type: "blueprint", values, ...rest },
});

/** Makes the configuration of the case's own project: `<first>`. */
const created: Step = {
  send: CREATE,
  body: blueprint([TEMPERATURE, MODEL]),
  status: 201,
  match: { type: "blueprint" },
  remember: { first: textAt("id") },
};

/** Adds a blueprint or mask under a name. */
const updated = (name: string, body: object): Step => ({
  send: UPDATE,
  body,
  status: 201,
  text: "",
  remember: { [name]: idInLocation },
});

const mask = (...values: object[]): object => ({ project_id: "<project>", blueprint: { type: "mask", values } });

const environment = (name: string): string => `${BLUEPRINTS}/environments/${name}/projects/<project>`;

const notFound = (message: string): Pick<Expectation, "status" | "json"> => ({
  status: 404,
  json: { code: 404, message },
});

/** Configurations of agents [opik 9.3]. */
export const agentConfigCases: readonly ConformanceCase[] = [
  {
    name: "a configuration is made with its first blueprint, which prod uses",
    given: [newIds("chosen")],
    steps: [
      {
        send: CREATE,
        body: {
          id: "<chosen>",
          project_name: "<projectname>",
          blueprint: { id: "<chosen>", type: "blueprint", values: [TEMPERATURE, MODEL, { key: "p", type: "prompt" }] },
        },
        status: 201,
        json: {
          id: "<chosen>",
          type: "blueprint",
          description: "Added temperature, model, p",
          values: [TEMPERATURE, MODEL, { key: "p", type: "prompt" }],
        },
        answerHeaders: { location: LOCATION },
      },
      ...[
        `GET ${BLUEPRINTS}/<chosen>`,
        LATEST,
        `GET ${environment("prod")}`,
        `GET ${environment("PROD")}`,
        `GET ${BLUEPRINTS}/projects/<project>/names/v1`,
      ].map((send) => ({
        send,
        status: 200,
        json: {
          id: "<chosen>",
          name: "v1",
          type: "blueprint",
          description: "Added temperature, model, p",
          envs: ["prod"],
          ...STAMPS,
          values: [TEMPERATURE, MODEL, { key: "p", type: "prompt" }],
        },
      })),
    ],
  },
  {
    name: "a project has one configuration",
    steps: [
      created,
      {
        send: CREATE,
        body: { ...blueprint([TEMPERATURE]), project_id: undefined, project_name: "<projectname>" },
        status: 409,
        errors: ["Config already exists for project '<project>'. Use PATCH to add blueprints."],
      },
      {
        send: CREATE,
        body: mask(TEMPERATURE),
        status: 400,
        errors: ["Cannot create config with a MASK blueprint. Use BLUEPRINT type for POST."],
      },
      { send: `${LATEST}`, status: 200, match: { id: "<first>", name: "v1" } },
    ],
  },
  {
    name: "a configuration makes the project that it names",
    steps: [
      {
        send: CREATE,
        body: {
          project_name: "<projectname> two",
          blueprint: { type: "blueprint", values: [MODEL], description: "Mine" },
        },
        status: 201,
        json: { id: UUID, type: "blueprint", description: "Mine", values: [MODEL] },
        remember: { made: textAt("id") },
      },
      {
        send: "POST /v1/private/projects/retrieve",
        body: { name: "<projectname> two" },
        status: 200,
        match: { name: "<projectname> two" },
        remember: { other: textAt("id") },
      },
      { send: `GET ${BLUEPRINTS}/latest/projects/<other>`, status: 200, match: { id: "<made>" } },
      {
        send: CREATE,
        body: { ...blueprint([MODEL]), project_id: "<unknown>" },
        status: 404,
        errors: ["Project not found"],
      },
    ],
  },
  {
    name: "a blueprint is checked before it is made",
    steps: [
      {
        send: CREATE,
        body: { project_id: "<project>" },
        status: 422,
        errors: ["blueprint must not be null"],
      },
      {
        send: CREATE,
        body: { blueprint: { type: "blueprint", values: [TEMPERATURE] } },
        status: 422,
        errors: ["Either projectId or projectName must be provided"],
      },
      {
        send: CREATE,
        body: blueprint([{ value: "x" }, { key: "x".repeat(256), type: "string" }], { type: null }),
        status: 422,
        errors: [
          "blueprint.type must not be null",
          "blueprint.values[0].key must not be blank",
          "blueprint.values[0].type must not be null",
          "blueprint.values[1].key size must be between 0 and 255",
        ],
      },
      {
        send: CREATE,
        body: blueprint([], { description: "x".repeat(256) }),
        status: 422,
        errors: [
          "blueprint.description size must be between 0 and 255",
          "blueprint.values size must be between 1 and 250",
        ],
      },
      {
        send: CREATE,
        body: blueprint([TEMPERATURE, { ...TEMPERATURE, value: "1" }]),
        status: 422,
        errors: ["Duplicate configuration keys are not allowed"],
      },
      {
        send: CREATE,
        body: blueprint([{ key: "a", type: "number" }]),
        status: 400,
        message: /^Unable to process JSON\. .*number/,
      },
      { send: LATEST, ...notFound("No configuration found for project '<project>'") },
    ],
  },
  {
    name: "a blueprint that is added has a name and a description, and leaves prod where it is",
    steps: [
      created,
      updated(
        "second",
        blueprint([
          { ...TEMPERATURE, value: "1" },
          { key: "n", value: "3", type: "integer" },
        ]),
      ),
      {
        send: LATEST,
        status: 200,
        json: {
          id: "<second>",
          name: "v2",
          type: "blueprint",
          description: "Added n. Modified temperature to 1. Removed model",
          ...STAMPS,
          values: [
            { ...TEMPERATURE, value: "1" },
            { key: "n", value: "3", type: "integer" },
          ],
        },
      },
      { send: `GET ${environment("prod")}`, status: 200, match: { id: "<first>", name: "v1" } },
      {
        send: `GET ${BLUEPRINTS}/<second>/deltas`,
        status: 200,
        match: { id: "<second>", name: "v2", values: [{ key: "temperature", value: "1" }, { key: "n" }] },
      },
      { send: `GET ${BLUEPRINTS}/<first>/deltas`, status: 200, match: { values: [TEMPERATURE, MODEL] } },
      updated("third", {
        project_name: "<projectname>",
        blueprint: { type: "blueprint", values: [TEMPERATURE, { key: "n", value: "3", type: "integer" }] },
      }),
      {
        send: `GET ${BLUEPRINTS}/<third>/deltas`,
        status: 200,
        match: { name: "v3", description: "Modified temperature to 0.5", values: [TEMPERATURE] },
      },
      {
        send: UPDATE,
        body: blueprint([MODEL], { id: "<first>" }),
        status: 409,
        errors: ["Blueprint '<first>' already exists"],
      },
    ],
  },
  {
    name: "a blueprint is added to a configuration that exists",
    steps: [
      {
        send: UPDATE,
        body: blueprint([MODEL]),
        status: 404,
        errors: ["No config found for project '<project>'. Use POST to create one first."],
      },
      {
        send: UPDATE,
        body: { ...blueprint([MODEL]), project_id: "<unknown>" },
        status: 404,
        errors: ["Project not found"],
      },
      {
        send: UPDATE,
        body: { ...blueprint([MODEL]), project_id: null, project_name: "<projectname> three" },
        ...notFound("Project '<projectname> three' not found"),
      },
      {
        send: "POST /v1/private/projects/retrieve",
        body: { name: "<projectname> three" },
        status: 404,
        errors: ["Project not found"],
      },
    ],
  },
  {
    name: "a long description is cut",
    steps: [
      {
        send: CREATE,
        body: blueprint(
          Array.from({ length: 100 }, (_, index) => ({ key: `key${index}`, value: "1", type: "integer" })),
        ),
        status: 201,
        match: {
          description: `${`Added ${Array.from({ length: 100 }, (_, index) => `key${index}`).join(", ")}`.slice(0, 252)}...`,
        },
      },
    ],
  },
  {
    name: "a mask takes the place of values, and is no blueprint",
    steps: [
      created,
      updated("mask", mask({ ...TEMPERATURE, value: "0.9" }, { key: "extra", value: "true", type: "boolean" })),
      ...[
        `GET ${BLUEPRINTS}/<first>`,
        LATEST,
        `GET ${environment("prod")}`,
        `GET ${BLUEPRINTS}/projects/<project>/names/v1`,
      ].flatMap((send) => [
        {
          send: `${send}?mask_id=<mask>`,
          status: 200,
          match: {
            id: "<first>",
            name: "v1",
            values: [{ ...TEMPERATURE, value: "0.9" }, MODEL, { key: "extra", value: "true", type: "boolean" }],
          },
        },
        { send: `${send}?mask_id=<first>`, ...notFound("Mask blueprint '<first>' not found in project '<project>'") },
        {
          send: `${send}?mask_id=<unknown>`,
          ...notFound("Mask blueprint '<unknown>' not found in project '<project>'"),
        },
      ]),
      { send: LATEST, status: 200, match: { id: "<first>", values: [TEMPERATURE, MODEL] } },
      { send: `GET ${BLUEPRINTS}/<mask>`, ...notFound("Blueprint '<mask>' not found") },
      {
        send: `GET ${BLUEPRINTS}/<mask>/deltas`,
        status: 200,
        json: {
          id: "<mask>",
          name: "",
          type: "mask",
          description: "Added temperature, extra",
          ...STAMPS,
          values: [
            { ...TEMPERATURE, value: "0.9" },
            { key: "extra", value: "true", type: "boolean" },
          ],
        },
      },
      {
        send: `POST ${BLUEPRINTS}/projects/<project>/masks/<mask>`,
        status: 201,
        text: "",
        answerHeaders: { location: LOCATION },
        remember: { made: idInLocation },
      },
      {
        send: LATEST,
        status: 200,
        match: {
          id: "<made>",
          name: "v2",
          description: "Added extra. Modified temperature to 0.9",
          values: [{ ...TEMPERATURE, value: "0.9" }, MODEL, { key: "extra", value: "true", type: "boolean" }],
        },
      },
      {
        send: `POST ${BLUEPRINTS}/projects/<project>/masks/<unknown>`,
        ...notFound("Mask blueprint '<unknown>' not found in project '<project>'"),
      },
      {
        send: `POST ${BLUEPRINTS}/projects/<unknown>/masks/<mask>`,
        ...notFound("No configuration found for project '<unknown>'"),
      },
    ],
  },
  {
    name: "environments use the blueprints that they are given",
    steps: [
      created,
      updated("second", blueprint([MODEL])),
      {
        send: ENVIRONMENTS,
        body: {
          project_id: "<project>",
          envs: [
            { env_name: "prod", blueprint_id: "<second>" },
            { env_name: "staging", blueprint_id: "<second>" },
          ],
        },
        status: 204,
        text: "",
      },
      { send: `GET ${BLUEPRINTS}/<second>`, status: 200, match: { envs: inAnyOrder("prod", "staging") } },
      { send: `GET ${BLUEPRINTS}/<first>`, status: 200, match: { id: "<first>" }, absent: ["envs"] },
      { send: `PUT ${environment("staging")}`, body: { blueprint_name: "v1" }, status: 204, text: "" },
      { send: `GET ${environment("staging")}`, status: 200, match: { id: "<first>", envs: ["staging"] } },
      {
        send: `PUT ${environment("staging")}`,
        body: { blueprint_name: "v3" },
        ...notFound("Blueprint with name 'v3' not found"),
      },
      {
        send: `PUT ${environment("staging")}`,
        body: {},
        status: 422,
        errors: ["blueprintName must not be blank"],
      },
      { send: `DELETE ${environment("staging")}`, status: 204, text: "" },
      { send: `GET ${environment("staging")}`, ...notFound("No blueprint found for environment 'staging'") },
      { send: `DELETE ${environment("staging")}`, status: 204, text: "" },
      { send: `GET ${environment("prod")}`, status: 200, match: { id: "<second>" } },
    ],
  },
  {
    name: "environments are changed together or not at all",
    steps: [
      created,
      updated("mask", mask(MODEL)),
      {
        send: ENVIRONMENTS,
        body: {
          project_id: "<project>",
          envs: [
            { env_name: "staging", blueprint_id: "<first>" },
            { env_name: "test", blueprint_id: "<mask>" },
            { env_name: "other", blueprint_id: "<unknown>" },
          ],
        },
        ...notFound("Blueprints not found: [<mask>, <unknown>]"),
      },
      { send: `GET ${environment("staging")}`, ...notFound("No blueprint found for environment 'staging'") },
      {
        send: ENVIRONMENTS,
        body: {
          project_id: "<project>",
          envs: [
            { env_name: "a", blueprint_id: "<first>" },
            { env_name: "a", blueprint_id: "<first>" },
          ],
        },
        status: 400,
        json: { code: 400, message: "Duplicate env names in request" },
      },
      { send: ENVIRONMENTS, body: {}, status: 422, errors: ["projectId must not be null", "envs must not be null"] },
      {
        send: ENVIRONMENTS,
        body: { project_id: "<project>", envs: [] },
        status: 422,
        errors: ["envs size must be between 1 and 100"],
      },
      {
        send: ENVIRONMENTS,
        body: { project_id: "<project>", envs: [{}, { env_name: "x".repeat(51), blueprint_id: "<first>" }] },
        status: 422,
        errors: [
          "envs[0].envName must not be blank",
          "envs[0].blueprintId must not be null",
          "envs[1].envName size must be between 0 and 50",
        ],
      },
      { send: `GET ${environment("a")}`, ...notFound("No blueprint found for environment 'a'") },
    ],
  },
  {
    name: "a blueprint is not found by what does not exist",
    steps: [
      ...[LATEST, `GET ${environment("prod")}`, `GET ${BLUEPRINTS}/history/projects/<project>`].map((send) => ({
        send,
        ...notFound("No configuration found for project '<project>'"),
      })),
      { send: `GET ${BLUEPRINTS}/<unknown>`, ...notFound("Blueprint '<unknown>' not found") },
      { send: `GET ${BLUEPRINTS}/<unknown>/deltas`, ...notFound("Blueprint '<unknown>' not found") },
      created,
      ...["v0", "v2", "v01", "first"].map((name) => ({
        send: `GET ${BLUEPRINTS}/projects/<project>/names/${name}`,
        ...notFound(`Blueprint with name '${name}' not found`),
      })),
    ],
  },
  {
    name: "the history has the blueprints, the newest first, without masks",
    steps: [
      created,
      updated("mask", mask(MODEL)),
      updated("second", blueprint([MODEL])),
      updated("third", blueprint([TEMPERATURE], { description: "Back" })),
      {
        send: `GET ${BLUEPRINTS}/history/projects/<project>`,
        status: 200,
        json: {
          page: 1,
          size: 10,
          total: 3,
          content: [
            { id: "<third>", name: "v3", type: "blueprint", description: "Back", ...STAMPS, values: [TEMPERATURE] },
            {
              id: "<second>",
              name: "v2",
              type: "blueprint",
              description: "Removed temperature",
              ...STAMPS,
              values: [MODEL],
            },
            {
              id: "<first>",
              name: "v1",
              type: "blueprint",
              description: "Added temperature, model",
              envs: ["prod"],
              ...STAMPS,
              values: [TEMPERATURE, MODEL],
            },
          ],
        },
      },
      {
        send: `GET ${BLUEPRINTS}/history/projects/<project>?size=2&page=2`,
        status: 200,
        match: { page: 2, size: 2, total: 3, content: [{ id: "<first>" }] },
      },
    ],
  },
  {
    name: "keys are removed with a new blueprint, unless none is there",
    steps: [
      created,
      {
        send: REMOVE,
        body: { project_id: "<project>", keys: ["nothing", "model"] },
        status: 201,
        text: "",
        answerHeaders: { location: LOCATION },
        remember: { second: idInLocation },
      },
      {
        send: LATEST,
        status: 200,
        match: {
          id: "<second>",
          name: "v2",
          description: "Deleted configuration parameters: [model, nothing]",
          values: [TEMPERATURE],
        },
      },
      { send: REMOVE, body: { project_name: "<projectname>", keys: ["model"] }, status: 204, text: "" },
      { send: LATEST, status: 200, match: { name: "v2" } },
      {
        send: REMOVE,
        body: { keys: [] },
        status: 422,
        errors: ["keys size must be between 1 and 250", "Either projectId or projectName must be provided"],
      },
      { send: REMOVE, body: { project_id: "<unknown>", keys: ["a"] }, status: 404, errors: ["Project not found"] },
    ],
  },
];
