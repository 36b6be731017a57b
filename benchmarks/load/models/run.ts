import type { Arrivals } from "./arrivals.ts";
import type { Clock } from "./clock.ts";
import type { Operation } from "./flights.ts";
import type { Random } from "./random.ts";

/** Operations start by a schedule, whatever the server does. */
export interface OpenModel {
  readonly model: "open";
  /** Operations per second, over all sessions. */
  readonly rate: number;
  readonly arrivals: Arrivals;
}

/** Each session has a user, who starts an operation, awaits its end, and thinks. */
export interface ClosedModel {
  readonly model: "closed";
  /** Milliseconds from an end to the user's next start, on average. */
  readonly think: number;
}

export type Model = OpenModel | ClosedModel;

/** The surroundings of a run of a model. */
export interface Setting {
  readonly seconds: number;
  /** The number of sessions. */
  readonly sessions: number;
  /** Begins an operation on a session. */
  begin(session: number): Operation;
  readonly clock: Clock;
  readonly random: Random;
}
