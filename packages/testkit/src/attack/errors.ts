import { explain } from "@capnweb/wire/coded";

/** The attacks can't be made: the host isn't this machine, or no server answers. */
export class AttackError extends Error {
  /** The stable code: `NOT_YOUR_HOST` or `NO_SERVER`. */
  readonly code: "NOT_YOUR_HOST" | "NO_SERVER";

  /** @param code the stable code */
  constructor(code: AttackError["code"], message: string) {
    super(message);
    this.code = code;
    this.name = "AttackError";
    explain(this);
  }
}
