/** A call that a message has made. */
export interface ToldCall {
  readonly id: number;
  /** The path, such as `users.list`. */
  readonly method: string;
  /** The time of the message, by the clock of `performance.now()`. */
  readonly at: number;
  /** True if the answer releases the result. */
  readonly isReleased: boolean;
}
