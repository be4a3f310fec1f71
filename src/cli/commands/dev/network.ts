import type { Server } from "node:http";
import { listen as listenOnNetwork } from "listhen";
import { type Bind, createHandler, listen, toListener } from "../../../http/listener.ts";
import { CommandError, EXIT } from "../../failures.ts";

/** The name of listhen's error for an address or port that cannot be bound, for any reason. */
const NO_PORT = "GetPortError";

/** A bind for the network, and the URLs under which others reach what it bound. */
export interface NetworkBind {
  bind: Bind;
  urls(): Promise<string[]>;
}

/**
 * Shares the server on the network, by listhen. Only for that: it looks whether the port is free before it
 * takes it, and costs 130 ms to import.
 */
export function createNetworkBind(): NetworkBind {
  let shared: Awaited<ReturnType<typeof listenOnNetwork>> | undefined;
  return {
    bind: async (app, host, port) => {
      shared = await listenOnNetwork(createHandler(app), {
        hostname: host,
        port,
        public: true,
        // As a production server it takes the port named or none; without it, it takes another one silently.
        // With it, though, port 0 means 3000.
        isProd: port !== 0,
        showURL: false,
        // It would end the process on Ctrl-C before anything is saved.
        autoClose: false,
      }).catch(async (error: unknown) => {
        if ((error as Error).name !== NO_PORT) throw error;
        // Listhen does not say why; the operating system does, unless the port has become free meanwhile.
        await (await listen(app, host, port)).close(0);
        throw Object.assign(new Error("The port was taken", { cause: error }), { code: "EADDRINUSE" });
      });
      const listener = toListener(shared.server as Server, host, app);
      if (port === 0 || listener.port === port) return listener;
      await listener.close(0);
      throw new CommandError(
        `Port ${port} cannot be shared on the network: browsers refuse it. Choose another one.`,
        EXIT.usage,
      );
    },
    urls: async () => {
      const urls = (await shared?.getURLs({ extraURLs: [] })) ?? [];
      return urls.filter(({ type }) => type === "network").map(({ url }) => url.replace(/\/$/, ""));
    },
  };
}
