import type { Link } from "../contestants/contestant.ts";
import type { ContestantName } from "../contestants/index.ts";

/** A measurement of time. */
export interface Timing {
  readonly runs: number;
  readonly nanoseconds: number;
}

/** The traffic of a connection, as an endpoint sees it. */
export interface Traffic {
  /** Protocol messages. A frame holds one, or several if a protocol joins them with newlines. */
  readonly messages: number;
  readonly frames: number;
  /**
   * The bytes of the messages, without the newlines that join them or the overhead of WebSockets.
   */
  readonly bytes: number;
}

/** The functions of a process that takes part in a measurement. A process is one end. */
export interface ParticipantFunctions {
  /** Starts a server, and returns its port. */
  serve(contestant: ContestantName, link: Link): Promise<number>;
  /**
   * Connects the client that cases run with.
   *
   * @param counting whether to go through a relay, which {@link countTraffic} needs
   */
  connect(
    contestant: ContestantName,
    link: Link,
    port: number,
    options?: { counting?: boolean },
  ): Promise<void>;
  /**
   * Runs a timed case once, and compares its result.
   *
   * @throws Error for an unexpected result
   */
  verify(caseName: string): Promise<void>;
  /** Runs a timed case for a time, and at least once. */
  time(caseName: string, milliseconds: number): Promise<Timing>;
  /** Runs a growth case at a size for a time, and at least once. */
  grow(caseName: string, size: number, milliseconds: number): Promise<Timing>;
  /** Makes the objects that a heap case doesn't count. */
  prepare(caseName: string, count: number): Promise<void>;
  /** Makes a heap case hold `count` objects. */
  hold(caseName: string, count: number): Promise<void>;
  /** Releases the objects that {@link hold} made. */
  release(): Promise<void>;
  /** Nanoseconds for which this process has kept processors busy, on all threads. */
  processorTime(): Promise<number>;
  /** Bytes of memory in use after a garbage collection. */
  memory(): Promise<number>;
  /** Collects garbage, and lets the stubs that it frees be released. */
  collect(): Promise<void>;
  /** Runs a traffic case once, and returns the traffic up to the moment when it was quiet. */
  countTraffic(caseName: string): Promise<Traffic>;
}
