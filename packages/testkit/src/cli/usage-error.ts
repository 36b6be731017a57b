/** The program was called with unknown options or invalid values. */
export class UsageError extends Error {}
