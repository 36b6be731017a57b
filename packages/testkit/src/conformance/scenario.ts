import type { Transcript } from "../transcript/transcript.ts";
import type { Connection } from "./connection.ts";
import type { Habit } from "./habits.ts";
import type { Inbox } from "./inbox.ts";

/**
 * The form in which our side's messages travel over a WebSocket:
 *
 * - `"fragments"`: each message in several frames, with a ping between them. Frames end within
 *   characters, and the last one is empty.
 * - `"bytes"`: each byte in a packet of its own, handshake included. Only to servers.
 */
export type Delivery = "fragments" | "bytes";

/**
 * A scenario of a conformance run: a recorded transcript, or one that the kit makes. The optional
 * members are for scenarios that recordings can't express.
 */
export interface Scenario extends Transcript {
  /** Default: a frame for each message. */
  readonly delivery?: Delivery | undefined;
  /** Plays our side in place of the transcript's lines. */
  readonly perform?: Performer | undefined;
  /** True if the server must take new connections after the scenario. */
  readonly survives?: boolean | undefined;
}

/** Scenarios, as `loadScenarios` returns them, or as a list. They run in their order. */
export type Scenarios = ReadonlyMap<string, Scenario> | readonly Scenario[];

/**
 * Plays our side of a scenario.
 *
 * @throws ConformanceError if the peer misbehaves
 */
export type Performer = (stage: Stage) => Promise<void>;

/** The surroundings of a {@link Performer}. */
export interface Stage {
  /** Milliseconds that the peer has for a message. */
  readonly timeout: number;
  /** The peer's messages. */
  readonly inbox: Inbox;
  /** Sends messages. */
  say(...messages: readonly unknown[]): void;
  /**
   * Hands the peer's messages to `handle` before they reach the inbox. Those for which it returns
   * true don't reach it, and no report contains them.
   */
  intercept(handle: (message: readonly unknown[], text: string) => boolean): void;
}

/** A player of one side of a scenario, with a live peer on the other side. */
export interface ScenarioPlayer {
  readonly inbox: Inbox;
  /** The peer's habits that made a difference. */
  readonly habits: Set<Habit>;
  /** @throws ConformanceError if the peer deviates from its part */
  play(connection: Connection): Promise<void>;
  /** Checks the peer's part in an exchange that is over, such as a batch. */
  checkAll(): Promise<void>;
  /**
   * Listens for a while after the scenario. Nothing else may come.
   *
   * @param time milliseconds
   */
  linger(time: number): Promise<void>;
}
