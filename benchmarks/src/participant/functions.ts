import type { Link } from "../contestants/contestant.ts";
import type { ContestantName } from "../contestants/index.ts";

/** A measurement of time. */
export interface Timing {
  readonly runs: number;
  readonly nanoseconds: number;
}

/** What went over a connection, as an endpoint sees it. */
export interface Traffic {
  /**
   * Protocol messages. A frame holds one or, where a protocol joins them with newlines, several.
   */
  readonly messages: number;
  readonly frames: number;
  /** What the messages hold; neither newlines that join them nor what WebSockets add to a frame. */
  readonly bytes: number;
}

/** What a process that takes part in a measurement does when asked; a process is one end. */
export interface ParticipantFunctions {
  /** Starts a server. Gives its port. */
  serve(contestant: ContestantName, link: Link): Promise<number>;
  /**
   * Connects a client, the one that cases are run with.
   *
   * @param counting whether to go through a relay, so that {@link countTraffic} can be asked
   */
  connect(
    contestant: ContestantName,
    link: Link,
    port: number,
    options?: { counting?: boolean },
  ): Promise<void>;
  /**
   * Runs a timed case once and compares what it gives. @throws Error if it isn't what's expected
   */
  verify(caseName: string): Promise<void>;
  /** Runs a timed case until so much time is over, and at least once. */
  time(caseName: string, milliseconds: number): Promise<Timing>;
  /** Runs a case of growth at a size until so much time is over, and at least once. */
  grow(caseName: string, size: number, milliseconds: number): Promise<Timing>;
  /** Makes what a heap case doesn't count. */
  prepare(caseName: string, count: number): Promise<void>;
  /** Has a heap case hold so many. */
  hold(caseName: string, count: number): Promise<void>;
  /** Releases what {@link hold} made. */
  release(): Promise<void>;
  /** Nanoseconds that this process has kept processors busy for, on all threads. */
  processorTime(): Promise<number>;
  /** Bytes of memory in use after a garbage collection. */
  memory(): Promise<number>;
  /** Runs a case of traffic once. Gives what went over the wire until it was quiet. */
  countTraffic(caseName: string): Promise<Traffic>;
}
