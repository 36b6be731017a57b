/**
 * The state of a connection:
 *
 * - `"connecting"`: it has not been open yet
 * - `"open"`: there is a session, whose peer has answered
 * - `"interrupted"`: the session was lost, and attempts to connect go on
 * - `"closed"`: it is over for good
 */
export type ConnectionState = "connecting" | "open" | "interrupted" | "closed";

/**
 * The end of an outage:
 *
 * - `"resumed"`: the session goes on, and nothing was lost
 * - `"restored"`: there is a new session, on which kept stubs are derived again
 * - `"closed"`: the connection was closed
 */
export type Outcome = "resumed" | "restored" | "closed";

/** The details of a change of state. */
export interface StateChange {
  /** The new state. */
  readonly state: ConnectionState;
  /** The end of the outage, if this change ends one. */
  readonly outcome?: Outcome | undefined;
  /** The name of the session, which is another one after each restore. Random. */
  readonly epoch?: string | undefined;
  /** The reason for a state other than `"open"`. */
  readonly error?: unknown;
}

/** The event `statechange` of a connection. */
export class ConnectionStateEvent extends Event implements StateChange {
  readonly state: ConnectionState;
  readonly outcome: Outcome | undefined;
  readonly epoch: string | undefined;
  readonly error: unknown;

  constructor({ state, outcome, epoch, error }: StateChange) {
    super("statechange");
    this.state = state;
    this.outcome = outcome;
    this.epoch = epoch;
    this.error = error;
  }
}
