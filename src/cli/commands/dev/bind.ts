import { errorCode } from "../../../core/errors.ts";
import { type Bind, listen } from "../../../http/listener.ts";
import { CommandError, EXIT } from "../../failures.ts";
import { findPortHolder, portHolderCommand } from "./port-holder.ts";

/** How many ports are tried before giving up. */
const PORTS_TO_TRY = 20;

const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|::1)$/;

/** Whether only this machine can reach a server that listens on `host`. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host);
}

export interface BindOptions {
  /** Whether the next free port may be used when this one is taken, because it is only the default. */
  mayMove: boolean;
  /** Called when another port was used. `holder` is the process that has the port, if it is known. */
  onMoved: (from: number, to: number, holder: string | undefined) => void;
  /** Gets one port or none; default the strict `listen`. */
  bind?: Bind;
}

/**
 * Creates the bind of `dev`: it tries to get ports, and never asks beforehand whether they are free.
 * The bind throws CommandError (exit code 2) when there is no port to be had.
 */
export function createBind({ mayMove, onMoved, bind = listen }: BindOptions): Bind {
  return async (app, host, port) => {
    for (let candidate = port; candidate < port + (mayMove ? PORTS_TO_TRY : 1); candidate += 1) {
      try {
        const listener = await bind(app, host, candidate);
        if (candidate !== port) onMoved(port, candidate, await findPortHolder(port));
        return listener;
      } catch (error) {
        const code = errorCode(error);
        if (code !== "EADDRINUSE") throw describeBindError(code, host, port) ?? error;
      }
    }
    throw await portTaken(host, port);
  };
}

async function portTaken(host: string, port: number): Promise<CommandError> {
  const holder = await findPortHolder(port);
  const by = holder === undefined ? ` (\`${portHolderCommand(port)}\` shows the process)` : ` by ${holder}`;
  return new CommandError(
    `Port ${port} on ${host} is taken${by}. Stop that one or choose another port; --port 0 takes any free one.`,
    EXIT.usage,
  );
}

function describeBindError(code: string | undefined, host: string, port: number): CommandError | undefined {
  switch (code) {
    case "EACCES":
      return new CommandError(`You may not listen on port ${port}. Choose one above 1023.`, EXIT.usage);
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return new CommandError(`${host} is not an address of this machine. Choose another with --host.`, EXIT.usage);
    case "EINVAL":
    case "EAFNOSUPPORT":
      return new CommandError(
        `This machine cannot listen on ${host} (${code}). Choose another address with --host.`,
        EXIT.usage,
      );
    default:
      return undefined;
  }
}
