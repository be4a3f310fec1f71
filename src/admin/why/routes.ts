import type { Route } from "../../http/route.ts";
import { LocalError } from "../errors.ts";
import type { DefineLocalRoute } from "../route.ts";
import { localError } from "../schema.ts";
import { explanation } from "./schema.ts";
import type { WhyService } from "./service.ts";

/** Explain a job, a run, or the jobs of a runner. */
export function whyRoutes(route: DefineLocalRoute, why: WhyService): Route[] {
  return [
    route({
      method: "GET",
      path: "/why",
      id: "explain",
      summary: "What a job or run waits for, or why it failed, and what to do; of a runner, its oldest pending job",
      query: ["id"],
      subjects: ["id"],
      responses: { 200: explanation, 422: localError },
      handle: ({ query: { id } }) => {
        if (id === undefined) throw new LocalError(400, "The query names no id: /__local/why?id=...");
        return { status: 200, body: why.explain(id), routine: true };
      },
    }),
  ];
}
