import type { ConformanceCase, Step } from "../../case.ts";

/** A kind of things that a project has a list of. */
interface Kind {
  name: "datasets" | "experiments" | "prompts" | "optimizations";
  /** Where it is made, and what is sent besides its name and project. */
  create: string;
  body?: object;
  /** How many things are in a list by one more condition, and the condition. */
  condition?: readonly [query: string, total: number];
  /** Whether the list can be sorted and whether it can be filtered. */
  sorts: boolean;
  filter?: string;
}

const OF_DATASET = { dataset_name: "<projectname> dataset" };

const KINDS: readonly Kind[] = [
  {
    ...{ name: "datasets", create: "POST /v1/private/datasets", sorts: true },
    condition: ["with_experiments_only=true", 0],
  },
  {
    ...{ name: "experiments", create: "POST /v1/private/experiments", body: OF_DATASET, sorts: true },
    ...{
      condition: [`types=${encodeURIComponent('["trial"]')}`, 0],
      filter: '[{"field":"metadata","key":"n","operator":"=","value":"a"}]',
    },
  },
  {
    ...{ name: "prompts", create: "POST /v1/private/prompts", sorts: true },
    filter: '[{"field":"name","operator":"ends_with","value":" a"}]',
  },
  {
    ...{ name: "optimizations", create: "POST /v1/private/optimizations", sorts: false },
    body: { ...OF_DATASET, objective_name: "f1", status: "running" },
    ...{ condition: ["dataset_name=other", 0], filter: '[{"field":"metadata","key":"n","operator":"=","value":"a"}]' },
  },
];

function made({ name: kind, create, body }: Kind, name: string, project: object): Step {
  const metadata = kind === "experiments" || kind === "optimizations" ? { metadata: { n: name } } : {};
  return { send: create, body: { name: `<projectname> ${name}`, ...body, ...metadata, ...project }, status: 201 };
}

/** The lists of projects [opik 9.9]. */
export const projectListCases: readonly ConformanceCase[] = KINDS.map((kind) => {
  const list = `GET /v1/private/projects/<project>/${kind.name}`;
  const [a, b] = [{ name: "<projectname> a" }, { name: "<projectname> b" }];
  const [condition, total = 0] = kind.condition ?? [];
  return {
    name: `the ${kind.name} of a project are listed`,
    steps: [
      made(kind, "b", { project_name: "<projectname>" }),
      made(kind, "c", { project_name: "<projectname> elsewhere" }),
      made(kind, "a", { project_name: "<projectname>" }),
      { send: `${list}?size=1`, status: 200, match: { page: 1, size: 1, total: 2, content: [a] } },
      { send: `${list}?size=1&page=2`, status: 200, match: { page: 2, size: 1, total: 2, content: [b] } },
      { send: `${list}?name=%20B`, status: 200, match: { size: 1, total: 1, content: [b] } },
      ...(condition === undefined ? [] : [{ send: `${list}?${condition}`, status: 200, match: { total } }]),
      ...(kind.sorts
        ? [
            {
              send: `${list}?sorting=${encodeURIComponent('[{"field":"name","direction":"DESC"}]')}`,
              status: 200,
              match: { content: [b, a] },
            },
          ]
        : []),
      ...(kind.filter === undefined
        ? []
        : [
            {
              send: `${list}?filters=${encodeURIComponent(kind.filter)}`,
              status: 200,
              match: { total: 1, content: [a] },
            },
          ]),
      {
        send: `GET /v1/private/projects/<unknown>/${kind.name}`,
        status: 200,
        match: { page: 1, size: 0, total: 0, content: [] },
      },
      {
        send: `GET /v1/private/projects/nonsense/${kind.name}`,
        status: 404,
        json: { code: 404, message: "HTTP 404 Not Found" },
      },
      { send: `${list}?page=0`, status: 400, errors: ["query param page must be greater than or equal to 1"] },
    ],
  };
});
