import type { CloseMedium } from "@capnweb/core/server";

/**
 * Closes a medium by the application's function, which may throw, and otherwise by this package's.
 *
 * @param report receives the error of the application's function
 */
export function closingBy(
  byUser: CloseMedium | undefined,
  byHost: CloseMedium,
  report: (error: unknown) => void,
): CloseMedium {
  if (!byUser) return byHost;
  return (cause, reason) => {
    try {
      byUser(cause, reason);
    } catch (error) {
      report(error);
      byHost(cause, reason);
    }
  };
}
