import { createServer } from "node:net";
import type { Config } from "../../config.ts";
import { findPortHolder, portHolderCommand } from "../commands/dev/port-holder.ts";
import { type Check, note, ok, problem } from "./check.ts";

export interface PortOptions extends Pick<Config, "host" | "port"> {
  /** Whether `dev` takes the next free port when this one is taken, because it is only the default. */
  mayMove: boolean;
  /** Whether a server of ours answers on it. */
  isOurs: boolean;
}

/** Whether `dev` could listen on its port. */
export async function checkPort({ host, port, mayMove, isOurs }: PortOptions): Promise<Check> {
  const code = await tryToListen(host, port);
  if (code === undefined) return ok("port", port === 0 ? "any free one" : `${port} on ${host} is free`);
  if (code !== "EADDRINUSE")
    return problem(
      "port",
      `${port} on ${host} cannot be listened on (${code})`,
      "Choose others with --host and --port.",
    );
  if (isOurs) return ok("port", `${port} on ${host} is that of the running server`);
  const holder = await findPortHolder(port);
  const found = `${port} on ${host} is taken${holder === undefined ? "" : ` by ${holder}`}`;
  const whose = holder === undefined ? `\`${portHolderCommand(port)}\` shows the process. ` : "";
  return mayMove
    ? note("port", found, `${whose}\`dev\` takes the next free one and prints it.`)
    : problem("port", found, `${whose}Stop that one, or choose another port; --port 0 takes any free one.`);
}

/** @returns the code of the error; `undefined` when it was possible */
function tryToListen(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", ({ code }: NodeJS.ErrnoException) => resolve(code ?? "unknown error"));
    server.listen(port, host, () => server.close(() => resolve(undefined)));
  });
}
