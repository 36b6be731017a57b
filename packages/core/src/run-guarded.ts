/**
 * Runs an application's callback from which nobody can catch. What it throws becomes an unhandled
 * rejection, the way an event listener's exception is reported: seen, but not in anybody's way.
 */
export function runGuarded(callback: () => unknown): void {
  try {
    callback();
  } catch (error) {
    Promise.reject(error);
  }
}
