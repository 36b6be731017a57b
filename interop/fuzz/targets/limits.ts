/** Limits so low that ordinary sequences reach each of them. */
export const SMALL_LIMITS = {
  maxMessageSize: 2_000,
  maxFrameSize: 4_000,
  maxDepth: 12,
  maxBigIntDigits: 30,
  maxValues: 60,
  maxWork: 100,
  maxExports: 12,
  maxImports: 8,
  maxPendingCalls: 6,
  maxPipes: 2,
  maxHeldBytes: 20_000,
};
