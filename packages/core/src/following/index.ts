/**
 * Stubs whose target changes, for libraries that replace lost connections, such as
 * `@capnweb/reconnect`.
 *
 * @packageDocumentation
 */
import "../symbol-dispose.ts";

export { currentAttempt, type RepeatableAttempt } from "./attempts.ts";
export { FollowedSession } from "./followed-session.ts";
export type { Execution, FollowingPolicy, WaitingCall } from "./followed-source.ts";
export { Following } from "./following.ts";
export type { FrameCounts, LossError } from "./session-calls.ts";
export { Spread } from "./spread.ts";
export type { Choice } from "./spread-target.ts";
