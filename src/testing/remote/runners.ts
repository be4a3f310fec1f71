import type { OpikLocalClient } from "../../client/client.ts";
import { runnerEnvironment, type SdkConnection, sdkEnvironment } from "../../client/environment.ts";
import { LOCAL_RUNNERS } from "../../client/jobs.ts";
import type { PlainCommand, PlainRunner } from "../../client/plain.ts";
import { COMMAND_STATUSES } from "../../opik/runners/bridge/schema.ts";
import { describeCommand, type TestBridge } from "../bridge.ts";
import { checkNames } from "../checks.ts";
import { describeRunners, type TestRunners } from "../runners.ts";
import type { Remote } from "./remote.ts";
import { orUndefined, waitForRemote } from "./waiting.ts";

/** The runners of a server that runs elsewhere. */
export function remoteRunners(
  client: OpikLocalClient,
  server: Pick<SdkConnection, "url" | "apiKey">,
): Remote<TestRunners> {
  const list = async (): Promise<PlainRunner[]> => {
    const { runners } = await client.state();
    return Promise.all(
      runners.map(async ({ id, workspace }) => {
        const headers = { "comet-workspace": workspace };
        return (await client.call("GET", `${LOCAL_RUNNERS}/${id}`, { headers })).json<PlainRunner>();
      }),
    );
  };
  return {
    connect: (runner) => client.runners.connect(runner),
    get: async (idOrName) => (await list()).findLast(({ id, name }) => id === idOrName || name === idOrName),
    list,
    environment: async (idOrName) => {
      const { runners, projects } = await client.state();
      const runner = runners.findLast(({ id, name }) => id === idOrName || name === idOrName);
      if (runner === undefined) throw new Error(`There is no runner "${idOrName}"; ${describeRunners(await list())}.`);
      const { id, workspace, project_id } = runner;
      const project = projects.find((one) => one.id === project_id)?.name ?? "";
      return { ...sdkEnvironment({ ...server, workspace }), ...runnerEnvironment({ id, project }) };
    },
    waitFor: (wanted, options) =>
      waitForRemote(
        async () => (await list()).find(wanted),
        async () => `no runner is as wanted; ${describeRunners(await list())}`,
        options,
      ),
  };
}

/** The bridge commands of a server that runs elsewhere. The API lists none. */
export function remoteBridge(client: OpikLocalClient): Remote<Omit<TestBridge, "list">> {
  const get = async (id: string): Promise<PlainCommand | undefined> => {
    const { runners } = await client.state();
    for (const { id: runner, workspace } of runners) {
      const headers = { "comet-workspace": workspace };
      const path = `${LOCAL_RUNNERS}/${runner}/bridge/commands/${encodeURIComponent(id)}`;
      const reply = await orUndefined(client.call("GET", path, { headers }));
      if (reply !== undefined) return reply.json();
    }
    return undefined;
  };
  return {
    create: async ({ runner: idOrName, ...command }) => {
      const { runners } = await client.state();
      const runner = runners.findLast(({ id, name }) => id === idOrName || name === idOrName)?.id ?? idOrName;
      const path = `${LOCAL_RUNNERS}/${encodeURIComponent(runner)}/bridge/commands`;
      return (await client.call("POST", path, { body: command })).json<{ command_id: string }>().command_id;
    },
    exec: (runner, command, options = {}) =>
      client.bridge.execute({ runner, type: "Exec", args: { command }, ...options }),
    get,
    waitFor: async (id, wanted, options) => {
      if (typeof wanted === "string") checkNames([wanted], COMMAND_STATUSES, "status of a bridge command");
      const asWanted = async (): Promise<PlainCommand | undefined> => {
        const command = await get(id);
        if (command === undefined) throw new Error(`There is no bridge command ${id}.`);
        return (typeof wanted === "string" ? command.status === wanted : wanted(command)) ? command : undefined;
      };
      return waitForRemote(asWanted, async () => describeCommand(id, await get(id)), options);
    },
  };
}
