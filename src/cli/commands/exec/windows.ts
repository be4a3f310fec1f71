import { execFile } from "node:child_process";

/** What `cmd.exe` takes for more than a character, also within quotation marks. */
const SPECIAL = /[()\][%!^"`<>&|;, *?]/g;

/**
 * How Windows starts a command: by its shell, because npm's commands are scripts that only the shell executes. Node's own
 * option `shell` joins the parameters with blanks, so that one with a blank becomes two.
 * @returns the arguments of `cmd.exe`, for `windowsVerbatimArguments`
 */
export function shellArguments([command, ...parameters]: readonly [string, ...string[]]): string[] {
  const words = [command.replaceAll("/", "\\"), ...parameters.map(quote)];
  return ["/d", "/s", "/c", `"${words.map((word) => word.replaceAll(SPECIAL, "^$&")).join(" ")}"`];
}

/** Writes a parameter as programs read it: backslashes count only before a quotation mark. */
function quote(parameter: string): string {
  return `"${parameter.replaceAll(/(\\*)"/g, '$1$1\\"').replace(/\\+$/, "$&$&")}"`;
}

/** Ends a process and all that it has started, which Windows does only by a program of its own. */
export function killTree(pid: number): void {
  // It fails when they have ended.
  execFile("taskkill", ["/pid", String(pid), "/t", "/f"], () => {});
}
