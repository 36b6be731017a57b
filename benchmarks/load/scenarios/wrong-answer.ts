/** An answer of the server under load that isn't the expected one. */
export class WrongAnswerError extends Error {
  readonly code = "WRONG_ANSWER";

  /** @param what the method, or the operation */
  constructor(what: string) {
    super(`The answer of ${what} is wrong.`);
  }
}
