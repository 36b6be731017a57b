/** Attacks can't be made: on this host, or because no server answers. */
export class AttackError extends Error {
  /** `NOT_YOUR_HOST` or `NO_SERVER`. */
  readonly code: "NOT_YOUR_HOST" | "NO_SERVER";

  constructor(code: AttackError["code"], message: string) {
    super(message);
    this.code = code;
    this.name = "AttackError";
  }
}
