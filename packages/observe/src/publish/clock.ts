/**
 * The clock of the events' times. The global name is an accessor in Node, which each use would run
 * again.
 */
export const clock: { now(): number } = performance;
