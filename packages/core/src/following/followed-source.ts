import type { StubHook } from "../model/hook.ts";

/**
 * The execution of a call that failed because its connection was lost:
 *
 * - `"never"`: it provably didn't reach the peer's session
 * - `"maybe"`: it may have run, wholly or in part
 */
export type Execution = "never" | "maybe";

/** A call that waits for a session. */
export interface WaitingCall {
  /** Gives the call up. Its promise rejects with `reason`. */
  fail(reason: unknown): void;
}

/** The decisions of a library that follows sessions. */
export interface FollowingPolicy {
  /** True if all calls may run twice; `undefined` if their own options decide. */
  readonly isIdempotent?: boolean | undefined;
  /**
   * Called when a call has to wait.
   *
   * @throws the error that the call fails with instead
   */
  waits(call: WaitingCall): void;
  /** Called when a call doesn't wait any more, because it is made or has failed. */
  left(call: WaitingCall): void;
  /** The error for an operation that can't wait for a session, such as a write to a stream. */
  absence(): unknown;
  /** True if a call that may have run may be made once more, which is counted. */
  mayRepeat(): boolean;
}

/** A call that is made on one session, and perhaps again on the next. */
export interface RepeatableCall extends WaitingCall {
  /** The place among all calls, in the order in which they were first made. */
  readonly order: number;
  /** True if the call doesn't have to be made any more. */
  readonly isOver: boolean;
  /** The policy that lets the call wait, while it waits. */
  waitsFor: FollowingPolicy | undefined;
  /** Makes the call on `target`, which belongs to `session`, if to any. */
  make(target: StubHook, session: CallsOfSession | undefined): void;
  /** Notes that the call has left. */
  left(): void;
  /** Notes that the session was lost before the call left. */
  lost(): void;
}

/** The calls of one session, as followed calls see them. */
export interface CallsOfSession {
  /** The place among all sessions, in the order in which they began. */
  readonly number: number;
  readonly isOver: boolean;
  /** The failure of calls that never left, once the session is over. */
  readonly failure: unknown;
  /** The failure of calls that may have run, once the session is over. */
  readonly interrupted: unknown;
  /** A number that grows whenever messages leave. */
  readonly leftSoFar: number;
  /** Notes a call that is still to leave. */
  unsent(call: RepeatableCall): void;
  /** The execution of a call that failed with `error`; `undefined` for errors of the peer. */
  executionOf(error: unknown): Execution | undefined;
  /** Notes that a result is waited for. */
  awaits(): void;
  /** Notes that a result that was waited for is there, or was given up. */
  settled(): void;
}

/** Something that operations are made on. */
export interface FollowedSource {
  readonly policy: FollowingPolicy;
  /** The error for an operation that can't wait for a target. */
  readonly absence: unknown;
  /** Makes a call, now or later. */
  submit(call: RepeatableCall): void;
  /** True if a call that was lost can be made again. */
  readonly canSubmit: boolean;
  /** Notes that the result of an operation on this is waited for. */
  need(): void;
  /** Notes that the result is there, or isn't waited for any more. */
  unneed(): void;
}
