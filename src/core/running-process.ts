import { readdirSync, readFileSync } from "node:fs";
import { errorCode } from "./errors.ts";

/**
 * Whether a process of this machine runs, of any user. One that has ended counts as ended also while its parent has not
 * read its exit code: a shell that was replaced by another program, or process 1 of a container, may never do that.
 */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it runs for another user.
    if (errorCode(error) !== "EPERM") return false;
  }
  return !isZombie(pid);
}

/**
 * Whether a process of a group runs. Those that have ended do not count, as with `isRunning`: process 1 of a container
 * is the parent of all that a command leaves behind, and Node does not wait for children that it has not started.
 */
export function isGroupRunning(group: number): boolean {
  try {
    process.kill(-group, 0);
  } catch {
    return false;
  }
  if (process.platform !== "linux") return true;
  const processes = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return processes.some((pid) => {
    const status = statusOf(pid);
    return status?.group === group && !status.hasEnded;
  });
}

function isZombie(pid: number): boolean {
  return statusOf(pid)?.hasEnded ?? false;
}

/** What Linux shows of a process in a file; `undefined` when there is none. */
function statusOf(pid: number | string): { group: number; hasEnded: boolean } | undefined {
  if (process.platform !== "linux") return undefined;
  try {
    const status = readFileSync(`/proc/${pid}/stat`, "utf8");
    // `PID (NAME) STATE PARENT GROUP ...`, where the name may contain parentheses.
    const [state = "", , group] = status.slice(status.lastIndexOf(")") + 2).split(" ");
    return { group: Number(group), hasEnded: state === "Z" || state === "X" };
  } catch {
    return undefined;
  }
}
