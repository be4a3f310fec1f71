import type { Route } from "../../http/route.ts";
import { type Parameter, queryText, requiredQueryText, requiredQueryUuid } from "../wire/parameters.ts";
import type { DefineOpikRoute } from "../wire/route.ts";

const REDIRECT = "/v1/session/redirect";
const PAGES = "/__local/ui";
const tag = "Redirect";
const common = { workspace_name: queryText, path: requiredQueryText };

/** The query of the page in a workspace, which is the default one where a link names none. */
function queryOf(name: string | undefined): string {
  return name === undefined || name === "" || name === "default" ? "" : `?workspace=${encodeURIComponent(name)}`;
}

type IdsIn<Ids extends Readonly<Record<string, Parameter<string>>>> = Readonly<Record<keyof Ids, string>>;

/**
 * The links that SDKs print with the first trace, dataset and experiment [opik 9.5]: to their page here. Nothing is looked
 * up, because an SDK prints the link before it has sent the trace.
 */
export function redirectRoutes(route: DefineOpikRoute): Route[] {
  const redirect = <const Ids extends Readonly<Record<string, Parameter<string>>>>(
    kind: string,
    id: string,
    ids: Ids,
    pageOf: (ids: IdsIn<Ids>) => string,
  ): Route =>
    route({
      method: "GET",
      path: `${REDIRECT}/${kind}`,
      id,
      tag,
      summary: `Redirect to the page of one of the ${kind}`,
      query: { ...ids, ...common },
      responses: { 303: undefined },
      open: true,
      handle: ({ query, origin }) => ({
        status: 303,
        headers: {
          location: `${origin}${PAGES}/${pageOf(query as IdsIn<Ids>)}${queryOf((query as { workspace_name?: string }).workspace_name)}`,
        },
      }),
    });
  return [
    redirect("projects", "projectsRedirect", { trace_id: requiredQueryUuid }, (ids) => `traces/${ids.trace_id}`),
    redirect("datasets", "datasetsRedirect", { dataset_id: requiredQueryUuid }, (ids) => `datasets/${ids.dataset_id}`),
    redirect(
      "experiments",
      "experimentsRedirect",
      { dataset_id: requiredQueryUuid, experiment_id: requiredQueryUuid },
      (ids) => `experiments/${ids.experiment_id}`,
    ),
    redirect(
      "optimizations",
      "optimizationsRedirect",
      { dataset_id: requiredQueryUuid, optimization_id: requiredQueryUuid },
      (ids) => `optimizations/${ids.optimization_id}`,
    ),
  ];
}
