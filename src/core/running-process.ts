import { readFileSync } from "node:fs";

/**
 * Whether a process of this machine runs, of any user. One that has ended counts as ended also while its parent has not
 * read its exit code: a shell that was replaced by another program, or process 1 of a container, may never do that.
 */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it runs for another user.
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  return !isZombie(pid);
}

/** Only Linux shows the state of a process in a file. */
function isZombie(pid: number): boolean {
  if (process.platform !== "linux") return false;
  try {
    // `PID (NAME) STATE ...`, where the name may contain parentheses.
    return /^.*\) [ZX] /s.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}
