import { type ConformanceCase, idInLocation, type Step } from "../../case.ts";
import { TIMESTAMP } from "../../expected.ts";

const DEFINITIONS = "/v1/private/feedback-definitions";
const CREATE = `POST ${DEFINITIONS}`;
const NOT_FOUND = { status: 404, errors: ["Feedback definition not found"] };

const AUTHORS = {
  created_at: TIMESTAMP,
  created_by: "admin",
  last_updated_at: TIMESTAMP,
  last_updated_by: "admin",
};
const USER_FEEDBACK = {
  id: "0190babc-62a0-71d2-832a-0feffa4676eb",
  name: "User feedback",
  type: "categorical",
  details: { categories: { "👍": 1, "👎": 0 } },
  ...AUTHORS,
};

const made = (name: string, body: object): Step => ({
  send: CREATE,
  body,
  status: 201,
  text: "",
  answerHeaders: { location: /^https?:\/\/[^/]+\/(?:api\/)?v1\/private\/feedback-definitions\/[0-9a-f-]{36}$/ },
  remember: { [name]: idInLocation },
});
const refused = (body: object, ...errors: string[]): Step => ({ send: CREATE, body, status: 422, errors });

const numerical = { name: "<projectname> n", type: "numerical", details: { max: 1, min: 0.25 } };
const categorical = { name: "<projectname> c", type: "categorical", details: { categories: { no: 0, yes: 1 } } };
const either = { name: "<projectname> b", type: "boolean", details: { trueLabel: "Pass", falseLabel: "Fail" } };

/** Feedback definitions [opik 9.10]. */
export const feedbackDefinitionCases: readonly ConformanceCase[] = [
  {
    name: "definitions of each type are made, read, replaced and deleted",
    steps: [
      made("n", { ...numerical, description: "How much" }),
      made("c", categorical),
      made("b", { ...either, details: { ...either.details, max: 3 } }),
      {
        send: `GET ${DEFINITIONS}/<n>`,
        status: 200,
        json: { id: "<n>", ...numerical, description: "How much", ...AUTHORS },
      },
      { send: `GET ${DEFINITIONS}/<c>`, status: 200, json: { id: "<c>", ...categorical, ...AUTHORS } },
      { send: `GET ${DEFINITIONS}/<b>`, status: 200, json: { id: "<b>", ...either, ...AUTHORS } },
      { send: `PUT ${DEFINITIONS}/<n>`, body: { ...either, name: "<projectname> other" }, status: 204 },
      {
        send: `GET ${DEFINITIONS}/<n>`,
        status: 200,
        json: { id: "<n>", ...either, name: "<projectname> other", ...AUTHORS },
      },
      { send: `DELETE ${DEFINITIONS}/<n>`, status: 204 },
      { send: `GET ${DEFINITIONS}/<n>`, ...NOT_FOUND },
      { send: `POST ${DEFINITIONS}/delete`, body: { ids: ["<c>", "<unknown>"] }, status: 204 },
      { send: `GET ${DEFINITIONS}/<c>`, ...NOT_FOUND },
      { send: `GET ${DEFINITIONS}/<b>`, status: 200, match: { id: "<b>" } },
    ],
  },
  {
    name: "definitions are listed, the newest first, by a part of the name and by type",
    alone: true,
    steps: [
      made("n", numerical),
      made("c", categorical),
      {
        send: `GET ${DEFINITIONS}?size=2`,
        status: 200,
        json: {
          page: 1,
          size: 2,
          total: 3,
          content: [
            { id: "<c>", ...categorical, ...AUTHORS },
            { id: "<n>", ...numerical, ...AUTHORS },
          ],
        },
      },
      {
        send: `GET ${DEFINITIONS}?name=FEED&page=1`,
        status: 200,
        json: { page: 1, size: 1, total: 1, content: [USER_FEEDBACK] },
      },
      { send: `GET ${DEFINITIONS}?type=numerical`, status: 200, match: { total: 1, content: [{ id: "<n>" }] } },
      { send: `GET ${DEFINITIONS}?page=2&size=2`, status: 200, match: { total: 3, content: [USER_FEEDBACK] } },
    ],
  },
  {
    name: "the definition that a workspace begins with is there and stays",
    steps: [
      { send: `GET ${DEFINITIONS}/${USER_FEEDBACK.id}`, status: 200, json: USER_FEEDBACK },
      {
        send: `DELETE ${DEFINITIONS}/${USER_FEEDBACK.id}`,
        status: 409,
        message: "Cannot delete feedback definition 'User feedback'",
      },
      {
        send: `POST ${DEFINITIONS}/delete`,
        body: { ids: ["<unknown>", USER_FEEDBACK.id] },
        status: 409,
        message: "Cannot delete feedback definition 'User feedback'",
      },
      { send: `GET ${DEFINITIONS}/${USER_FEEDBACK.id}`, status: 200, match: { name: "User feedback" } },
    ],
  },
  {
    name: "a name is taken in any case",
    steps: [
      made("n", numerical),
      made("c", categorical),
      {
        send: CREATE,
        body: { ...either, name: "<projectname> N" },
        status: 409,
        errors: ["Feedback already exists"],
      },
      {
        send: `PUT ${DEFINITIONS}/<c>`,
        body: { ...categorical, name: "<projectname> n" },
        status: 409,
        errors: ["Feedback already exists"],
      },
      { send: `PUT ${DEFINITIONS}/<n>`, body: { ...numerical, name: "<projectname> N" }, status: 204 },
      { send: `PUT ${DEFINITIONS}/<unknown>`, body: either, ...NOT_FOUND },
    ],
  },
  {
    name: "what is said of definitions is checked",
    steps: [
      refused({}, "name must not be blank", "type must not be null", "details must not be null"),
      refused({ ...numerical, details: {} }, "details.max must not be null", "details.min must not be null"),
      refused({ ...numerical, details: { max: 1, min: 1 } }, "details.min has to be smaller than details.max"),
      refused({ ...categorical, details: {} }, "details.categories must not be null"),
      refused(
        { ...categorical, details: { categories: { one: 1 } } },
        "details.categories size must be between 2 and 2147483647",
      ),
      refused(
        { ...either, details: { trueLabel: " " } },
        "details.trueLabel must not be blank",
        "details.falseLabel must not be blank",
      ),
      refused({ ...either, description: "x".repeat(256) }, "description cannot exceed 255 characters"),
    ],
  },
  {
    name: "a value beyond the range of a double is refused",
    ours: "the real server keeps decimals of any size; here they are kept as doubles, and JSON has no infinite ones",
    steps: [
      {
        send: CREATE,
        body: '{"name":"n","type":"numerical","details":{"min":0,"max":1e400}}',
        status: 400,
        message:
          'Unable to process JSON. Numeric value (Infinity) out of range of `double` (through reference chain: ["details"]["max"])',
      },
    ],
  },
];
