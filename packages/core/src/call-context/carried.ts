import type { CallMetadata } from "./call-context.ts";

/** A context in the form in which it travels. */
export interface ContextExpression {
  readonly traceparent?: string;
  readonly tracestate?: string;
  /** The remaining milliseconds. */
  readonly deadline?: number;
  readonly metadata?: CallMetadata;
}

/** The part of a context that travels with calls. Immutable, so that calls can share it. */
export class Carried {
  /** The time on the clock of `performance.now()`; `Infinity` for none. */
  readonly deadline: number;
  /** The metadata, frozen. */
  readonly metadata: CallMetadata | undefined;
  readonly traceparent: string | undefined;
  readonly tracestate: string | undefined;
  /** About the memory that it takes, where a peer sent it. */
  readonly bytes: number;

  constructor(
    deadline: number,
    metadata: CallMetadata | undefined,
    traceparent: string | undefined,
    tracestate: string | undefined,
    bytes = 0,
  ) {
    this.deadline = deadline;
    this.metadata = metadata;
    this.traceparent = traceparent;
    this.tracestate = tracestate;
    this.bytes = bytes;
  }

  /** The same context for work that outlives its call, and that no deadline ends. */
  lasting(): Carried {
    if (this.deadline === Infinity) return this;
    return new Carried(Infinity, this.metadata, this.traceparent, this.tracestate);
  }

  /**
   * True if a peer that knows this context needn't learn `next`: at most, the deadlines differ by
   * less than a millisecond.
   */
  isSame(next: Carried): boolean {
    return (
      (this.deadline === next.deadline || Math.abs(this.deadline - next.deadline) < 1) &&
      this.metadata === next.metadata &&
      this.traceparent === next.traceparent &&
      this.tracestate === next.tracestate
    );
  }

  /** The context in the form in which it travels now. */
  expression(): ContextExpression {
    const { deadline, metadata, traceparent, tracestate } = this;
    return {
      ...(traceparent !== undefined && { traceparent }),
      ...(tracestate !== undefined && { tracestate }),
      ...(deadline !== Infinity && { deadline: millisecondsLeft(deadline) }),
      ...(metadata && { metadata }),
    };
  }
}

/** The whole milliseconds until a time on the clock of `performance.now()`. */
function millisecondsLeft(deadline: number): number {
  return Math.max(0, Math.ceil(deadline - performance.now()));
}
