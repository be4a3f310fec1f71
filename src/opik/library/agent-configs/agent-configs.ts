import type { Route } from "../../../http/route.ts";
import type { OpikContext } from "../../context.ts";
import type { DefineOpikRoute } from "../../wire/route.ts";
import { agentConfigRoutes } from "./routes.ts";
import { AgentConfigService, type AgentConfigServiceDependencies } from "./service.ts";

/** Configurations of agents. */
export interface AgentConfigs {
  services: { agentConfigs: AgentConfigService };
  routes(route: DefineOpikRoute): Route[];
}

/** Creates service and routes of agent configurations. */
export function createAgentConfigs(context: OpikContext, dependencies: AgentConfigServiceDependencies): AgentConfigs {
  const agentConfigs = new AgentConfigService(context, dependencies);
  return { services: { agentConfigs }, routes: (route) => agentConfigRoutes(route, agentConfigs) };
}
