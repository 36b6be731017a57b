import type { Side } from "../recording/entry.ts";

/** A failure, as people read it. */
export interface Failure {
  readonly name: string;
  readonly message: string;
}

/** A hint that a call could have left earlier. */
export interface Waste {
  /** The call whose answer was awaited first. */
  readonly of: Call;
  /** Milliseconds from that answer to this call, as the recorder saw them. */
  readonly gap: number;
  /** The part of the answer that the call used. */
  readonly uses: "capability" | "value";
}

/** An operation of one side on an object of the other. */
export interface Call {
  /** A number that no other call of the recording has. */
  readonly key: number;
  readonly session: number;
  /** The side that made the call. */
  readonly by: Side;
  /** The id of its result. */
  readonly id: number;
  readonly kind: "call" | "get" | "map" | "value";
  readonly name: string;
  /** The call's arguments, written for people. */
  readonly args: string;
  /** True if it left as `stream`: its result was asked for from the start. */
  readonly isStreamed: boolean;
  /** The number of the round trip in which it left, counted for each side of a session. */
  readonly trip: number;
  /** Milliseconds since 1970. */
  readonly sentAt: number;
  /** The calls of the same side whose results it uses before they arrived. */
  waitsFor: readonly Call[];
  /** The capability that it was made on, if that isn't the main object or a result. */
  on: Capability | undefined;
  pulledAt: number | undefined;
  answeredAt: number | undefined;
  releasedAt: number | undefined;
  /** The time of a failure that its caller didn't learn of. */
  failedAt: number | undefined;
  /**
   * - `open`: no answer yet
   * - `dropped`: its result was given up without an answer
   * - `lost`: the session ended before an answer
   */
  state: "open" | "resolved" | "rejected" | "dropped" | "lost";
  /** The result, written for people. */
  result: string | undefined;
  failure: Failure | undefined;
  waste: Waste | undefined;
  /** The class of the object, if the process that has it told. */
  target: string | undefined;
  /** The stack at the call, if the process that made it told. */
  stack: string | undefined;
  /** The number of calls that use its result before it arrived. */
  pipelined: number;
}

/** A capability of one side that the other one holds. */
export interface Capability {
  readonly key: number;
  readonly session: number;
  /** The side that has the object. The other one holds it. */
  readonly owner: Side;
  readonly id: number;
  readonly kind: "main" | "stub" | "promise" | "writer" | "result";
  /** The call in whose arguments or answer it was handed over first. */
  readonly from: Call | undefined;
  /** The part of that call. */
  readonly how: "argument" | "answer" | "start";
  readonly since: number;
  /** The references that the holder has to it. */
  count: number;
  releasedAt: number | undefined;
  usedAt: number | undefined;
  uses: number;
  /** The class of the object, if that is known. */
  label: string | undefined;
  /** The stack at its creation, if that is known. */
  stack: string | undefined;
}

/** A stream through a session. */
export interface Stream {
  readonly key: number;
  readonly session: number;
  /** The side that writes. */
  readonly by: Side;
  readonly id: number;
  readonly openedAt: number;
  chunks: number;
  /** UTF-16 code units of the messages with chunks, and bytes beside them. */
  size: number;
  /** Chunks that the reader hasn't taken, and their size. */
  waiting: number;
  waitingSize: number;
  /** The largest `waitingSize` so far: the window that the writer used. */
  window: number;
  lastAt: number;
  endedAt: number | undefined;
  state: "open" | "closed" | "failed" | "lost";
}

/** A message. */
export interface Message {
  readonly index: number;
  readonly session: number;
  readonly from: Side;
  readonly at: number;
  /** The text, or its beginning. */
  readonly text: string;
  /** UTF-16 code units of the text, and the bytes beside it. */
  readonly size: number;
  readonly bytes: number;
  readonly tag: string;
  /** The call that it makes, asks for, answers or gives up. */
  readonly call: Call | undefined;
  readonly stream: Stream | undefined;
  /** The id in the message, if it has one. */
  readonly id: number | undefined;
  /** The reason why it couldn't be read. */
  readonly problem: string | undefined;
}

/** An error of a recording. */
export interface Problem {
  readonly key: number;
  readonly session: number;
  readonly at: number;
  readonly kind: "call" | "session" | "message";
  readonly failure: Failure;
  readonly call: Call | undefined;
}

/** A session of a recording. */
export interface SessionInfo {
  readonly session: number;
  readonly label: string;
  readonly recordedBy: Side | undefined;
  readonly hasNotes: boolean;
  readonly medium: string | undefined;
  readonly address: string | undefined;
  readonly identity: string | undefined;
  readonly openedAt: number;
  closedAt: number | undefined;
  reason: string | undefined;
  messages: number;
  size: number;
  calls: number;
  /** The extensions that each side announced. */
  readonly features: Partial<Record<Side, readonly string[]>>;
}
