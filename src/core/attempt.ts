/**
 * Runs work that must not stop what comes after it: the next task, a listener, a socket's event.
 * @param onError called with what `work` throws
 */
export function attempt(work: () => void, onError: (error: unknown) => void): void {
  try {
    work();
  } catch (error) {
    onError(error);
  }
}
