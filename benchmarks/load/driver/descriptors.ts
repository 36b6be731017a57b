/** More sessions than this machine has file descriptors for. */
export class DescriptorLimitError extends Error {
  readonly code = "DESCRIPTOR_LIMIT";

  /**
   * @param sessions the sessions that were asked for
   * @param needed the descriptors of the process with the most sessions
   * @param limit the limit of a process here
   */
  constructor(sessions: number, needed: number, limit: number) {
    super(
      `${sessions} sessions need ${needed} file descriptors in the server, and a process here may ` +
        `have ${limit}. Raise the limit with "ulimit -n ${needed}" (as root, or with a higher hard ` +
        `limit in /etc/security/limits.conf), or pass "--sessions ${Math.max(1, limit - SPARE)}".`,
    );
  }
}

/** Descriptors for everything else: files, pipes, connections of the scenario "connects". */
const SPARE = 1_000;

/**
 * Checks that the server can have so many sessions. Each takes one descriptor at either end.
 *
 * @param limit the descriptors that a process may have. Default: the limit of this process
 * @throws DescriptorLimitError if they are too few
 */
export function checkDescriptors(sessions: number, limit = descriptorLimit()): void {
  const needed = sessions + SPARE;
  if (needed > limit) throw new DescriptorLimitError(sessions, needed, limit);
}

/** The limit of this process and its children. Node raises the soft limit to the hard one. */
function descriptorLimit(): number {
  // Windows has no limit.
  const { userLimits } = process.report.getReport() as {
    userLimits?: { open_files?: { soft: number | "unlimited" } };
  };
  const soft = userLimits?.open_files?.soft;
  return typeof soft === "number" ? soft : Number.POSITIVE_INFINITY;
}
