/**
 * Runs work whose error must not stop the caller: the next task, a listener, a socket event.
 * @param onError called with what `work` throws
 */
export function attempt(work: () => void, onError: (error: unknown) => void): void {
  try {
    work();
  } catch (error) {
    onError(error);
  }
}
