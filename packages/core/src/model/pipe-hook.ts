import { type ErrorHook, StubHook } from "./hook.ts";

/** A stream's writing end. The peer learns of its failure even if it writes nothing. */
export interface Watched {
  onFailure: ((error: unknown) => void) | undefined;
}

/** A pipe that the peer made, as the reference to its writing end that a session holds for it. */
export abstract class PipeHook extends StubHook implements Watched {
  /** Called if the reading end is gone while no call is under way that could report it. */
  onFailure: ((error: unknown) => void) | undefined;

  override get isWriter(): boolean {
    return true;
  }

  /** Takes the reading end; `undefined` if it was claimed before. */
  abstract claim(): ReadableStream | undefined;

  /**
   * True if something other than the export refers to the writing end. A peer may give away a stub
   * of it.
   */
  abstract get isHeld(): boolean;

  /** Sets the callback for when nothing refers to the writing end any more. */
  abstract set onGone(callback: () => void);

  /** Notes that the peer can't write any more, whatever else refers to the writing end. */
  abstract abandon(failure: ErrorHook): void;
}
